/// A number that changes from slot to slot: from one value towards another, and then anew (the saw-tooth of FunSearch).
///
/// It depends on no total, so that a shorter run is the beginning of a longer one.
package struct Schedule: Codable, Hashable, Sendable {
    package var from: Double
    package var to: Double
    /// Slots from one beginning to the next, at least 1.
    package var period: Int

    package init(from: Double, to: Double, period: Int) {
        self.from = from
        self.to = to
        self.period = period
    }

    package init(constant value: Double) { self.init(from: value, to: value, period: 1) }

    /// - Parameter place: counts an island's slots from 0.
    package func value(at place: Int) -> Double {
        guard from != to else { return from }
        return from + (to - from) * Double(place % period) / Double(period)
    }
}

extension Schedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    package init(floatLiteral value: Double) { self.init(constant: value) }
    package init(integerLiteral value: Int) { self.init(constant: Double(value)) }
}
