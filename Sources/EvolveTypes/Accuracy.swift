/// Shares of examples whose class is found, 0 to 1.
package struct Accuracy: Codable, Hashable, Sendable {
    package var inDistribution: Double
    package var outOfDistribution: Double
    /// Of frequent and of middling classes, in distribution; nil when the task does not tell classes by frequency, or the
    /// test has none of them. The tail's is the accuracy out of distribution.
    package var head: Double?
    package var middle: Double?
    package var tail: Double?

    package init(
        inDistribution: Double, outOfDistribution: Double, head: Double? = nil, middle: Double? = nil,
        tail: Double? = nil
    ) {
        self.inDistribution = inDistribution
        self.outOfDistribution = outOfDistribution
        self.head = head
        self.middle = middle
        self.tail = tail
    }

    /// The mean of each figure over those that have it; nil when there is nothing.
    package static func mean(_ all: [Accuracy]) -> Accuracy? {
        func mean(_ values: [Double?]) -> Double? {
            let known = values.compactMap(\.self)
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }
        guard let inside = mean(all.map(\.inDistribution)), let outside = mean(all.map(\.outOfDistribution)) else {
            return nil
        }
        return Accuracy(
            inDistribution: inside, outOfDistribution: outside, head: mean(all.map(\.head)),
            middle: mean(all.map(\.middle)), tail: mean(all.map(\.tail)))
    }

    /// What a network that diverged is worth: every figure the other has, at 0.
    package var none: Accuracy {
        Accuracy(
            inDistribution: 0, outOfDistribution: 0, head: head.map { _ in 0 }, middle: middle.map { _ in 0 },
            tail: tail.map { _ in 0 })
    }
}

package struct AccuracyPair: Codable, Hashable, Sendable {
    package var candidate: Accuracy
    package var reference: Accuracy

    package init(candidate: Accuracy, reference: Accuracy) {
        self.candidate = candidate
        self.reference = reference
    }

    /// Over tasks; nil when there are none.
    package static func mean(_ all: [AccuracyPair]) -> AccuracyPair? {
        guard let candidate = Accuracy.mean(all.map(\.candidate)), let reference = Accuracy.mean(all.map(\.reference))
        else { return nil }
        return AccuracyPair(candidate: candidate, reference: reference)
    }
}
