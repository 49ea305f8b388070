import Reporting

extension Plot {
    /// f and f′ beside those of functions that everybody knows: two pictures, side by side where there is room.
    ///
    /// - Returns: none of a text that is no function of one element.
    static func curves(of source: String, named name: String) -> [Plot] {
        guard let ours = FunctionCurves(source, on: -5...5, points: 401) else { return [] }
        let others = known.compactMap { other in
            FunctionCurves(other.source, on: -5...5, points: 401).map { (name: other.name, curve: $0) }
        }
        let names = others.map(\.name).joined(separator: " and ")
        var function = Plot(
            name: "curve", title: name, words: "\(name) beside \(names), x from −5 to 5. " + spoken(ours.x, ours.f, "f")
        )
        function.draw(ours.x, [ours.f] + others.map(\.curve.f), title: "f(x)")
        function.keys = [Key(.line, .ours, name)]
        var slope = Plot(
            name: "slope", title: "The slope of \(name)",
            words: "The derivative of \(name) beside those of \(names), x from −5 to 5. "
                + spoken(ours.x, ours.slope, "slope"))
        slope.draw(ours.x, [ours.slope] + others.map(\.curve.slope), title: "slope of f")
        slope.keys = zip(others, [(Key.Shape.dashed, Ink.reference), (.dotted, .other)]).map {
            Key($1.0, $1.1, $0.name)
        }
        return [function, slope]
    }

    /// - Parameter curves: ours first.
    private mutating func draw(_ x: [Double], _ curves: [[Double]], title: String) {
        (width, height) = (460, 340)
        give("curves", x.indices.map { place in [x[place]] + curves.map { $0[place] } })
        let values = curves.joined().filter(\.isFinite)
        let (low, high) = (values.min() ?? -1, values.max() ?? 1)
        if low < -Self.most || high > Self.most { caption = "Cut off at ±\(Int(Self.most))." }
        say("set title '\(title)' textcolor \(Ink.axis.colour) offset 0,-0.6")
        say("set tmargin 1.6")
        say("set xlabel 'x' textcolor \(Ink.axis.colour) offset 0,0.4")
        say("set xrange [-5:5]")
        say("set yrange [\(max(-Self.most, low) - 0.1):\(min(Self.most, high) + 0.1)]")
        let inks: [Ink] = [.ours, .reference, .other]
        let parts = curves.indices.reversed().map { curve in
            "$curves using 1:\(2 + curve) with lines linewidth \(curve == 0 ? 2.5 : 1.5) "
                + "linecolor \(inks[curve].colour)\(curve == 0 ? "" : " dashtype \(curve == 1 ? 2 : 3)")"
        }
        say("plot " + parts.joined(separator: ", "))
    }

    /// Larger values are cut off.
    private static let most = 6.0

    private static let known = [
        (name: "GELU", source: "float activation(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678f)); }"),
        (name: "ReLU", source: "float activation(float x) { return fmaxf(x, 0.0f); }"),
    ]

    /// A few values.
    private static func spoken(_ x: [Double], _ values: [Double], _ name: String) -> String {
        let places = [0, 100, 160, 200, 240, 300, 400].filter { $0 < x.count }
        let texts = places.map { "\(name)(\(Figures.plain(x[$0]))) = \(Figures.loss(values[$0]))".typeset }
        return texts.joined(separator: ", ") + "."
    }
}
