import EvolveTypes

/// The store's rules 2 and 3, in one place and in one wording for every back end.
package enum AppendOrder {
    /// - Parameters:
    ///   - index: the number of the record to append.
    ///   - next: how many records there are.
    ///   - noun: "slot" or "verification".
    package static func check(_ index: Int, next: Int, noun: String) throws {
        if index < next {
            throw Failure(.internalError, "\(noun) \(index) is committed already: the next one is \(next)")
        }
        if index > next {
            throw Failure(.internalError, "\(noun) \(index) cannot be committed before \(noun) \(next)")
        }
    }

    package static func missingSlot(_ number: Int) -> Failure {
        Failure(.internalError, "slot \(number) is not committed yet")
    }

    /// What a second answer for the same (slot, attempt) is told.
    package static func duplicateAnswer(_ answer: AnswerRecord) -> Failure {
        Failure(.internalError, "attempt \(answer.attempt) of slot \(answer.slot) has an answer already")
    }
}
