import LanguageModels
import Testing

@Suite("Whether a request fits a model")
struct ContextFitTests {
    private static func request(_ bytes: Int, answer: Int) -> ModelRequest {
        ModelRequest(
            system: "", user: String(repeating: "x", count: bytes), grammar: nil, temperature: 1, maxTokens: answer,
            seed: 1, deadline: 1, index: 0)
    }

    private static let facts = ModelFacts(name: "m", form: .chat, context: 1_000)

    @Test("The sum of prompt and answer is held against the context, and told as an inequality")
    func sums() {
        let counted = ContextFit(Self.request(3_000, answer: 240), facts: Self.facts, counted: 760)
        #expect(
            counted.fits && counted.inequality == "prompt 760 (counted) + answer 240 = 1000 ≤ 1000 tokens of context")
        let over = ContextFit(Self.request(3_000, answer: 241), facts: Self.facts, counted: 760)
        #expect(!over.fits && over.inequality.contains("= 1001 > 1000"))
        let estimated = ContextFit(Self.request(3_000, answer: 240), facts: Self.facts)
        #expect(!estimated.fits && estimated.inequality.contains("(estimated)"))
    }

    @Test("Only what fits at a token a byte is sure to fit")
    func sure() {
        #expect(ContextFit.surely(Self.request(700, answer: 200), facts: Self.facts))
        #expect(!ContextFit.surely(Self.request(800, answer: 200), facts: Self.facts))
    }
}
