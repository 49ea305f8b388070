import LanguageModels
import Testing

@Suite("Restart policy")
struct RestartPolicyTests {
    @Test("waits double from the second restart on, and the limit ends them")
    func backoff() {
        var policy = RestartPolicy(limit: 5, firstWait: 0.25)
        let actions = (0..<5).map { _ in policy.died() }
        #expect(
            actions == [
                .restart(afterSeconds: 0), .restart(afterSeconds: 0.25), .restart(afterSeconds: 0.5),
                .restart(afterSeconds: 1), .giveUp,
            ])
    }

    @Test("an answer ends the row of deaths")
    func answered() {
        var policy = RestartPolicy(limit: 2)
        for _ in 0..<10 {
            #expect(policy.died() == .restart(afterSeconds: 0))
            policy.answered()
        }
        _ = policy.died()
        #expect(policy.died() == .giveUp)
    }
}
