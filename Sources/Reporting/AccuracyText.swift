import EvolveTypes

/// Shares of examples whose class is found, beside GELU's, in percent.
package enum AccuracyText {
    package static func lines(_ accuracy: AccuracyPair) -> [String] {
        var columns = Columns([.left, .right, .right])
        columns.add(["", "it", "GELU"])
        let figures: [(String, (Accuracy) -> Double?)] = [
            ("  in distribution", { $0.inDistribution }), ("  out of distribution", { $0.outOfDistribution }),
            ("  head classes", { $0.head }), ("  middle classes", { $0.middle }), ("  tail classes", { $0.tail }),
        ]
        for (name, figure) in figures {
            guard let own = figure(accuracy.candidate), let other = figure(accuracy.reference) else { continue }
            columns.add([name, Figures.share(own), Figures.share(other)])
        }
        return columns.lines
    }
}
