import EvolveTypes
import LanguageModels
import Mutation
import Population
import Testing

@Suite("Proposals")
struct ProposerTests {
    private static let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
    private static let weak = Elite(
        id: 1, source: "// ReLU\nfloat activation(float x) { return fmaxf(x, 0.0f); }\n", gain: -0.93, cost: 1,
        cell: cell, isSeed: true)
    private static let strong = Elite(
        id: 2, source: "// x tanh\nfloat activation(float x) { return x * tanhf(x); }\n\n", gain: 0.42, cost: 36,
        cell: cell, isSeed: false)

    private static let policy = IslandPolicy(
        name: "i", seeds: [], prompt: "A {{rules}} B {{parents}} C {{goal}} D", operators: [],
        sampling: IslandPolicy.Sampling(temperature: 0.7, maxTokens: 99),
        selection: IslandPolicy.Selection(parents: 2, temperature: 1, uniform: 0))

    private static func propose(_ answer: RecordedAnswer, ledger: Ledger? = nil) async throws -> Proposal {
        let plan = SlotPlan(slot: 7, island: 0, variation: .modelRewrite, parents: [weak, strong])
        return try await Proposer(model: NoModel(), runSeed: 1, deadline: 9)
            .propose(plan, policy: policy, ledger: ledger ?? Ledger(given: answer))
    }

    @Test("A prompt fills every slot, shows the parents in ascending order of gain, and ends them without blank lines")
    func prompt() {
        var stream = RandomStream(key: ["prompt"])
        let text = Prompt.render(template: Self.policy.prompt, parents: [Self.weak, Self.strong], stream: &stream)
        #expect(!text.contains("{{"))
        #expect(text.contains("// gain -0.9 dB\n// ReLU"))
        #expect(text.contains("// gain +0.4 dB\n// x tanh"))
        let low = text.firstRange(of: "-0.9 dB")?.lowerBound
        let high = text.firstRange(of: "+0.4 dB")?.lowerBound
        #expect(low.flatMap { low in high.map { low < $0 } } == true)
        #expect(text.contains("tanhf(x); } C "))
        #expect(text.contains("float activation(float x)"))
    }

    @Test("The request carries the island's sampling, the grammar, and a seed of the slot's own")
    func request() async throws {
        let ledger = Ledger(
            given: RecordedAnswer(model: "m", text: "float activation(float x) { return x; }", failure: nil))
        _ = try await Self.propose(ledger.given, ledger: ledger)
        let request = try #require(ledger.requests.first)
        #expect(request.temperature == 0.7 && request.maxTokens == 99 && request.deadline == 9)
        #expect(request.grammar?.contains("root ::=") == true)
        #expect(request.user.hasPrefix("A ") && request.user.hasSuffix(" D"))
    }

    @Test("The function is taken out of prose and fences; an answer without one, failed or cut off is no proposal")
    func answers() async throws {
        let fenced = try await Self.propose(
            RecordedAnswer(
                model: "m", text: "Sure:\n```c\nfloat activation(float x) { return -x; }\n```\nBye.", failure: nil))
        #expect(fenced.source?.contains("return -x;") == true && fenced.source?.contains("Sure") == false)
        #expect(fenced.model == "m")
        let failed = try await Self.propose(RecordedAnswer(model: "m", text: nil, failure: "timed out: 9 s"))
        #expect(failed.source == nil && failed.failure == "timed out: 9 s")
        let cut = try await Self.propose(
            RecordedAnswer(model: "m", text: "float activation(float x) { return x; }", failure: "cut off"))
        #expect(cut.source == nil && cut.failure == "cut off")
        let prose = try await Self.propose(RecordedAnswer(model: "m", text: "I would rather not.", failure: nil))
        #expect(prose.source == nil)
    }

    @Test("Tree operators depend on the slot and on nothing else")
    func treeOperators() async throws {
        func source(_ slot: Int, _ kind: VariationOperator) async throws -> String? {
            let parents = kind == .treeMutation ? [Self.strong] : [Self.weak, Self.strong]
            let plan = SlotPlan(slot: slot, island: 0, variation: kind, parents: parents)
            return try await Proposer(model: NoModel(), runSeed: 1, deadline: 9)
                .propose(plan, policy: Self.policy, ledger: Ledger(given: nil)).source
        }
        for kind in [VariationOperator.treeMutation, .treeCrossover] {
            var distinct: Set<String> = []
            for slot in 0..<12 {
                let first = try await source(slot, kind)
                #expect(try await source(slot, kind) == first)
                if let first { distinct.insert(first) }
            }
            #expect(distinct.count >= 4, "\(kind)")
        }
    }
}

/// Hands out one answer and notes what was asked.
private final class Ledger: AnswerLedger, @unchecked Sendable {
    let given: RecordedAnswer
    /// Only touched by the one test that made this ledger, one request at a time.
    private(set) var requests: [ModelRequest] = []

    init(given: RecordedAnswer?) { self.given = given ?? RecordedAnswer(model: "none", text: nil, failure: "none") }

    func answer(
        to request: ModelRequest, slot: Int, attempt: Int, from model: any LanguageModel
    ) async throws -> RecordedAnswer {
        requests.append(request)
        return given
    }
}

private struct NoModel: LanguageModel {
    let name = "none"

    func complete(_ request: ModelRequest) async throws -> ModelAnswer { throw ModelFailure(.unreachable, "none") }
}
