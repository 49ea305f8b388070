/// When a dead server is started again, and when it is given up: a circuit breaker without I/O.
///
/// Deaths are counted in a row; an answer ends the row. The waits double, so that a machine short of memory gets air.
package struct RestartPolicy: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case restart(afterSeconds: Double)
        case giveUp
    }

    /// Deaths in a row after which the server is given up.
    package var limit: Int
    /// Seconds before the second restart; the first is immediate.
    package var firstWait: Double
    private var deaths = 0

    package init(limit: Int = 5, firstWait: Double = 0.25) {
        self.limit = limit
        self.firstWait = firstWait
    }

    package mutating func died() -> Action {
        deaths += 1
        guard deaths < limit else { return .giveUp }
        guard deaths > 1 else { return .restart(afterSeconds: 0) }
        return .restart(afterSeconds: firstWait * Double(1 << min(deaths - 2, 6)))
    }

    package mutating func answered() { deaths = 0 }
}
