import EvolveTypes
import Population
import Testing

@Suite("The bandit over operators and models")
struct BanditTests {
    private static let policy = BanditPolicy(most: 3, memory: 100, stepsPerToken: 10, stepsPerDollar: 1_000)
    private static let good = Arm(.modelRewrite, model: "good")
    private static let bad = Arm(.modelRewrite, model: "bad")
    private static let blind = Arm(.treeMutation)

    private static func taught(_ slots: Int, goodIsLast: Int = 0) -> Bandit {
        var bandit = Bandit(policy)
        for slot in 0..<slots {
            let turned = slot < goodIsLast
            bandit.learn(good, gain: slot.isMultiple(of: 5) && !turned ? 1 : 0, cost: 100)
            bandit.learn(bad, gain: slot.isMultiple(of: 5) && turned ? 1 : 0, cost: 100)
        }
        return bandit
    }

    @Test("Before anything has been gained every arm counts what its island says")
    func blank() {
        var bandit = Bandit(Self.policy)
        #expect(bandit.factor(Self.good) == 1)
        for _ in 0..<50 { bandit.learn(Self.bad, gain: 0, cost: 500) }
        #expect(bandit.factor(Self.bad) == 1 && bandit.factor(Self.good) == 1)
    }

    @Test("Who brings more for its cost gains weight, within bounds, and who brings nothing keeps some")
    func bounds() {
        let bandit = Self.taught(300)
        #expect(bandit.factor(Self.good) > 1.3 && bandit.factor(Self.good) <= 3)
        #expect(bandit.factor(Self.bad) < 0.7 && bandit.factor(Self.bad) >= 1.0 / 3)
    }

    @Test("The same gain for less counts more")
    func cost() {
        var bandit = Bandit(Self.policy)
        for _ in 0..<100 {
            bandit.learn(Self.good, gain: 0.1, cost: 1_000)
            bandit.learn(Self.blind, gain: 0.1, cost: 100)
        }
        #expect(bandit.factor(Self.blind) > 1.5 && bandit.factor(Self.good) < 1)
    }

    @Test("An arm that turns good is found out, for what is long ago counts little")
    func memory() {
        let bandit = Self.taught(900, goodIsLast: 450)
        #expect(bandit.factor(Self.good) > 1.2 && bandit.factor(Self.bad) < 0.8)
    }

    @Test("A model that joins stands at the rate of all, and one that leaves changes nothing for the others' order")
    func newcomers() {
        let bandit = Self.taught(300)
        let newcomer = bandit.factor(Arm(.modelIdea, model: "new"))
        #expect(abs(newcomer - 1) < 1e-9)
    }
}
