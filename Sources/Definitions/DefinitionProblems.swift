import EvolveTypes
import Yams

/// What is wrong with one file, gathered while it is read.
final class DefinitionProblems {
    /// The name people know the file by.
    let file: String
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    /// - Parameters: 1-based `line` and `column`.
    func report(line: Int, column: Int, _ message: String) {
        diagnostics.append(Diagnostic(line: line, column: column, message))
    }

    func report(at mark: Mark?, _ message: String) {
        report(line: mark?.line ?? 1, column: mark?.column ?? 1, message)
    }

    /// One line per problem, in the order of the text.
    func throwIfAny() throws {
        guard !diagnostics.isEmpty else { return }
        let lines = diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            .map { "\(file):\($0.line):\($0.column): \($0.message)" }
        throw Failure(.badInput, lines.joined(separator: "\n"))
    }
}
