import EvolveTypes

/// Collects the diagnostics of one text: at most one for each place, and a bounded number in all.
struct DiagnosticReport {
    private var entries: [Diagnostic] = []
    private var places: Set<SourcePosition> = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var hasErrors: Bool { entries.contains { $0.severity == .error } }

    /// In the order of the text.
    var sorted: [Diagnostic] { entries.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }

    mutating func error(_ position: SourcePosition, _ message: String) {
        add(Diagnostic(.error, line: position.line, column: position.column, message), at: position)
    }

    mutating func warning(_ position: SourcePosition, _ message: String) {
        add(Diagnostic(.warning, line: position.line, column: position.column, message), at: position)
    }

    private mutating func add(_ diagnostic: Diagnostic, at position: SourcePosition) {
        // The first error must always get in: without it a refused text would have no reason.
        let isFirstError = diagnostic.severity == .error && !hasErrors
        guard isFirstError || entries.count < limit && !places.contains(position) else { return }
        places.insert(position)
        entries.append(diagnostic)
    }
}
