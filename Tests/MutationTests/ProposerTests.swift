import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes
import LanguageModels
import Mutation
import Population
import Retrieval
import Synchronization
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
        name: "i", seeds: [],
        prompts: [
            .system: "You write C.", .rules: "R {{limit}}", .language: "L {{limit}}",
            .rewrite: "A {{rules}} B {{parents}} C {{goal}} {{functions}} D {{voice}}",
            .crossover: "join {{parents}} {{functions}}", .idea: "{{parents}} has {{cell}}",
            .simplify: "{{parents}} {{cost}} {{functions}}", .repair: "WRONG {{errors}}\n{{source}}",
        ], voice: "V\n", goals: ["smoother", "rougher"], operators: [],
        sampling: IslandPolicy.Sampling(temperature: 0.7, maxTokens: 99),
        grammar: IslandPolicy.Grammar(functions: 4, numbers: 4, forms: 2, lines: 2),
        selection: IslandPolicy.Selection(parents: 2, temperature: 1, uniform: 0))

    private static let facts = ModelFacts.scripted("none", name: "m")

    private static func plan(
        slot: Int, _ variation: VariationOperator = .modelRewrite, parents: [Elite]? = nil
    ) -> SlotPlan {
        SlotPlan(slot: slot, island: 0, variation: variation, model: "m", parents: parents ?? [weak, strong])
    }

    private static func proposer(
        allow: AllowedReach = .elementwise, facts: ModelFacts = facts,
        twin: @escaping @Sendable (CompiledActivation, Int, Double?) -> Twin? = { _, _, _ in nil }
    ) -> Proposer {
        Proposer(
            roster: ModelRoster([ModelRoster.Entry(facts: facts, model: NoModel())]), runSeed: 1,
            pipeline: ActivationPipeline(costLimit: 150, allow: allow), deadline: 9, twin: twin)
    }

    private static func propose(_ answer: RecordedAnswer, ledger: Ledger? = nil) async throws -> Proposal {
        try await proposer().propose(
            plan(slot: 7), policy: policy, ledger: ledger ?? Ledger(given: [answer]))
    }

    @Test("A blind edit of the best parent stands in while the server is not to be had, and not for a bad answer")
    func standIn() async throws {
        let down = RecordedAnswer(model: "m", text: nil, failure: "paused: 15 s", isServersFault: true)
        let proposal = try await Self.propose(down)
        #expect(proposal.standIn == .treeMutation && proposal.failure == nil)
        let source = try #require(proposal.source)
        #expect(source != Self.strong.source && SourceParser.parse(source).tree != nil)
        #expect(try await Self.propose(down).source == source, "the same in every execution")
        let silent = try await Self.propose(RecordedAnswer(model: "m", text: nil, failure: "empty: no text"))
        #expect(silent.source == nil && silent.failure == "empty: no text" && silent.standIn == nil)
    }

    @Test("A prompt fills every slot, shows the parents in ascending order of gain, and ends them without blank lines")
    func prompt() {
        let text = Self.request(slot: 7).user
        #expect(!text.contains("{{"))
        // In one style, with the author's words beside the gain.
        #expect(text.contains("// gain -0.9 dB: ReLU\nfloat activation(float x)\n{\n    return fmaxf(x, 0.0f);\n}\n\n"))
        #expect(text.contains("// gain +0.4 dB: x tanh\nfloat activation(float x)\n{\n    return x * tanhf(x);\n} C "))
        let low = text.firstRange(of: "-0.9 dB")?.lowerBound
        let high = text.firstRange(of: "+0.4 dB")?.lowerBound
        #expect(low.flatMap { low in high.map { low < $0 } } == true)
    }

    @Test("Instructions stand in their place, in their order; without any the prompt is what it is without the slot")
    func instructions() {
        func text(_ template: String, _ instructions: [String]?) -> String {
            var policy = Self.policy
            policy.prompts[.rewrite] = template
            policy.instructions = instructions
            return Self.proposer().requests(Self.plan(slot: 7), policy: policy, facts: Self.facts)[0].user
        }
        let (plain, slotted) = ("{{voice}}\n\n{{parents}}", "{{voice}}\n{{instructions}}\n{{parents}}")
        for nothing: [String]? in [nil, []] { #expect(text(slotted, nothing) == text(plain, nil)) }
        let shown = text(slotted, ["Avoid waves.", "Prefer {{goal}}."])
        #expect(
            shown.hasPrefix("V\n\nWhat earlier runs teach:\n- Avoid waves.\n- Prefer {{goal}}.\n\n// gain -0.9 dB"),
            "\(shown)")
        #expect(text(plain, ["Avoid waves."]) == text(plain, nil))
    }

    private static func request(slot: Int, allow: AllowedReach = .elementwise) -> ModelRequest {
        proposer(allow: allow).requests(plan(slot: slot), policy: policy, facts: facts)[0]
    }

    @Test("A slot's request is the same whenever it is made; other slots offer other functions, numbers and shapes")
    func offers() {
        for slot in 0..<5 { #expect(Self.request(slot: slot) == Self.request(slot: slot)) }
        let requests = (0..<40).map { Self.request(slot: $0) }
        #expect(Set(requests.compactMap(\.grammar)).count == 40)
        #expect(Set(requests.map(\.user)).count == 2, "goals alone differ: what is read is read once")
        #expect(Set(requests.compactMap(\.prefill)).count >= 30)
        #expect(Set(requests.map(\.seed)).count == 40)
    }

    @Test("Whom no grammar holds is named functions to try, one of the parents' among them")
    func hint() throws {
        #expect(!Self.request(slot: 1).user.contains("Functions: "))
        var free = Self.facts
        free.traits = APITraits(constraint: .text)
        for slot in 0..<40 {
            let request = Self.proposer().requests(Self.plan(slot: slot), policy: Self.policy, facts: free)[0]
            let line = try #require(request.user.firstRange(of: "Functions: "))
            let names = request.user[line.upperBound...].prefix { $0 != "." }.split(separator: " ").map(String.init)
            #expect((1...4).contains(names.count))
            #expect(names.contains("fmaxf") || names.contains("tanhf"))
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
        let answer = RecordedAnswer(model: "m", text: "float activation(float x) { return x; }", failure: nil)
        let ledger = Ledger(given: [answer])
        _ = try await Self.propose(answer, ledger: ledger)
        let request = try #require(ledger.requests.first)
        #expect(request.temperature == 0.7 && request.maxTokens == 99 && request.deadline == 9)
        #expect(request.grammar?.contains("root ::=") == true)
        #expect(request.prefill?.hasSuffix("\nfloat activation(float x)\n{\n") == true)
        #expect(request.user.hasPrefix("A R It may cost 150 operations at most. B ") && request.user.hasSuffix("  D V"))
        #expect(request.system == "You write C.")
    }

    @Test("The function is taken out of prose and fences; an answer without one, failed or cut off is no proposal")
    func answers() async throws {
        let fenced = try await Self.propose(
            RecordedAnswer(
                model: "m", text: "Sure:\n```c\nfloat activation(float x) { return -x; }\n```\nBye.", failure: nil))
        #expect(fenced.source?.contains("return -x;") == true && fenced.source?.contains("Sure") == false)
        let failed = try await Self.propose(RecordedAnswer(model: "m", text: nil, failure: "timed out: 9 s"))
        #expect(failed.source == nil && failed.failure == "timed out: 9 s")
        let cut = try await Self.propose(
            RecordedAnswer(model: "m", text: "float activation(float x) { return x; }", failure: "cut off"))
        #expect(cut.source == nil && cut.failure == "cut off")
        let prose = try await Self.propose(RecordedAnswer(model: "m", text: "I would rather not.", failure: nil))
        #expect(prose.source == nil)
    }

    private static func answer(_ body: String) -> RecordedAnswer {
        RecordedAnswer(
            model: "m", text: "// mine\nfloat activation(float x)\n{\n    \(body)\n}\n", failure: nil)
    }

    private static func mended(
        _ answers: [RecordedAnswer], facts: ModelFacts = facts,
        twin: @escaping @Sendable (CompiledActivation, Int, Double?) -> Twin? = { _, _, _ in nil }
    ) async throws -> (Proposal, Ledger) {
        var policy = policy
        policy.sampling.repairs = 1
        let ledger = Ledger(given: answers)
        let proposal = try await proposer(facts: facts, twin: twin).propose(
            plan(slot: 7), policy: policy, ledger: ledger)
        return (proposal, ledger)
    }

    @Test("A refused answer is asked for once more with what is wrong")
    func repair() async throws {
        let wrong = Self.answer("return sine(x);")
        let (proposal, ledger) = try await Self.mended([wrong, Self.answer("return sinf(x) * x;")])
        #expect(proposal.source?.contains("sinf(x) * x") == true)
        #expect(ledger.turns == [0, 1] && ledger.requests[1].index == ledger.requests[0].index + 1)
        #expect(ledger.requests[1].user.contains("unknown function 'sine'"))
        // Held to the grammar and going on from a beginning, it is not shown what it must not copy.
        #expect(!ledger.requests[1].user.contains("sine(x)"))
        #expect(ledger.requests[1].prefill == ledger.requests[0].prefill, "or the grammar would not hold behind it")
        #expect(ledger.requests[1].grammar == ledger.requests[0].grammar)
        #expect(ledger.requests[1].seed != ledger.requests[0].seed)

        var free = Self.facts
        free.traits = APITraits(constraint: .text)
        let (_, quoting) = try await Self.mended([wrong, wrong], facts: free)
        #expect(quoting.turns == [0, 1], "one repair and no more")
        #expect(quoting.requests[1].user.contains("WRONG - line 4: `    return sine(x);`: unknown function 'sine'"))
        #expect(quoting.requests[0].grammar == nil && quoting.requests[0].prefill == nil)
        #expect(quoting.requests[0].user.contains("A L It may cost"), "the whole language, for nothing holds it")
    }

    @Test("Python is translated; of what cannot be, the model is told the line and the reason, and asked once more")
    func python() async throws {
        var free = Self.facts
        free.traits = APITraits(constraint: .text)
        func answer(_ line: String) -> RecordedAnswer {
            RecordedAnswer(
                model: "m",
                text: "```python\nimport numpy as np\ndef activation(x):\n    \"\"\"A wave.\"\"\"\n    \(line)\n```",
                failure: nil)
        }
        let (proposal, once) = try await Self.mended([answer("return x + np.sin(x)")], facts: free)
        #expect(once.turns == [0])
        #expect(proposal.source?.hasPrefix("// A wave.\nfloat activation(float x)\n") == true)
        guard case .text(_, .compiled(let candidate)) = proposal.content else {
            Issue.record("not compiled")
            return
        }
        #expect(candidate.idea == "A wave." && candidate.formula == "x + sin(x)")

        let bad = answer("return np.fft.fft(x)")
        let (second, twice) = try await Self.mended([bad, answer("return x * np.tanh(x)")], facts: free)
        #expect(second.source?.contains("x * tanhf(x)") == true)
        #expect(
            twice.requests[1].user.contains(
                "WRONG - line 4: `    return np.fft.fft(x)`: 'numpy.fft.fft' is not read here; write it out"))
        let (refused, _) = try await Self.mended([bad], facts: free)
        guard case .text(let text, .refused(let diagnostics)) = refused.content else {
            Issue.record("not refused")
            return
        }
        #expect(text.hasPrefix("import numpy as np\n") && diagnostics.map(\.line) == [4])
        // What is wrong with the C that it became is said of the C.
        let (_, cycle) = try await Self.mended([answer("return 1 / x"), answer("return x")], facts: free)
        #expect(cycle.requests[1].user.contains("WRONG - ") && cycle.requests[1].user.hasSuffix("}"))
    }

    @Test("What is right needs no repair; what was tried before is told so, whatever it is called")
    func repeated() async throws {
        let (_, once) = try await Self.mended([Self.answer("return sinf(x) * x;")])
        #expect(once.turns == [0])
        let fingerprint = { (source: String) -> String? in
            guard case .compiled(let candidate) = ActivationPipeline().compile(source) else { return nil }
            return candidate.fingerprint
        }
        let known = fingerprint("float activation(float x) { return x + sinf(x); }")
        let (proposal, twice) = try await Self.mended(
            [Self.answer("float y = sinf(x);\n    return y + x;"), Self.answer("return 2.0f * tanhf(x);")],
            twin: { found, base, _ in
                base == 0 && found.fingerprint == known ? Twin(3, isExact: true) : nil
            })
        #expect(twice.requests[1].user.contains("it computes sin(x) + x, which was tried before"))
        #expect(proposal.source?.contains("tanhf") == true)
    }

    @Test(
        "Where an island asks for novelty, a blind edit that behaves as one before it is drawn anew, a few times",
        arguments: [VariationOperator.treeMutation, .treeCrossover, .grammarSampling])
    func drawnAnew(variation: VariationOperator) async throws {
        func drawn(tried: Int, novelty: Double? = 0.01) async throws -> (source: String?, asked: Int) {
            let asked = Mutex(0)
            let proposer = Self.proposer(twin: { _, base, share in
                #expect(base == 0 && share == novelty)
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                return count <= tried ? Twin(1, isExact: false) : nil
            })
            var policy = Self.policy
            policy.novelty = novelty
            let proposal = try await proposer.propose(
                Self.plan(slot: 11, variation), policy: policy, ledger: Ledger(given: []))
            return (proposal.source, asked.withLock { $0 })
        }
        let plain = try await drawn(tried: 9, novelty: nil)
        #expect(plain.asked == 0)
        let (first, second) = (try await drawn(tried: 0), try await drawn(tried: 1))
        #expect(first.source == plain.source && first.asked == 1)
        #expect(second.source != first.source && second.asked == 2)
        let last = try await drawn(tried: 9)
        #expect(last.asked == 8 && last.source != nil, "the last draw is taken as it is")
    }

    @Test("Where an island says how far, blind edits stay nearer to their parents", arguments: [0.05, 0.3])
    func reach(_ reach: Double) async throws {
        let parent = try #require(Self.behaviour(Self.strong.source))
        func far(_ reach: Double?) async throws -> Int {
            var policy = Self.policy
            policy.reach = reach
            var count = 0
            for slot in 0..<60 {
                let proposal = try await Self.proposer().propose(
                    Self.plan(slot: slot, .treeMutation, parents: [Self.strong]), policy: policy,
                    ledger: Ledger(given: []))
                guard let child = proposal.source.flatMap(Self.behaviour) else { continue }
                count += child.share(to: parent) > 0.3 ? 1 : 0
            }
            return count
        }
        let free = try await far(nil)
        #expect(free > 15)
        #expect(try await 4 * far(reach) < free)
    }

    private static func behaviour(_ source: String) -> Behaviour? {
        guard case .compiled(let candidate) = ActivationPipeline().compile(source) else { return nil }
        return Behaviour(of: candidate.program)
    }

    @Test("Each kind of request fills its own template, with what it is about")
    func kinds() throws {
        func user(_ variation: VariationOperator, _ edit: (inout SlotPlan) -> Void = { _ in }) -> String {
            var plan = Self.plan(slot: 3, variation)
            edit(&plan)
            return Self.proposer().requests(plan, policy: Self.policy, facts: Self.facts)[0].user
        }
        #expect(user(.modelCrossover).hasPrefix("join // gain -0.9 dB"))
        let crossing = Self.proposer().requests(
            Self.plan(slot: 3, .modelCrossover), policy: Self.policy, facts: Self.facts)
        let grammar = crossing[0].grammar ?? ""
        #expect(grammar.contains("fmaxf(") && grammar.contains("tanhf"), "a function of each parent: \(grammar)")
        let idea = user(.modelIdea) {
            $0.target = ArchiveCell(left: .falling, right: .flat, oscillation: .many, cost: .cheap)
        }
        #expect(
            idea.hasSuffix(
                "has a negative slope far left, no slope far right, many turning points, under 16 operations"))
        #expect(user(.modelSimplify).contains("It costs 36 operations; write one under 22."))
    }

    @Test(
        "A model is told what was tried often, behind the request; where nothing is told the prompt is as it was, to the byte"
    )
    func tried() {
        func user(_ template: String, _ tried: [String]?) -> String {
            var policy = Self.policy
            policy.prompts[.rewrite] = template
            var plan = Self.plan(slot: 3)
            plan.tried = tried
            return Self.proposer().requests(plan, policy: policy, facts: Self.facts)[0].user
        }
        let (plain, slotted) = (
            "{{parents}}\nBetter: {{goal}}. {{functions}}\n", "{{parents}}\nBetter: {{goal}}. {{functions}}{{tried}}\n"
        )
        let untold = user(plain, nil)
        #expect(user(slotted, nil) == untold && user(slotted, []) == untold && user(slotted, ["no motif"]) == untold)
        #expect(
            user(slotted, ["multiply(sigmoid, x)", "sin(multiply)", "sin(add)", "maximum(c, x)"])
                == untold + "\nAlready tried often: `x * sigmoid(x)`, `sinf(...)`, `fmaxf(c, x)`. Use something else.")
        #expect(user(plain, ["sin(x)"]) == untold)
    }

    @Test(
        "A tail graft depends on its plan and on nothing else; where the motif does not come over a blind edit stands in"
    )
    func tailGraft() async throws {
        func proposal(_ slot: Int, _ motif: String) async throws -> Proposal {
            var plan = Self.plan(slot: slot, .tailGraft, parents: [Self.strong, Self.weak])
            plan.graft = SlotPlan.Graft(motif: motif, held: CellSet([Self.cell]))
            let sent = try CanonicalJSON.decode(SlotPlan.self, from: CanonicalJSON.encode(plan))
            return try await Self.proposer().propose(sent, policy: Self.policy, ledger: Ledger(given: []))
        }
        var distinct: Set<String> = []
        for slot in 0..<12 {
            let first = try await proposal(slot, "multiply(tanh, x)")
            #expect(first.standIn == nil)
            guard case .text(let source, .compiled(let child)) = first.content else {
                Issue.record("no child")
                continue
            }
            #expect(Motif.of(child.program).contains("multiply(tanh, x)"))
            #expect(try await proposal(slot, "multiply(tanh, x)").source == source)
            distinct.insert(source)
        }
        #expect(distinct.count >= 4)
        let other = try await proposal(1, "sin(x)")
        #expect(other.standIn == .treeMutation && other.source != nil && other.source != Self.weak.source)
    }

    @Test("Inspirations are shown before the parents, and left out one by one, the worst first")
    func inspirations() {
        var plan = Self.plan(slot: 7, parents: [Self.strong])
        var other = Self.weak
        other.id = 9
        other.gain = 0.1
        plan.inspirations = [Self.weak, other]
        let requests = Self.proposer().requests(plan, policy: Self.policy, facts: Self.facts)
        #expect(requests.count == 3 && Set(requests.map(\.seed)).count == 1)
        #expect(requests.map { $0.user.contains("gain -0.9") } == [true, false, false])
        #expect(requests.map { $0.user.contains("gain +0.1") } == [true, true, false])
        #expect(requests.allSatisfy { $0.user.contains("gain +0.4") && $0.prefill == requests[0].prefill })
        let user = requests[0].user
        let places = ["gain -0.9", "gain +0.1", "gain +0.4"].compactMap { user.firstRange(of: $0)?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test("Tree operators depend on the slot and on nothing else")
    func treeOperators() async throws {
        func source(_ slot: Int, _ kind: VariationOperator) async throws -> String? {
            let parents = kind == .treeMutation ? [Self.strong] : [Self.weak, Self.strong]
            return try await Self.proposer().propose(
                Self.plan(slot: slot, kind, parents: parents), policy: Self.policy, ledger: Ledger(given: [])
            ).source
        }
        for kind in [VariationOperator.treeMutation, .treeCrossover, .grammarSampling] {
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

/// Hands out answers, the last one again and again, and notes what was asked.
private final class Ledger: AnswerLedger, @unchecked Sendable {
    private let given: [RecordedAnswer]
    /// Only touched by the one test that made this ledger, one request at a time.
    private(set) var requests: [ModelRequest] = []
    private(set) var turns: [Int] = []

    init(given: [RecordedAnswer]) { self.given = given }

    func answer(
        to requests: RequestLadder, slot: Int, turn: Int, from entry: ModelRoster.Entry
    ) async throws -> RecordedAnswer {
        self.requests.append(requests[0])
        turns.append(turn)
        return given.isEmpty
            ? RecordedAnswer(model: "none", text: nil, failure: "none")
            : given[min(self.requests.count, given.count) - 1]
    }
}

private struct NoModel: LanguageModel {
    let name = "none"

    func complete(_ request: ModelRequest) async throws -> ModelAnswer { throw ModelFailure(.unreachable, "none") }
}
