import LanguageModels

/// What a model call came to, as the journal keeps it.
package struct RecordedAnswer: Hashable, Sendable {
    package var model: String
    /// Nil when the call failed.
    package var text: String?
    package var failure: String?
    /// The call failed because the server was not to be had, or not as it should be: it says nothing of the request.
    package var isServersFault: Bool

    package init(model: String, text: String?, failure: String?, isServersFault: Bool = false) {
        self.model = model
        self.text = text
        self.failure = failure
        self.isServersFault = isServersFault
    }
}

/// Where answers come from: the record if it has one, else the model, and then the record first of all.
package protocol AnswerLedger: Sendable {
    /// - Parameters:
    ///   - requests: the same question in ever fewer words; the first that fits the model's context is asked.
    ///   - turn: which of the slot's questions it is, from 0.
    /// - Throws: `Failure` when the record contradicts the request or cannot be written, and when nothing but a person can
    ///   make the model answer; any other failure of the model is an answer.
    func answer(
        to requests: RequestLadder, slot: Int, turn: Int, from entry: ModelRoster.Entry
    ) async throws -> RecordedAnswer
}
