import Engine
import EvolveTypes
import Testing

@Suite("Why proposals came to nothing")
struct ComplaintTallyTests {
    @Test("Like reasons are counted together, whatever their numbers, and what the verdict's name says is not counted")
    func likeReasons() {
        var tally = ComplaintTally()
        for x in ["20.0", "-200.0", "88.5"] {
            tally.add(.unsound("The value is not finite in float32: it is inf at x = \(x). It must be finite."))
        }
        tally.add(.unsound("The derivative by x is 0.25 at x = 3.0, but finite differences give 0.5."))
        tally.add(.refused([Diagnostic(line: 2, column: 7, "the result never depends on x; compute it from x")]))
        tally.add(.diverged("3 of 16 networks stopped being finite"))
        tally.add(.duplicate(of: 1))
        tally.add(.tooCostly(cost: 300, limit: 200))
        #expect(
            tally.counts == [
                "unsound": [
                    "The value is not finite in float32": 3,
                    "The derivative by x is … at x = …, but finite differences give ….": 1,
                ],
                "refused": ["the result never depends on x": 1],
                "diverged": ["… of … networks stopped being finite": 1],
            ])
    }

    @Test("Of very many different reasons the frequent ones are kept by name, and none is lost")
    func manyReasons() {
        var tally = ComplaintTally()
        for round in 0..<2_000 {
            tally.add(.crashed("rare \(Character(Unicode.Scalar(0x4E00 + UInt32(round)) ?? "a"))"))
            if round.isMultiple(of: 4) { tally.add(.crashed("frequent")) }
        }
        let counts = tally.counts["crashed"] ?? [:]
        #expect(counts.count <= 65 && counts["frequent"] == 500)
        #expect(counts.values.reduce(0, +) == 2_500)
        #expect((counts[ComplaintTally.others] ?? 0) > 1_800)
    }
}
