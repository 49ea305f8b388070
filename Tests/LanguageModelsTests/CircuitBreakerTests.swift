import LanguageModels
import Testing

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    private func broken(at time: Double = 0) -> CircuitBreaker {
        var breaker = CircuitBreaker(limit: 3, firstPause: 10, longestPause: 35)
        for _ in 0..<2 { #expect(breaker.failed(at: time) == nil) }
        #expect(breaker.failed(at: time) == 10)
        return breaker
    }

    @Test("failures in a row begin a pause; a success between them does not let it come to that")
    func opens() {
        var breaker = CircuitBreaker(limit: 3, firstPause: 10, longestPause: 35)
        for _ in 0..<5 {
            #expect(breaker.failed(at: 0) == nil)
            #expect(breaker.failed(at: 0) == nil)
            breaker.succeeded()
        }
        #expect(breaker.decide(at: 0) == .go)
        breaker = broken()
        #expect(breaker.decide(at: 4) == .paused(secondsLeft: 6))
    }

    @Test(
        "after the pause one call goes on trial; its success lets all go, its failure doubles the pause, up to a limit")
    func trial() {
        var breaker = broken()
        for (now, pause) in [(10.0, 20.0), (30, 35), (65, 35)] {
            #expect(breaker.decide(at: now) == .go)
            #expect(breaker.decide(at: now) == .paused(secondsLeft: 0), "one at a time")
            #expect(breaker.failed(at: now) == pause)
        }
        #expect(breaker.decide(at: 100) == .go)
        breaker.succeeded()
        #expect(breaker.decide(at: 100) == .go)
        #expect(breaker.failed(at: 100) == nil && breaker.failed(at: 100) == nil)
        #expect(breaker.failed(at: 100) == 10, "the next pause is short again")
    }

    @Test("a trial that was given up lets the next call try")
    func abandoned() {
        var breaker = broken()
        #expect(breaker.decide(at: 10) == .go)
        breaker.abandoned(at: 11)
        #expect(breaker.decide(at: 11) == .go)
    }

    @Test("calls that were under way when the pause began do not lengthen it; want of credit begins one at once")
    func stragglers() {
        var breaker = broken()
        #expect(breaker.failed(at: 9) == nil)
        #expect(breaker.decide(at: 10) == .go)
        var fresh = CircuitBreaker(limit: 3, firstPause: 10, longestPause: 35)
        #expect(fresh.failed(at: 0, atOnce: true) == 10)
    }
}
