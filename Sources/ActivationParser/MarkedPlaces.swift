/// What the parser knows of a place and only the checker can judge.
struct MarkedPlaces {
    /// A function that is read past: `main`, one without a result, one with pointers. An error only if it is needed.
    struct LeftOut {
        var name: String
        var position: SourcePosition
        var message: String
    }

    var leftOut: [LeftOut] = []
    /// Of `++` and `--` inside an expression: their operand must be int.
    var counters: Set<SourcePosition> = []
    /// Of `switch`: the comparisons made of its cases.
    var switches: Set<SourcePosition> = []
    /// Of parameters whose type was refused.
    var parameters: Set<SourcePosition> = []
}
