import Reporting

extension Plot {
    /// f and f′ beside those of functions that everybody knows.
    static func curves(of source: String, named name: String) -> Plot? {
        guard let ours = FunctionCurves(source, on: -5...5, points: 401) else { return nil }
        let others = known.compactMap { other in
            FunctionCurves(other.source, on: -5...5, points: 401).map { (other.name, $0) }
        }
        var plot = Plot(
            name: "curves", title: "\(name) and its slope",
            words: "Left: \(name) beside \(known.map(\.name).joined(separator: " and ")), x from -5 to 5. "
                + "Right: their derivatives. " + spoken(ours))
        let all = [ours] + others.map(\.1)
        plot.give(
            "curves",
            ours.x.indices.map { place in
                [ours.x[place]] + all.map { $0.f[place] } + all.map { $0.slope[place] }
            })
        plot.say("set multiplot layout 1,2")
        plot.say("set xlabel 'x' textcolor \(Ink.axis.colour)")
        plot.say("set xrange [-5:5]")
        plot.say("set key top left")
        let inks: [Ink] = [.ours, .reference, .other]
        let names = [name] + others.map(\.0)
        for (panel, label) in ["f", "f′"].enumerated() {
            let values = all.flatMap { panel == 0 ? $0.f : $0.slope }.filter(\.isFinite)
            let (low, high) = (max(-6, values.min() ?? -1), min(6, values.max() ?? 1))
            plot.say("set title '\(label)' textcolor \(Ink.axis.colour)")
            plot.say("set yrange [\(low - 0.1):\(high + 0.1)]")
            let parts = all.indices.reversed().map { curve in
                "$curves using 1:\(2 + panel * all.count + curve) with lines linewidth \(curve == 0 ? 2.5 : 1.5) "
                    + "linecolor \(inks[curve].colour)\(curve == 0 ? "" : " dashtype \(curve == 1 ? 2 : 3)") "
                    + (panel == 0 ? "title '\(names[curve])'" : "notitle")
            }
            plot.say("plot " + parts.joined(separator: ", "))
        }
        plot.say("unset multiplot")
        return plot
    }

    private static let known = [
        (name: "GELU", source: "float activation(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678f)); }"),
        (name: "ReLU", source: "float activation(float x) { return fmaxf(x, 0.0f); }"),
    ]

    /// A few values.
    private static func spoken(_ curve: FunctionCurves) -> String {
        let places = [0, 100, 160, 200, 240, 300, 400].filter { $0 < curve.x.count }
        return places.map { "f(\(Figures.plain(curve.x[$0]))) = \(Figures.loss(curve.f[$0]))" }.joined(separator: ", ")
            + "."
    }
}
