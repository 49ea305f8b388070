import ActivationParser
import Testing

@Suite struct RefusedCorpusTests {
    @Test("a refused snippet gets the diagnostics marked in it, and no others", arguments: RefusedSnippet.all)
    func diagnostics(_ snippet: RefusedSnippet) {
        let expected = snippet.expected
        #expect(!expected.isEmpty)
        let result = SourceParser.parse(snippet.source)
        var left = result.diagnostics
        for one in expected {
            let index = left.firstIndex {
                $0.severity.rawValue == one.severity && $0.line == one.line && $0.column == one.column
                    && $0.message.contains(one.message)
            }
            if let index { left.remove(at: index) } else { Issue.record("missing: \(one), found \(left)") }
        }
        #expect(left == [], "these were not expected")
        let isRefused = expected.contains { $0.severity == "error" }
        #expect((result.program == nil) == isRefused)
    }
}
