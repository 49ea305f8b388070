import ActivationCompiler
import ActivationParser
import EvolveTypes
import LanguageModels
import Population
import Retrieval

/// `Mutation`: how a new program is written from its parents.
///
/// Steps of a proposal: the plan names the operator, the model and the parents → tree operators edit the parents' syntax
/// trees; model operators (`ModelDialogue`) fill the island's prompt, ask the model under the grammar, take the
/// function out of the answer (C, or Python that `ActivationPython` translates), and ask once more where it cannot be
/// used → `Proposal`.
/// Invariants:
/// - An answer is recorded before it is looked at, and a recorded answer is used instead of a request.
/// - All chance comes from the slot's own stream, so a slot proposes the same whatever else is going on.
/// Not here: choosing parents (Population), scoring the result (Evaluation).
package struct Proposer: Sendable {
    let roster: ModelRoster
    /// What is known of a model when a slot asks it; nil = what the roster says.
    let facts: @Sendable (_ model: String, _ slot: Int) -> ModelFacts?
    let runSeed: UInt64
    /// What the suite lets a candidate be; nothing else is offered to models or to tree operators.
    let pipeline: ActivationPipeline
    /// Seconds for one model call, retries included.
    let deadline: Double
    /// A committed candidate that behaves so, or nearly so (`novelty`, see `IslandPolicy`), if its slot is below `base`.
    let twin: @Sendable (_ candidate: CompiledActivation, _ base: Int, _ novelty: Double?) throws -> Twin?
    let elites = EliteReader()

    package init(
        roster: ModelRoster,
        facts: @escaping @Sendable (_ model: String, _ slot: Int) -> ModelFacts? = { _, _ in nil }, runSeed: UInt64,
        pipeline: ActivationPipeline, deadline: Double,
        twin: @escaping @Sendable (_ candidate: CompiledActivation, _ base: Int, _ novelty: Double?) throws -> Twin? = {
            _, _, _ in nil
        }
    ) {
        self.roster = roster
        self.facts = facts
        self.runSeed = runSeed
        self.pipeline = pipeline
        self.deadline = deadline
        self.twin = twin
    }

    /// - Parameter ledger: where answers are looked up and recorded.
    package func propose(_ plan: SlotPlan, policy: IslandPolicy, ledger: any AnswerLedger) async throws -> Proposal {
        var stream = stream(of: plan, policy: policy)
        switch plan.variation {
        case .seed, .retest, .constantTuning:
            return .failed("a slot of this kind writes no program here")
        case .modelRewrite, .modelEdit, .modelCrossover, .modelIdea, .modelSimplify:
            return try await asked(plan, policy: policy, ledger: ledger, stream: &stream)
        case .treeMutation:
            return try drawn(plan, policy) { mutated(plan.parents.first, stream: &stream) }
        case .treeCrossover:
            let parents = plan.parents.compactMap { elites.read($0.source) }
            guard parents.count == 2 else { return .failed("crossover needs two parents") }
            return try drawn(plan, policy) {
                proposal(
                    TreeCrossover.cross(parents[1], with: parents[0], stream: &stream),
                    failure: "no exchange between the parents was valid")
            }
        case .tailGraft: return try grafted(plan, policy, stream: &stream)
        case .grammarSampling:
            let grammar = Grammar.candidates(offer(plan, policy, &stream), idea: "Drawn from the grammar")
            return try drawn(plan, policy) { Proposal(grammar.sample(&stream), pipeline) }
        }
    }

    func stream(of plan: SlotPlan, policy: IslandPolicy) -> RandomStream {
        RandomStream(key: ["\(runSeed)", policy.name, "\(plan.slot)", "variation"])
    }

    func mutated(_ parent: Elite?, stream: inout RandomStream) -> Proposal {
        guard let parent = parent.flatMap({ elites.read($0.source) }) else {
            return .failed("no parent to mutate")
        }
        return proposal(
            TreeMutation.mutate(parent, allow: pipeline.allow, stream: &stream),
            failure: "no edit of the parent was valid")
    }

    /// Draws anew what behaves as one before it, and what is too far from its parents, as far as the island asks for that. If
    /// no draw is better, the nearest of those that are new; if none is, the last.
    private func drawn(_ plan: SlotPlan, _ policy: IslandPolicy, _ draw: () -> Proposal) throws -> Proposal {
        guard policy.novelty != nil || policy.reach != nil else { return draw() }
        let parents = policy.reach == nil ? [] : plan.parents.compactMap { elites.behaviour($0.source) }
        var best: (proposal: Proposal, distance: Double)?
        var last = Proposal.failed("nothing was drawn")
        for _ in 0..<Self.draws {
            last = draw()
            guard case .text(_, .compiled(let candidate)) = last.content else { continue }
            if let novelty = policy.novelty, try twin(candidate, plan.base, novelty) != nil { continue }
            let distance = Self.distance(of: candidate, to: parents)
            if distance <= policy.reach ?? .infinity { return last }
            if distance < best?.distance ?? .infinity { best = (last, distance) }
        }
        return best?.proposal ?? last
    }

    private static let draws = 8

    /// To the nearest, as a share of the size of both. What has no behaviour, as a function that reads its layer, is near.
    private static func distance(of candidate: CompiledActivation, to parents: [Behaviour]) -> Double {
        guard !parents.isEmpty, let own = Behaviour(of: candidate.program) else { return 0 }
        return parents.map { own.share(to: $0) }.min() ?? 0
    }

    /// Where the motif does not come over, as out of a loop, a blind edit of the parent carries on.
    private func grafted(_ plan: SlotPlan, _ policy: IslandPolicy, stream: inout RandomStream) throws -> Proposal {
        let parents = plan.parents.compactMap { elites.read($0.source) }
        guard let graft = plan.graft, parents.count == 2 else {
            return .failed("a tail graft needs a motif, a donor and a parent")
        }
        let grafting = TailGraft(graft, pipeline: pipeline) { try twin($0, plan.base, policy.novelty) != nil }
        if let child = try grafting.child(of: parents[1], from: parents[0], stream: &stream) { return Proposal(child) }
        var proposal = mutated(plan.parents.last, stream: &stream)
        proposal.standIn = proposal.source.map { _ in .treeMutation }
        return proposal
    }

    private func proposal(_ child: ReadActivation?, failure: String) -> Proposal {
        child.map { Proposal($0, pipeline) } ?? .failed(failure)
    }

    /// What the grammar offers in the slot.
    func offer(_ plan: SlotPlan, _ policy: IslandPolicy, _ stream: inout RandomStream) -> GrammarOffer {
        let layer = pipeline.allow == .layer
        guard let most = policy.grammar else { return .everything(layer: layer) }
        let calls = plan.parents.map { elites.calls(in: $0.source) }
        var (wanted, lines) = ([calls.reduce(Set()) { $0.union($1) }], most.lines)
        switch plan.variation {
        // Something of each.
        case .modelCrossover: wanted = calls
        // Fewer words, and only the parent's where they suffice.
        case .modelSimplify: (wanted, lines) = (calls + calls, min(lines, 1))
        case .modelIdea:
            if let target = plan.target, target.oscillation == .few || target.oscillation == .many {
                wanted.insert(["sinf", "cosf", "sinc"], at: 0)
            }
        default: break
        }
        return .drawn(
            functions: plan.variation == .modelSimplify ? min(2, most.functions) : most.functions,
            numbers: most.numbers, forms: most.forms, lines: lines, wanted: wanted, layer: layer, stream: &stream)
    }
}

/// A committed candidate that behaves as another one.
package struct Twin: Hashable, Sendable {
    package var id: CandidateID
    /// Not just nearly.
    package var isExact: Bool

    package init(_ id: CandidateID, isExact: Bool) {
        self.id = id
        self.isExact = isExact
    }
}

/// What an operator came up with.
package struct Proposal: Sendable {
    package enum Content: Sendable {
        /// C text, and what it turned out to be; of Python that cannot be translated, the Python and the reason.
        case text(String, CompilationResult)
        /// Why there is no text.
        case failed(String)
    }

    package var content: Content
    /// The operator that wrote it in place of the one that was planned.
    package var standIn: VariationOperator?

    package init(_ source: String, _ pipeline: ActivationPipeline) {
        content = .text(source, pipeline.compile(source))
    }

    init(_ activation: ReadActivation, _ pipeline: ActivationPipeline) {
        content = .text(activation.source, pipeline.compile(activation))
    }

    init(_ candidate: CompiledActivation) { content = .text(candidate.source, .compiled(candidate)) }

    private init(_ content: Content) { self.content = content }

    package static func failed(_ reason: String) -> Proposal { Proposal(.failed(reason)) }

    /// A text that is no C, with the reason why it cannot be made to be.
    static func refused(_ text: String, _ diagnostic: Diagnostic) -> Proposal {
        Proposal(.text(text, .refused([diagnostic])))
    }

    package var source: String? { if case .text(let source, _) = content { source } else { nil } }

    package var failure: String? { if case .failed(let reason) = content { reason } else { nil } }
}
