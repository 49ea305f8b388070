import Engine
import EvolveTypes
import Reporting
import RunStore
import Testing

@Suite("The live view")
struct RunProgressTests {
    private static func record(_ slot: Int, gain: Double, variation: String = "tree-mutation") -> SlotRecord {
        let estimate = Estimate(mean: gain, low: gain - 1, high: gain + 1)
        return SlotRecord(
            slot: slot, island: "a", variation: variation, parents: [0], model: nil, source: nil, idea: nil,
            canonicalHash: nil, fingerprint: nil, cost: 1, descriptor: nil,
            verdict: .scored(
                Score(
                    gain: estimate, families: [:], inDistribution: estimate, tail: 0, tasks: [], trainingSteps: 1)),
            times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
    }

    @Test("Slots, rate, time left, best with interval, and the model's speed, in lines of at most 80 columns")
    func panel() {
        var progress = RunProgress(name: "quickstart")
        progress.take(.searching(committed: 10, of: 200, seconds: nil), at: 5)
        for slot in 10..<30 { progress.take(.committed(Self.record(slot, gain: Double(slot % 7) / 2)), at: 15) }
        progress.take(
            .answered(
                AnswerRecord(
                    slot: 12, attempt: 0, model: "m", prompt: "p", text: "t", failure: nil, promptTokens: 400,
                    completionTokens: 60, seconds: 2)), at: 15)
        let lines = progress.panel(at: 15)
        #expect(lines.count == 4)
        #expect(lines[0] == "quickstart  slot 30/200  2.0 slots/s  about 1 min 25 s left")
        #expect(lines[1].contains("+3.00 dB [+2.00, +4.00]"))
        #expect(lines[2] == "20 tree-mutation, 20 scored")
        #expect(lines[3] == "model: 1 answer, 2.0 s each, 30 tokens/s")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test(
        "The time left goes by the slots or by the run's time limit, whichever ends first; at the start nothing is said"
    )
    func timeLeft() {
        var progress = RunProgress(name: "r")
        progress.take(.searching(committed: 0, of: 1_000, seconds: 60), at: 100)
        progress.take(.committed(Self.record(0, gain: 1)), at: 101)
        #expect(progress.panel(at: 105)[0] == "r  slot 1/1000")
        for slot in 1..<20 { progress.take(.committed(Self.record(slot, gain: 1)), at: 110) }
        #expect(progress.panel(at: 120)[0] == "r  slot 20/1000  1.0 slots/s  about 40 s left")
    }

    @Test("A stop says what it waits for, and for how long")
    func stopping() {
        var progress = RunProgress(name: "r")
        progress.take(.searching(committed: 0, of: 4, seconds: nil), at: 0)
        let event = RunEvent.stopping(calls: 1, seconds: 20)
        progress.take(event, at: 100)
        #expect(progress.panel(at: 105)[3] == "stopping: 1 answer is under way, waited for 15 s at most")
        #expect(
            progress.plainLine(for: event, at: 100)?.contains("1 answer is under way, waited for 20 s at most") == true)
    }

    @Test("Who works with others, and does not lead, says what it has done itself and no slot that it does not know")
    func company() {
        var progress = RunProgress(name: "r")
        progress.take(.worked(.slot(Self.record(3, gain: 1))), at: 1)
        let lines = progress.panel(at: 1)
        #expect(lines[0] == "r  at work with others: 1 task done here (`evolve status` shows the run)")
        #expect(!lines.joined().contains("slot"))
    }

    @Test("A seed program is never the best so far; verification counts its steps")
    func seedsAndVerification() {
        var progress = RunProgress(name: "r")
        progress.take(.searching(committed: 0, of: 4, seconds: nil), at: 0)
        progress.take(.committed(Self.record(0, gain: 9, variation: "seed")), at: 1)
        #expect(progress.panel(at: 1)[1] == "no new candidate scored yet")
        progress.take(.verifying(.retests, steps: 3), at: 2)
        #expect(progress.panel(at: 2)[0] == "r  verifying, re-tests: 0 of 3 measurements done")
    }
}
