import EvolveTypes
import RunStore

/// A slot with its model calls, as `inspect journal --json` prints it, one a line.
package struct JournalEntry: Codable, Sendable {
    package var slot: CandidateID
    package var island: String
    package var variation: String
    package var standIn: String?
    package var parents: [CandidateID]
    package var inspirations: [CandidateID]?
    package var model: String?
    package var spend: [String: Spend]?
    package var source: String?
    package var idea: String?
    package var fingerprint: String?
    package var cost: Double?
    package var verdict: String
    package var reason: String?
    package var gain: Estimate?
    package var trainingSteps: Int?
    package var tuningSteps: Int?
    package var times: SlotRecord.Times
    package var answers: [Call]

    package struct Call: Codable, Sendable {
        package var model: String
        /// Which of the slot's questions: 0 the first, 1 that after a refusal.
        package var turn: Int
        package var dropped: Int?
        package var prompt: String
        package var text: String?
        package var failure: String?
        package var fault: String?
        package var earlier: [AnswerRecord.Fault]?
        package var requests: Int?
        package var promptTokens: Int
        package var completionTokens: Int
        package var dollars: Double?
        package var seconds: Double
    }

    package init(_ record: SlotRecord, answers: [AnswerRecord]) {
        slot = record.slot
        island = record.island
        variation = record.variation
        standIn = record.standIn
        parents = record.parents
        inspirations = record.inspirations
        model = record.model
        spend = record.spend
        source = record.source
        idea = record.idea
        fingerprint = record.fingerprint
        cost = record.cost
        verdict = record.verdict.name
        reason = record.verdict.reason
        gain = record.verdict.score?.gain
        trainingSteps = record.verdict.score?.trainingSteps
        tuningSteps = record.tuningSteps
        times = record.times
        self.answers = answers.map { answer in
            Call(
                model: answer.model, turn: answer.turn ?? answer.attempt, dropped: answer.dropped,
                prompt: answer.prompt, text: answer.text, failure: answer.failure,
                fault: answer.fault,
                earlier: answer.earlier, requests: answer.requests,
                promptTokens: answer.promptTokens, completionTokens: answer.completionTokens, dollars: answer.dollars,
                seconds: answer.seconds)
        }
    }
}
