/// f and f′ on [−6, 6], for the terminal.
struct CardPicture: Sendable {
    private let curves: FunctionCurves

    /// Nil of a text that is no function of one element.
    init?(_ source: String) {
        guard let curves = FunctionCurves(source, on: -6...6, points: 481) else { return nil }
        self.curves = curves
    }

    var lines: [String] {
        ["f (full) and f′ (dotted)"] + TerminalPlot.lines([curves.f, curves.slope], labels: ("-6", "6"))
    }
}
