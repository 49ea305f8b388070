import ActivationIR
import ActivationParser
import Testing

@Suite struct VoicedSnippetTests {
    @Test(
        "an answer is extracted, parsed and means what it should, or is refused in the right words and lines",
        arguments: VoicedSnippet.all)
    func verdict(_ snippet: VoicedSnippet) throws {
        let source = try #require(AnswerExtractor.extract(snippet.answer))
        let result = SourceParser.parse(source)
        let errors = result.diagnostics.filter { $0.severity == .error }
        switch snippet.verdict {
        case .accepted(let meaning):
            #expect(errors == [])
            let program = try #require(result.program)
            #expect(Verifier.verify(program) == [])
            let points = AcceptedCorpusTests.points
            for (x, value) in zip(points, Interpreter.evaluate(program, inputs: points)[0]) {
                let expected = meaning(x)
                #expect(
                    abs(value - expected) <= 4e-6 * max(1, abs(expected)), "at \(x): \(value), expected \(expected)")
            }
        case .refused(let expected):
            #expect(result.program == nil)
            var left = errors
            for one in expected {
                let index = left.firstIndex { $0.line == one.line && $0.message.contains(one.message) }
                if let index { left.remove(at: index) } else { Issue.record("missing: \(one), found \(errors)") }
            }
            #expect(left == [], "these were not expected")
        }
    }

    @Test("the corpus is as large as it should be, and no two answers are the same")
    func size() {
        let all = VoicedSnippet.all
        #expect(all.count + AcceptedSnippet.all.count + RefusedSnippet.all.count >= 150)
        #expect(all.count >= 100)
        #expect(Set(all.map(\.answer)).count == all.count)
        #expect(Set(all.map(\.testDescription)).count == all.count)
    }
}
