import EvolveTypes
import Foundation
import RunStore

/// Records with every field in use, varied by their number.
enum Sample {
    static func manifest(seed: UInt64 = .max) -> RunManifest {
        RunManifest(
            name: "sample", seed: seed, policy: Data(#"{"slots":3}"#.utf8),
            definitions: [
                DefinitionFile(path: "Runs/sample.yaml", bytes: Data("slots: 3\n".utf8)),
                DefinitionFile(path: "Fitness/raw", bytes: Data([0, 255, 10, 0])),
            ],
            replay: false, createdAt: Date(timeIntervalSince1970: 1_700_000_000))
    }

    static func answer(slot: Int, attempt: Int = 0, seconds: Double = 1.5) -> AnswerRecord {
        AnswerRecord(
            slot: slot, attempt: attempt, model: "local/sample", prompt: "Improve ‘f’ \(slot)",
            text: attempt == 0 ? "float activation(float x) { return \(slot); }\n" : nil,
            failure: attempt == 0 ? nil : "timed out: 30 s", promptTokens: 410, completionTokens: 50 + slot,
            seconds: seconds)
    }

    static func slot(_ slot: Int, seconds: Double = 0.25) -> SlotRecord {
        SlotRecord(
            slot: slot, island: slot.isMultiple(of: 2) ? "smooth" : "periodic", variation: "model-rewrite",
            parents: slot > 1 ? [slot - 2, slot - 1] : [], model: slot.isMultiple(of: 2) ? "local/sample" : nil,
            source: "float activation(float x) { return \(slot) * x; } // é", idea: "line \(slot)",
            canonicalHash: "ab\(slot)", fingerprint: "cd\(slot)", cost: 12.5,
            descriptor: slot == 0 ? nil : BehaviourDescriptor(leftSlope: -0.1, rightSlope: 1, turns: slot),
            verdict: verdict(slot),
            times: SlotRecord.Times(propose: seconds, compile: seconds, train: seconds))
    }

    static func verification(_ index: Int, seconds: Double = 3) -> VerificationRecord {
        VerificationRecord(
            index: index, stage: index == 0 ? .retest : index == 1 ? .duel : .heldout,
            family: index == 1 ? "harmonics" : nil, candidate: index == 2 ? nil : index, name: "c\(index)",
            duel: index == 1
                ? VerificationRecord.Duel(
                    opponent: "gelu", form: "as written", rates: [0.5, 1], rate: 0.5, opponentRate: 1) : nil,
            verdict: .scored(score(index)), requested: index == 2 ? true : nil, seconds: seconds)
    }

    static func amendment(_ index: Int, day: Double = 3) -> AmendmentRecord {
        AmendmentRecord(
            index: index, slot: 4 * index, models: Data("{\"m\":\(index)}".utf8),
            createdAt: Date(timeIntervalSince1970: 86_400 * day))
    }

    /// Walks through every case.
    static func verdict(_ number: Int) -> Verdict {
        let all: [Verdict] = [
            .scored(score(number)), .racedOut(score(number)), .retested(score(number)),
            .refused([Diagnostic(line: 2, column: 5, "no pointers")]),
            .tooCostly(cost: 200, limit: 120), .unsound("f(0) is NaN"), .duplicate(of: 1), .diverged("7 of 8"),
            .crashed("signal 11"), .timedOut("60 s"), .unanswered("exhausted"),
        ]
        return all[number % all.count]
    }

    static func score(_ number: Int) -> Score {
        let gain = Estimate(mean: 0.1 + Double(number), low: -1.0 / 3, high: 1e-300)
        return Score(
            gain: gain, families: ["harmonics": gain], inDistribution: gain, tail: -2.5,
            tasks: [TaskScore(task: "feynman/I.6.2", family: "feynman", gains: [1, -0.0], inDistributionGains: [2])],
            trainingSteps: 4_000)
    }
}
