import Testing

@testable import RunStorePostgres

@Suite struct ReconnectingTests {
    private func failure(_ kind: PostgresFailure.Kind) -> PostgresFailure {
        PostgresFailure(kind, "because", at: "database d on h:1")
    }

    @Test("delays double up to the longest; the jitter takes up to half away")
    func delays() {
        let policy = Reconnecting(first: 0.5, longest: 3)
        #expect([1, 2, 3, 4, 5, 1_000_000].map { policy.delay(failed: $0, jitter: 0) } == [0.5, 1, 2, 3, 3, 3])
        #expect(policy.delay(failed: 2, jitter: 0.5) == 0.75)
        #expect(policy.delay(failed: 0, jitter: 0) == 0.5)
    }

    /// A clock that only sleeping moves.
    private final class Clock {
        var now = 100.0
        var events: [Retrying.Event] = []
        func retrying() -> Retrying {
            Retrying(sleep: { self.now += $0 }, jitter: { 0 }, now: { self.now }, observe: { self.events.append($0) })
        }
    }

    @Test("what may pass is tried again, and both the wait and its end are told")
    func recovery() throws {
        let clock = Clock()
        var failures = [failure(.connectionLost), failure(.tooManyConnections), failure(.serialization)]
        let result = try clock.retrying()(for: nil) {
            if !failures.isEmpty { throw failures.removeFirst() }
            return 7
        }
        #expect(result == 7)
        #expect(
            clock.events == [
                .waiting(failure(.connectionLost), attempt: 1, waited: 0, delay: 0.25),
                .waiting(failure(.tooManyConnections), attempt: 2, waited: 0.25, delay: 0.5),
                .waiting(failure(.serialization), attempt: 3, waited: 0.75, delay: 0.02),
                .recovered(waited: clock.now - 100),
            ])
    }

    @Test(
        "everything else is thrown at once",
        arguments: [
            PostgresFailure.Kind.commitUnknown, .uniqueViolation(constraint: "c"), .readOnly, .diskFull,
            .authentication,
            .noDatabase, .permission, .timedOut, .other,
        ])
    func permanent(kind: PostgresFailure.Kind) {
        let clock = Clock()
        var calls = 0
        #expect(throws: failure(kind)) {
            try clock.retrying()(for: nil) {
                calls += 1
                throw failure(kind)
            }
        }
        #expect(calls == 1)
        #expect(clock.events.isEmpty)
    }

    @Test("no delay goes beyond the deadline; the last failure is thrown")
    func deadline() {
        let clock = Clock()
        var calls = 0
        #expect(throws: failure(.connectionLost)) {
            try clock.retrying()(for: 2) {
                calls += 1
                throw failure(.connectionLost)
            }
        }
        #expect(calls == 4)  // after 0, 0.25, 0.75 and 1.75 s
        #expect(clock.now == 101.75)
    }

    @Test("what ends a sleep ends the retrying")
    func interruption() {
        struct Stop: Error {}
        let retrying = Retrying(sleep: { _ in throw Stop() }, jitter: { 0 }, now: { 0 })
        #expect(throws: Stop.self) { try retrying(for: nil) { throw failure(.connectionLost) } }
    }
}
