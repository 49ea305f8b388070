import ActivationCompiler
import ActivationParser
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
        grammar: IslandPolicy.Grammar(functions: 4, numbers: 4, forms: 2, lines: 2),
        selection: IslandPolicy.Selection(parents: 2, temperature: 1, uniform: 0))

    private static func propose(_ answer: RecordedAnswer, ledger: Ledger? = nil) async throws -> Proposal {
        let plan = SlotPlan(slot: 7, island: 0, variation: .modelRewrite, parents: [weak, strong])
        return try await Proposer(model: NoModel(), runSeed: 1, allow: .elementwise, deadline: 9)
            .propose(plan, policy: policy, ledger: ledger ?? Ledger(given: answer))
    }

    @Test("A blind edit of the best parent stands in while the server is not to be had, and not for a bad answer")
    func standIn() async throws {
        let down = RecordedAnswer(model: "m", text: nil, failure: "paused: 15 s", isServersFault: true)
        let proposal = try await Self.propose(down)
        #expect(proposal.standIn == .treeMutation && proposal.model == nil && proposal.failure == nil)
        let source = try #require(proposal.source)
        #expect(source != Self.strong.source && SourceParser.parse(source).tree != nil)
        #expect(try await Self.propose(down) == proposal, "the same in every execution")
        let silent = try await Self.propose(RecordedAnswer(model: "m", text: nil, failure: "empty: no text"))
        #expect(silent == Proposal(source: nil, model: "m", failure: "empty: no text"))
    }

    @Test("A prompt fills every slot, shows the parents in ascending order of gain, and ends them without blank lines")
    func prompt() {
        let text = Self.request(slot: 7).user
        #expect(!text.contains("{{"))
        // In one style and without comments.
        #expect(text.contains("// gain -0.9 dB\nfloat activation(float x)\n{\n    return fmaxf(x, 0.0f);\n}\n\n"))
        #expect(text.contains("// gain +0.4 dB\nfloat activation(float x)\n{\n    return x * tanhf(x);\n} C "))
        let low = text.firstRange(of: "-0.9 dB")?.lowerBound
        let high = text.firstRange(of: "+0.4 dB")?.lowerBound
        #expect(low.flatMap { low in high.map { low < $0 } } == true)
    }

    private static func request(slot: Int, allow: AllowedReach = .elementwise) -> ModelRequest {
        let plan = SlotPlan(slot: slot, island: 0, variation: .modelRewrite, parents: [weak, strong])
        return Proposer(model: NoModel(), runSeed: 1, allow: allow, deadline: 9).request(plan, policy: policy)
    }

    @Test("A slot's request is the same whenever it is made; other slots offer other functions, numbers and shapes")
    func offers() {
        for slot in 0..<5 { #expect(Self.request(slot: slot) == Self.request(slot: slot)) }
        let requests = (0..<40).map { Self.request(slot: $0) }
        #expect(Set(requests.compactMap(\.grammar)).count == 40)
        #expect(Set(requests.map(\.user)).count >= 39)
        #expect(Set(requests.compactMap(\.prefill)).count >= 30)
        #expect(Set(requests.map(\.seed)).count == 40)
    }

    @Test("The prompt names the functions that the grammar offers, one of the parents' among them")
    func hint() throws {
        for slot in 0..<40 {
            let request = Self.request(slot: slot)
            let line = try #require(request.user.firstRange(of: "Functions: "))
            let names = request.user[line.upperBound...].prefix { $0 != "." }.split(separator: " ").map(String.init)
            let grammar = try #require(request.grammar)
            #expect((1...4).contains(names.count))
            #expect(names.contains("fmaxf") || names.contains("tanhf"))
            #expect(names.contains { grammar.contains("\"\($0)\"") }, "\(names) \(grammar)")
            #expect(!names.contains { $0.contains("unit_") || $0.contains("batch_") || $0.contains("tensor_") })
        }
    }

    @Test("Where the suite allows the layer, every offer has a function of it")
    func layer() throws {
        for slot in 0..<20 {
            let request = Self.request(slot: slot, allow: .layer)
            let names = BuiltinNames.layer.filter { request.user.contains($0) }
            #expect(!names.isEmpty)
            #expect(names.contains { request.grammar?.contains("\($0)(") == true })
        }
    }

    @Test("The request carries the island's sampling, the grammar, and a seed of the slot's own")
    func request() async throws {
        let ledger = Ledger(
            given: RecordedAnswer(model: "m", text: "float activation(float x) { return x; }", failure: nil))
        _ = try await Self.propose(ledger.given, ledger: ledger)
        let request = try #require(ledger.requests.first)
        #expect(request.temperature == 0.7 && request.maxTokens == 99 && request.deadline == 9)
        #expect(request.grammar?.contains("root ::=") == true)
        #expect(request.prefill?.hasSuffix("\nfloat activation(float x)\n{\n") == true)
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
            return try await Proposer(model: NoModel(), runSeed: 1, allow: .elementwise, deadline: 9)
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
        to request: ModelRequest, slot: Int, turn: Int, from model: any LanguageModel
    ) async throws -> RecordedAnswer {
        requests.append(request)
        return given
    }
}

private struct NoModel: LanguageModel {
    let name = "none"

    func complete(_ request: ModelRequest) async throws -> ModelAnswer { throw ModelFailure(.unreachable, "none") }
}
