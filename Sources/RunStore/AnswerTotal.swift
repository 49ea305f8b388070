import EvolveTypes

/// Where an answer stands among a run's.
package struct AnswerPlace: Hashable, Comparable, Sendable {
    package var slot: Int
    package var attempt: Int

    package init(slot: Int, attempt: Int) {
        self.slot = slot
        self.attempt = attempt
    }

    package init(_ answer: AnswerRecord) { self.init(slot: answer.slot, attempt: answer.attempt) }

    package static func < (left: AnswerPlace, right: AnswerPlace) -> Bool {
        (left.slot, left.attempt) < (right.slot, right.attempt)
    }
}

/// What any number of answers come to.
package struct AnswerTotal: Codable, Hashable, Sendable {
    package private(set) var calls = 0
    package private(set) var failures = 0
    package private(set) var spend = Spend()
    /// That models worked on them.
    package private(set) var seconds = 0.0
    /// Requests that came to nothing and calls that were not made, by what went wrong.
    package private(set) var faults: [String: Int] = [:]

    package init() {}

    package mutating func add(_ answer: AnswerRecord) {
        calls += 1
        if answer.failure != nil { failures += 1 }
        spend = spend + answer.spend
        seconds += answer.seconds
        for fault in (answer.earlier ?? []).map(\.kind) + [answer.fault].compactMap(\.self) {
            faults[fault, default: 0] += 1
        }
    }

    package static func + (left: AnswerTotal, right: AnswerTotal) -> AnswerTotal {
        var sum = left
        sum.calls += right.calls
        sum.failures += right.failures
        sum.spend = left.spend + right.spend
        sum.seconds += right.seconds
        sum.faults.merge(right.faults, uniquingKeysWith: +)
        return sum
    }

    /// Without what depends on the order of a sum.
    var counts: AnswerTotal {
        var counts = self
        counts.seconds = 0
        counts.spend.dollars = 0
        return counts
    }
}

extension AnswerRecord {
    package var spend: Spend {
        Spend(
            requests: requests ?? 1, promptTokens: promptTokens, completionTokens: completionTokens,
            dollars: dollars ?? 0)
    }
}
