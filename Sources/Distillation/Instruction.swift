import EvolveTypes
import RunStore

/// Whether a change is to be made.
package enum Advice: String, Codable, Sendable {
    case prefer
    case avoid

    /// Whether a lead speaks for the advice.
    func agrees(_ lead: Estimate) -> Bool { self == .prefer ? lead.mean > 0 : lead.mean < 0 }

    /// Whether its whole interval does.
    func isSurely(_ lead: Estimate) -> Bool { self == .prefer ? lead.low > 0 : lead.high < 0 }

    var opposite: Advice { self == .prefer ? .avoid : .prefer }
}

/// One line of what runs teach, with what it rests on.
package struct Instruction: Codable, Sendable {
    /// The changes of one run that are meant.
    package struct Origin: Codable, Hashable, Sendable {
        /// The run's digest.
        package var run: String
        package var slots: [CandidateID]
    }

    /// The instruction on changes that it was not learned from.
    package struct Test: Codable, Sendable {
        /// What it was tested on, in words.
        package var on: String
        package var measure: Measure
    }

    package var text: String
    package var advice: Advice
    package var pattern: Pattern
    /// On what it was learned from; chosen by it, so on average too clear.
    package var learned: Measure
    package var tests: [Test] = []
    package var families: [String] = []
    package var from: [Origin] = []

    /// In decibels, how far its interval is from no lead.
    var strength: Double { advice == .prefer ? learned.lead.low : -learned.lead.high }
}

/// Something that was found and is not in the list.
package struct Dropped: Codable, Sendable {
    package var text: String
    package var why: String
}
