import Foundation

extension FunctionProperties {
    /// For people: what and its value, one pair a line; a name of "" goes on with the one above.
    package var rows: [(String, String)] { shape + propagation }

    private static let range = "on [−10, 10]"

    private var shape: [(String, String)] {
        let zeros = some(zeros.map(Self.number) + flats.map(Self.stretch))
        var rows = [
            ("to −∞", left.words), ("to +∞", right.words),
            ("at 0", "f = \(Self.number(atZero[0])), f′ = \(Self.number(atZero[1]))"),
            ("zeros", "\(zeros), \(Self.range)"),
            ("turns", "\(some(turns.map { "x = \(Self.number($0[0])) (f = \(Self.number($0[1])))" })), \(Self.range)"),
            ("trend", "\(trend == .neither ? "rises and falls" : trend.rawValue) \(Self.range)"),
        ]
        if jumps.isEmpty {
            rows.append(
                (
                    "steepest",
                    "|f′| = \(Self.number(lipschitz[0])) at x = \(Self.number(lipschitz[1])), \(Self.range): the Lipschitz constant is no smaller"
                ))
        } else {
            let places = jumps.map { "x = \(Self.number($0[0])) (from \(Self.number($0[1])) to \(Self.number($0[2])))" }
            rows.append(("jumps", "\(some(places)), \(Self.range): not Lipschitz"))
        }
        return rows
    }

    /// What becomes of standard normal pre-activations.
    private var propagation: [(String, String)] {
        func number(_ value: Double) -> String { Self.signed(String(format: "%.3g", abs(value) < 1e-300 ? 0 : value)) }
        let spread = secondMoment - mean * mean
        var rows = [
            (
                "normal inputs",
                "mean \(number(abs(mean) < 1e-12 ? 0 : mean)), variance \(number(spread)), E f² = \(number(secondMoment)), E f′² = \(number(slopeMoment))"
            )
        ]
        for depth in [2, 4, 8] where depth <= layers.count {
            let layer = layers[depth - 1]
            let mean = abs(layer.mean) < 1e-12 * layer.variance.squareRoot() ? 0 : layer.mean
            rows.append(
                (
                    depth == 2 ? "layers deep" : "",
                    "\(depth): mean \(number(mean)), variance \(number(layer.variance)), gradient² × \(number(layer.slope))"
                ))
        }
        if !layers.isEmpty { rows.append(("", "(weights of variance 1 / fan-in, wide layers, no biases)")) }
        if let keepingGain, let keptSlope {
            rows.append(
                (
                    "kept in size",
                    "by weights of standard deviation \(number(keepingGain)) / √fan-in; then gradient² × \(number(keptSlope)) a layer"
                ))
        }
        return rows
    }

    private func some(_ texts: [String]) -> String {
        texts.isEmpty
            ? "none" : texts.prefix(6).joined(separator: ", ") + (texts.count > 6 ? ", … (\(texts.count))" : "")
    }

    private static func stretch(_ ends: [Double]) -> String {
        switch (ends[0] <= -10, ends[1] >= 10) {
        case (true, true): "everywhere"
        case (true, false): "all x ≤ \(number(ends[1]))"
        case (false, true): "all x ≥ \(number(ends[0]))"
        case (false, false): "\(number(ends[0])) to \(number(ends[1]))"
        }
    }

    static func number(_ value: Double) -> String { abs(value) < 5e-7 ? "0" : signed(Figures.plain(value)) }

    fileprivate static func signed(_ text: String) -> String { text.replacing("-", with: "−") }
}

extension FunctionTail {
    package var words: String {
        func number(_ value: Double) -> String { FunctionProperties.number(value) }
        func line(_ slope: Double, _ offset: Double) -> String {
            // A tail is known to a few digits.
            let slope = abs(slope - slope.rounded()) < 1e-4 ? slope.rounded() : slope
            let short = Double(String(format: "%.4g", offset)) ?? offset
            if slope == 0 { return number(short) }
            let term = slope == 1 ? "x" : slope == -1 ? "−x" : "\(number(slope))·x"
            return term + (abs(short) < 1e-3 ? "" : " \(short < 0 ? "−" : "+") \(number(abs(short)))")
        }
        let (slope, offset) = (slope ?? 0, offset ?? 0)
        switch kind {
        case .limit, .line: return "→ \(line(slope, offset))"
        case .oscillates:
            guard let amplitude else { return "swings, ever wider or about no line" }
            return
                "swings about \(line(slope, (offset * 1e3).rounded() / 1e3)), by \(number(Double(String(format: "%.3g", amplitude)) ?? amplitude)) at most"
        case .power: return "like |x|^\(Figures.plain(((exponent ?? 0) * 100).rounded() / 100))"
        case .logarithm:
            let factor = number(Double(String(format: "%.3g", factor ?? 0)) ?? 0)
            return "like \(["1": "", "−1": "−"][factor] ?? factor + "·")ln |x|"
        case .other: return "neither a limit, a line nor a power"
        }
    }
}
