import EvolveTypes
import RunStore

/// A slot with its model calls, as `inspect journal --json` prints it, one a line.
package struct JournalEntry: Codable, Sendable {
    package var slot: CandidateID
    package var island: String
    package var variation: String
    package var standIn: String?
    package var parents: [CandidateID]
    package var model: String?
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
        package var prompt: String
        package var text: String?
        package var failure: String?
        package var fault: String?
        package var earlier: [AnswerRecord.Fault]?
        package var requests: Int?
        package var promptTokens: Int
        package var completionTokens: Int
        package var seconds: Double
    }

    package init(_ record: SlotRecord, answers: [AnswerRecord]) {
        slot = record.slot
        island = record.island
        variation = record.variation
        standIn = record.standIn
        parents = record.parents
        model = record.model
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
                model: answer.model, prompt: answer.prompt, text: answer.text, failure: answer.failure,
                fault: answer.fault,
                earlier: answer.earlier, requests: answer.requests,
                promptTokens: answer.promptTokens, completionTokens: answer.completionTokens, seconds: answer.seconds)
        }
    }
}
