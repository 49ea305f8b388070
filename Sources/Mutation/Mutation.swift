import ActivationCompiler
import ActivationParser
import EvolveTypes
import LanguageModels
import Population

/// `Mutation`: how a new program is written from its parents.
///
/// Steps of a proposal: the plan names the operator and the parents → tree operators edit the parents' syntax trees;
/// the model operator fills the island's prompt, asks the model under the grammar, and takes the C text out of the
/// answer → `Proposal`.
/// Invariants:
/// - An answer is recorded before it is looked at, and a recorded answer is used instead of a request.
/// - All chance comes from the slot's own stream, so a slot proposes the same whatever else is going on.
/// Not here: choosing parents (Population), checking and scoring the result (ActivationCompiler, Evaluation).
package struct Proposer: Sendable {
    private let model: any LanguageModel
    private let runSeed: UInt64
    private let allow: AllowedReach
    private let deadline: Double

    /// - Parameters:
    ///   - allow: what the suite lets a candidate look at; nothing else is offered to the model or to tree operators.
    ///   - deadline: seconds for one model call, retries included.
    package init(model: any LanguageModel, runSeed: UInt64, allow: AllowedReach, deadline: Double) {
        self.model = model
        self.runSeed = runSeed
        self.allow = allow
        self.deadline = deadline
    }

    /// - Parameter ledger: where answers are looked up and recorded.
    package func propose(_ plan: SlotPlan, policy: IslandPolicy, ledger: any AnswerLedger) async throws -> Proposal {
        var stream = stream(of: plan, policy: policy)
        switch plan.variation {
        case .seed, .retest, .constantTuning:
            return .failed("a slot of this kind writes no program here")
        case .modelRewrite:
            return try await rewrite(plan, policy: policy, ledger: ledger, stream: &stream)
        case .treeMutation:
            return mutated(plan.parents.first, stream: &stream)
        case .treeCrossover:
            let trees = plan.parents.compactMap { SourceParser.parse($0.source).tree }
            guard trees.count == 2 else { return .failed("crossover needs two parents") }
            return Self.printed(
                TreeCrossover.cross(trees[1], with: trees[0], stream: &stream),
                failure: "no exchange between the parents was valid")
        }
    }

    private func mutated(_ parent: Elite?, stream: inout RandomStream) -> Proposal {
        guard let tree = parent.flatMap({ SourceParser.parse($0.source).tree }) else {
            return .failed("no parent to mutate")
        }
        return Self.printed(
            TreeMutation.mutate(tree, allow: allow, stream: &stream), failure: "no edit of the parent was valid")
    }

    /// While no model is to be had, blind edits of its best parent carry on, so that the slot is not lost.
    private func standIn(_ plan: SlotPlan, answer: RecordedAnswer, stream: inout RandomStream) -> Proposal {
        var proposal = mutated(plan.parents.last, stream: &stream)
        guard proposal.source != nil else {
            return Proposal(source: nil, model: answer.model, failure: answer.failure ?? "no answer")
        }
        proposal.standIn = .treeMutation
        return proposal
    }

    private static func printed(_ tree: TranslationUnit?, failure: String) -> Proposal {
        guard let tree else { return .failed(failure) }
        return Proposal(source: SourcePrinter.print(tree), model: nil, failure: nil)
    }

    /// What a model is asked for `plan`.
    package func request(_ plan: SlotPlan, policy: IslandPolicy) -> ModelRequest {
        var stream = stream(of: plan, policy: policy)
        return request(plan, policy: policy, stream: &stream)
    }

    private func stream(of plan: SlotPlan, policy: IslandPolicy) -> RandomStream {
        RandomStream(key: ["\(runSeed)", policy.name, "\(plan.slot)", "variation"])
    }

    private func request(_ plan: SlotPlan, policy: IslandPolicy, stream: inout RandomStream) -> ModelRequest {
        let offer = offer(plan, policy: policy, stream: &stream)
        let prompt = Prompt(policy: policy, parents: plan.parents, offer: offer, stream: &stream)
        let grammar = Grammar.candidates(offer, idea: prompt.idea)
        return ModelRequest(
            system: Prompt.system, user: prompt.text, prefill: grammar.head, grammar: grammar.gbnf,
            temperature: policy.sampling.temperature, maxTokens: policy.sampling.maxTokens,
            seed: UInt32(truncatingIfNeeded: stream.next()),
            deadline: deadline, index: plan.requestIndex)
    }

    private func offer(_ plan: SlotPlan, policy: IslandPolicy, stream: inout RandomStream) -> GrammarOffer {
        let layer = allow == .layer
        guard let most = policy.grammar else { return .everything(layer: layer) }
        return .drawn(
            functions: most.functions, numbers: most.numbers, forms: most.forms, lines: most.lines,
            parents: plan.parents.map(\.source), layer: layer, stream: &stream)
    }

    private func rewrite(
        _ plan: SlotPlan, policy: IslandPolicy, ledger: any AnswerLedger, stream: inout RandomStream
    ) async throws -> Proposal {
        let request = request(plan, policy: policy, stream: &stream)
        let answer = try await ledger.answer(to: request, slot: plan.slot, turn: 0, from: model)
        if answer.isServersFault { return standIn(plan, answer: answer, stream: &stream) }
        guard let text = answer.text, answer.failure == nil else {
            return Proposal(source: nil, model: answer.model, failure: answer.failure ?? "no answer")
        }
        guard let source = AnswerExtractor.extract(text) else {
            return Proposal(source: nil, model: answer.model, failure: "no C function in the answer")
        }
        return Proposal(source: source, model: answer.model, failure: nil)
    }
}

/// What an operator came up with.
package struct Proposal: Hashable, Sendable {
    /// C text; nil when `failure` says why there is none.
    package var source: String?
    /// The model that wrote it; nil for other operators.
    package var model: String?
    package var failure: String?
    /// The operator that wrote it in the model's place.
    package var standIn: VariationOperator?

    package init(source: String?, model: String?, failure: String?) {
        self.source = source
        self.model = model
        self.failure = failure
    }

    package static func failed(_ reason: String) -> Proposal { Proposal(source: nil, model: nil, failure: reason) }
}
