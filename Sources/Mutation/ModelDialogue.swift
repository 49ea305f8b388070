import ActivationCompiler
import ActivationParser
import ActivationPython
import EvolveTypes
import LanguageModels
import Population

/// A slot's talk with a model: the question, and one more after an answer that is of no use.
extension Proposer {
    /// What a slot asks.
    private struct Question {
        /// With all inspirations, with one less, and so on.
        var requests: RequestLadder
        /// Of an edit under a grammar: the text behind the place, which the model need not write.
        var rest = ""
    }

    /// What a model is asked for `plan`: the question with all inspirations, with one less, and so on.
    package func requests(_ plan: SlotPlan, policy: IslandPolicy, facts: ModelFacts) -> RequestLadder {
        var stream = stream(of: plan, policy: policy)
        return question(plan, policy, facts, &stream).requests
    }

    private func question(
        _ plan: SlotPlan, _ policy: IslandPolicy, _ facts: ModelFacts, _ stream: inout RandomStream
    ) -> Question {
        let isConstrained = facts.traits.constraint == .grammar
        let offer = offer(plan, policy, &stream)
        let parent = plan.variation == .modelEdit ? plan.parents.last : nil
        let tree = parent.flatMap { elites.read($0.source)?.tree }
        let occasion = Prompt.Occasion(
            plan: plan, policy: policy, offer: offer, isConstrained: isConstrained,
            goal: goal(plan, policy, &stream), hole: tree.flatMap { TreeHole.cut($0, stream: &stream) },
            costLimit: pipeline.costLimit, allow: pipeline.allow, elites: elites)
        let grammar = facts.traits.continues ? grammar(occasion, of: tree) : nil
        let gbnf = isConstrained ? grammar?.gbnf : nil
        let seed = UInt32(truncatingIfNeeded: stream.next())
        let requests = RequestLadder(count: plan.inspirations.count + 1) { [deadline, head = grammar?.head] dropped in
            // The worst come first, and go first.
            let prompt = Prompt(occasion, inspirations: plan.inspirations.dropFirst(dropped))
            return ModelRequest(
                system: prompt.system, user: prompt.text, prefill: head, grammar: gbnf,
                temperature: policy.sampling.temperature.value(at: plan.round),
                maxTokens: facts.limit(ofAnswer: policy.sampling.maxTokens), seed: seed, deadline: deadline,
                index: plan.requestIndex)
        }
        return Question(requests: requests, rest: isConstrained ? occasion.hole?.after ?? "" : "")
    }

    private func grammar(_ occasion: Prompt.Occasion, of tree: TranslationUnit?) -> Grammar {
        guard let hole = occasion.hole, let tree else {
            return .candidates(occasion.offer, idea: Prompt.idea(occasion))
        }
        let idea = (TreeNames.idea("Edit of", of: [tree]) ?? "An edit") + ": " + occasion.goal
        return .edits(
            occasion.offer, head: "// \(idea)\n" + hole.before, variables: hole.variables, old: hole.old)
    }

    private func goal(_ plan: SlotPlan, _ policy: IslandPolicy, _ stream: inout RandomStream) -> String {
        switch plan.variation {
        case .modelCrossover: "both in one"
        case .modelIdea: "unlike those before"
        case .modelSimplify: "simpler and cheaper"
        default: stream.pick(policy.goals) ?? "better"
        }
    }

    func asked(
        _ plan: SlotPlan, policy: IslandPolicy, ledger: any AnswerLedger, stream: inout RandomStream
    ) async throws -> Proposal {
        guard let name = plan.model, var entry = roster[name] else {
            return .failed("the run has no model \(plan.model ?? "to ask")")
        }
        if let facts = facts(name, plan.slot) { entry.facts = facts }
        let question = question(plan, policy, entry.facts, &stream)
        var answer = try await ledger.answer(to: question.requests, slot: plan.slot, turn: 0, from: entry)
        if answer.isServersFault { return standIn(plan, answer: answer, stream: &stream) }
        var reading = try read(answer, plan, policy, rest: question.rest)
        for turn in 0..<policy.sampling.repairs {
            guard let objections = reading.objections else { break }
            let (first, source) = (question.requests, reading.proposal.source ?? "")
            let way = Self.repair(first[0], plan)
            let repairs = RequestLadder(count: first.count) { dropped in
                let request = first[dropped]
                var repair = way.request(
                    after: request, source: source, diagnostics: objections,
                    template: policy.prompts[.repair] ?? "", seed: request.seed &+ UInt32(turn + 1))
                repair.index = plan.requestIndex + turn + 1
                return repair
            }
            answer = try await ledger.answer(to: repairs, slot: plan.slot, turn: turn + 1, from: entry)
            let second = try read(answer, plan, policy, rest: question.rest)
            // A text that is refused says more than no text.
            if second.proposal.source != nil { reading = second }
        }
        return reading.proposal
    }

    /// How a second question is put: what a grammar holds, or what is begun in the middle of a line, must be begun so again.
    private static func repair(_ request: ModelRequest, _ plan: SlotPlan) -> RepairPrompt {
        guard request.prefill != nil else { return .quoting }
        return request.grammar != nil || plan.variation == .modelEdit ? .told : .begun
    }

    /// While no model is to be had, blind edits of its best parent carry on, so that the slot is not lost.
    private func standIn(_ plan: SlotPlan, answer: RecordedAnswer, stream: inout RandomStream) -> Proposal {
        var proposal = mutated(plan.parents.last, stream: &stream)
        guard proposal.source != nil else { return .failed(answer.failure ?? "no answer") }
        proposal.standIn = .treeMutation
        return proposal
    }

    private struct Reading {
        var proposal: Proposal
        /// What a second question may mend; nil = nothing is wrong, or nothing can be said.
        var objections: [Diagnostic]?
    }

    private func read(
        _ answer: RecordedAnswer, _ plan: SlotPlan, _ policy: IslandPolicy, rest: String
    ) throws -> Reading {
        guard let text = answer.text, answer.failure == nil else {
            return Reading(proposal: .failed(answer.failure ?? "no answer"))
        }
        let proposal: Proposal
        switch AnsweredFunction.read(text + rest) {
        case .source(let source): proposal = Proposal(source, pipeline)
        case .refused(let python, let diagnostic): proposal = .refused(python, diagnostic)
        case nil:
            let words = "no C function in the answer"
            return Reading(proposal: .failed(words), objections: [Diagnostic(line: 0, column: 0, words)])
        }
        return Reading(proposal: proposal, objections: try objections(to: proposal, plan, policy))
    }

    private func objections(
        to proposal: Proposal, _ plan: SlotPlan, _ policy: IslandPolicy
    ) throws -> [Diagnostic]? {
        func only(_ text: String) -> [Diagnostic] { [Diagnostic(line: 0, column: 0, text)] }
        guard case .text(_, let result) = proposal.content else { return nil }
        switch result {
        case .refused(let diagnostics): return diagnostics
        case .tooCostly(let cost, let limit):
            return only("it costs \(Int(cost)) operations, more than the limit of \(Int(limit)); write a cheaper one")
        case .unsound(let reason): return only(reason)
        case .compiled(let candidate):
            return try twin(candidate, plan.base, policy.novelty).map { twin in
                let words = twin.isExact ? "which was tried before" : "nearly what was tried before"
                return only("it computes \(candidate.formula), \(words); write another function")
            }
        }
    }
}
