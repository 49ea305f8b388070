import EvolveTypes
import LanguageModels

/// What a model call came to, as the journal keeps it.
package struct RecordedAnswer: Hashable, Sendable {
    package var model: String
    /// Nil when the call failed.
    package var text: String?
    package var failure: String?

    package init(model: String, text: String?, failure: String?) {
        self.model = model
        self.text = text
        self.failure = failure
    }
}

/// Where answers come from: the record if it has one, else the model, and then the record first of all.
package protocol AnswerLedger: Sendable {
    /// - Throws: `Failure` when the record contradicts the request or cannot be written; a model's own failure is an
    ///   answer.
    func answer(
        to request: ModelRequest, slot: Int, attempt: Int, from model: any LanguageModel
    ) async throws -> RecordedAnswer
}
