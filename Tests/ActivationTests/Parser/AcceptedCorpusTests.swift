import ActivationIR
import ActivationParser
import Foundation
import Testing

@Suite struct AcceptedCorpusTests {
    /// Around every edge of the corpus, and between edges.
    static let points: [Double] = [
        -6, -3, -2.5, -2, -1.75, -1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.49999997, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3,
        6.5,
    ]

    @Test("an accepted snippet means what its closure says", arguments: AcceptedSnippet.all)
    func meaning(_ snippet: AcceptedSnippet) throws {
        let result = SourceParser.parse(snippet.source)
        #expect(result.diagnostics.filter { $0.severity == .error } == [])
        let program = try #require(result.program)
        #expect(Verifier.verify(program) == [])
        let values = Interpreter.evaluate(program, inputs: Self.points)[0]
        for (x, value) in zip(Self.points, values) {
            let expected = snippet.meaning(x)
            // Constants are float32.
            #expect(abs(value - expected) <= 2e-6 * max(1, abs(expected)), "at \(x): \(value), expected \(expected)")
        }
    }

    @Test(
        "what the printer writes parses to the same program and prints the same again", arguments: AcceptedSnippet.all)
    func printed(_ snippet: AcceptedSnippet) throws {
        let first = SourceParser.parse(snippet.source)
        let tree = try #require(first.tree)
        let text = SourcePrinter.print(tree)
        let second = SourceParser.parse(text)
        #expect(unlocated(second.program) == unlocated(first.program), "\(text)")
        #expect(second.idea == first.idea)
        #expect(second.tree.map { SourcePrinter.print($0) } == text)
    }

    private func unlocated(_ program: Program?) -> Program? {
        guard var program else { return nil }
        for index in program.nodes.indices { program.nodes[index].line = 0 }
        return program
    }
}
