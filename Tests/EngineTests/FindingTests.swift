import Engine
import EvolveTypes
import RunStore
import Testing

@Suite("What a champion's duels come to")
struct FindingTests {
    /// Nine tasks with these mean gains ± a third.
    private static func record(
        _ candidate: Int, _ form: String, against opponent: String = "gelu", family: String? = nil, gain: Double?
    ) -> VerificationRecord {
        let score = gain.map { gain in
            let tasks = (0..<9).map { place in
                TaskScore(
                    task: "\(place)", family: "f", gains: [gain + Double(place % 3 - 1) / 3], inDistributionGains: [0])
            }
            let estimate = Estimate(mean: gain, low: gain - 0.2, high: gain + 0.2)
            return Score(
                gain: estimate, families: [:], inDistribution: estimate, tail: 0, tasks: tasks, trainingSteps: 0)
        }
        return VerificationRecord(
            index: 0, stage: .duel, family: family, candidate: candidate, name: "candidate \(candidate)",
            duel: VerificationRecord.Duel(opponent: opponent, form: form, rates: [1], rate: 1, opponentRate: 1),
            verdict: score.map { .scored($0) } ?? .diverged("all"), seconds: 0)
    }

    private static func finding(_ records: [VerificationRecord]) -> Finding? {
        Findings(records, reference: "gelu", clip: 20).rows.first?.finding
    }

    @Test("Better or worse needs both forms to say so; a duel without a score shows nothing")
    func bothForms() {
        func pair(_ a: Double?, _ b: Double?) -> Finding? {
            Self.finding([Self.record(1, "as written", gain: a), Self.record(1, "unit moment", gain: b)])
        }
        #expect(pair(1, 1) == .better)
        #expect(pair(1, 0.05) == .notShownToBeBetter, "the gain was in the output's scale")
        #expect(pair(1, -1) == .notShownToBeBetter)
        #expect(pair(-1, -1) == .worse)
        #expect(pair(-1, 0.05) == .notShownToBeBetter)
        #expect(pair(1, nil) == .notShownToBeBetter)
        let rows = Findings(
            [Self.record(1, "as written", gain: 1), Self.record(1, "unit moment", gain: -1)], reference: "gelu",
            clip: 20
        ).rows
        #expect(rows.map(\.p) == [1], "they agree on nothing, however sure each is")
        #expect(rows.map(\.tasks) == [9] && rows.map(\.seeds) == [1])
    }

    @Test("What one champion shows may not be enough for one of many")
    func corrected() {
        // t = 2.5 on nine tasks: p = 0.037.
        let gain = 2.5 / 9.0.squareRoot() * (6.0 / 8 / 9).squareRoot()
        let own = [Self.record(1, "as written", gain: gain), Self.record(1, "unit moment", gain: 1)]
        #expect(Self.finding(own) == .better)
        let second = ["as written", "unit moment"].map { Self.record(2, $0, family: "f", gain: 0) }
        let rows = Findings(own + second, reference: "gelu", clip: 20).rows
        #expect(rows.map(\.finding) == [.notShownToBeBetter, .notShownToBeBetter] && rows[0].champions == 2)
        #expect(abs(rows[0].p - 2 * 0.037) < 0.002)
    }

    @Test("The reference and the best known function are two questions, corrected apart")
    func opponents() {
        let records = ["gelu", "silu"].flatMap { opponent in
            ["as written", "unit moment"].map { Self.record(1, $0, against: opponent, gain: 1) }
        }
        let rows = Findings(records, reference: "gelu", clip: 20).rows
        #expect(rows.map(\.opponent) == ["gelu", "silu"] && rows.map(\.champions) == [1, 1])
        #expect(rows.map(\.isReference) == [true, false])
    }
}
