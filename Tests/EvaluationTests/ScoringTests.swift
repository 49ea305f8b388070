import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

private func outcome(_ error: Double, diverged: Bool = false) -> TrainingOutcome {
    TrainingOutcome(train: error, inDistribution: 2 * error, outOfDistribution: error, diverged: diverged)
}

@Suite("Scoring")
struct ScoringTests {
    @Test("A smaller error is a positive gain: half the error is 3.01 dB")
    func sign() {
        #expect(abs(Scoring.gain(reference: 0.2, candidate: 0.1, clip: 20) - 3.0103) < 1e-4)
        #expect(abs(Scoring.gain(reference: 0.1, candidate: 0.2, clip: 20) + 3.0103) < 1e-4)
        #expect(abs(Scoring.gain(reference: 1, candidate: 1 - 0.2057, clip: 20) - 1) < 1e-3)
        #expect(Scoring.gain(reference: 0.3, candidate: 0.3, clip: 20) == 0)
    }

    @Test("Gains are clipped, and errors below float32's noise are all alike")
    func bounds() {
        #expect(Scoring.gain(reference: 1, candidate: 1e-9, clip: 20) == 20)
        #expect(Scoring.gain(reference: 1e-9, candidate: 1, clip: 20) == -20)
        #expect(Scoring.gain(reference: 0, candidate: 1e-13, clip: 20) == 0)
    }

    @Test("A network that diverged is as bad as can be")
    func divergence() {
        func gain(_ reference: Bool, _ candidate: Bool) -> Double {
            let pair = Scoring.Pair(
                reference: outcome(0.5, diverged: reference), candidate: outcome(0.5, diverged: candidate))
            return Scoring.gain(of: pair, in: \.outOfDistribution, clip: 12)
        }
        #expect([gain(false, true), gain(true, false), gain(true, true), gain(false, false)] == [-12, 12, 0, 0])
    }

    @Test("A score is the mean over tasks of the mean over seeds, with families and the worst quarter")
    func score() {
        let tasks = (0..<8).map {
            SuitePolicy.Task(
                name: "t\($0)", family: $0 < 4 ? "a" : "b", split: .search, target: .fourier(terms: 1, seed: 1))
        }
        // Gains of 10 dB for a, −10 dB for b, in both seeds.
        let pairs = (0..<8).map { index in
            (0..<2).map { _ in Scoring.Pair(reference: outcome(0.1), candidate: outcome(index < 4 ? 0.01 : 1)) }
        }
        let score = Scoring.score(tasks: tasks, pairs: pairs, clip: 20, steps: 77)
        #expect(abs(score.gain.mean) < 1e-12)
        #expect(score.gain.low < -2 && score.gain.high > 2)
        #expect(score.families["a"].map { abs($0.mean - 10) < 1e-9 && abs($0.low - 10) < 1e-9 } == true)
        #expect(score.families["b"].map { abs($0.mean + 10) < 1e-9 } == true)
        #expect(abs(score.tail + 10) < 1e-9)
        #expect(score.trainingSteps == 77)
        #expect(score.tasks.map(\.task) == tasks.map(\.name))
    }

    @Test("The gain is the one outside the training range; the one inside stands beside it")
    func outsideCounts() {
        let task = SuitePolicy.Task(
            name: "t", family: "a", split: .search, target: .fourier(terms: 1, seed: 1))
        let pair = Scoring.Pair(
            reference: TrainingOutcome(train: 0.5, inDistribution: 0.1, outOfDistribution: 0.1, diverged: false),
            candidate: TrainingOutcome(train: 0.5, inDistribution: 0.2, outOfDistribution: 0.01, diverged: false))
        let score = Scoring.score(tasks: [task], pairs: [[pair, pair]], clip: 20, steps: 1)
        #expect(abs(score.gain.mean - 10) < 1e-9 && abs(score.tail - 10) < 1e-9)
        #expect(score.families["a"].map { abs($0.mean - 10) < 1e-9 } == true)
        #expect(abs(score.inDistribution.mean + 3.0103) < 1e-4)
    }

    @Test("The plain aggregate is the sum over tasks of the mean loss, and is not there for a side that diverged")
    func losses() {
        let tasks = (0..<2).map {
            SuitePolicy.Task(name: "t\($0)", family: "a", split: .search, target: .fourier(terms: 1, seed: 1))
        }
        func pair(_ reference: Double?, _ candidate: Double?) -> Scoring.Pair {
            func outcome(_ loss: Double?) -> TrainingOutcome {
                TrainingOutcome(
                    train: 0.1, inDistribution: 0.1, outOfDistribution: 0.1, diverged: loss == nil, loss: loss)
            }
            return Scoring.Pair(reference: outcome(reference), candidate: outcome(candidate))
        }
        let score = Scoring.score(
            tasks: tasks, pairs: [[pair(1, 2), pair(3, 4)], [pair(10, 0.5), pair(10, nil)]], clip: 20, steps: 1)
        #expect(score.losses == LossSums(candidate: nil, reference: 12))
        let whole = Scoring.score(
            tasks: tasks, pairs: [[pair(1, 2), pair(3, 4)], [pair(10, 0.5), pair(10, 1.5)]], clip: 20, steps: 1)
        #expect(whole.losses == LossSums(candidate: 4, reference: 12))
    }

    @Test("Accuracies are means over the seeds, in which a network that diverged finds nothing")
    func accuracies() {
        let task = SuitePolicy.Task(name: "t", family: "a", split: .search, target: .fourier(terms: 1, seed: 1))
        func outcome(_ accuracy: Accuracy?) -> TrainingOutcome {
            TrainingOutcome(
                train: 1, inDistribution: 1, outOfDistribution: 1, diverged: accuracy == nil, accuracy: accuracy)
        }
        let good = Accuracy(inDistribution: 0.8, outOfDistribution: 0.4, head: 0.9, middle: nil, tail: 0.4)
        let pairs = [good, nil].map { Scoring.Pair(reference: outcome(good), candidate: outcome($0)) }
        let score = Scoring.score(tasks: [task], pairs: [pairs], clip: 20, steps: 1)
        #expect(score.tasks[0].accuracy?.reference == good)
        #expect(
            score.tasks[0].accuracy?.candidate
                == Accuracy(inDistribution: 0.4, outOfDistribution: 0.2, head: 0.45, middle: nil, tail: 0.2))
        let none = Scoring.score(
            tasks: [task], pairs: [[Scoring.Pair(reference: outcome(nil), candidate: outcome(nil))]], clip: 20, steps: 1
        )
        #expect(none.tasks[0].accuracy == nil)
    }

    @Test("A score stored before losses and accuracies were kept is still read")
    func oldScores() throws {
        let estimate = #"{"high":1,"low":-1,"mean":0}"#
        let stored =
            #"{"families":{},"gain":E,"inDistribution":E,"tail":-1,"tasks":[{"family":"a","gains":[0],"inDistributionGains":[0],"task":"t"}],"trainingSteps":5}"#
            .replacingOccurrences(of: "E,", with: estimate + ",")
        let score = try CanonicalJSON.decode(Score.self, from: Data(stored.utf8))
        #expect(score.losses == nil && score.tasks[0].accuracy == nil && score.standing(by: .mix) == -0.5)
        #expect(try CanonicalJSON.encode(score) == Data(stored.utf8), "and keeps its digest")
    }

    @Test("The race takes up families in turn and spreads evenly within them; a later stage holds the earlier ones")
    func raceOrder() {
        var suite = SuitePolicy.tiny()
        suite.tasks = (0..<16).map { index in
            SuitePolicy.Task(
                name: "\(index)", family: index < 4 ? "a" : "b", split: index == 15 ? .heldout : .search,
                target: .fourier(terms: 1, seed: 1))
        }
        func tasks(_ count: Int) -> [Int] { suite.spreadTasks(count) }
        #expect(tasks(4) == [1, 2, 6, 9])
        #expect(tasks(10).count { $0 < 4 } == 4)
        #expect(tasks(99) == Array(0..<15))
        for count in 1..<15 { #expect(Set(tasks(count)).isSubset(of: tasks(count + 1)) && tasks(count).count == count) }
    }

    @Test("Seeds differ between tasks, purposes, indices and runs, and are the same every time")
    func seeds() {
        let tasks = SuitePolicy.tiny().tasks
        var seen: Set<UInt64> = []
        for purpose in SeedPurpose.allCases {
            for task in tasks {
                for index in 0..<3 {
                    for run in [1, 2] as [UInt64] {
                        seen.insert(purpose.modelSeed(runSeed: run, index: index, task: task))
                    }
                }
            }
        }
        #expect(seen.count == 4 * tasks.count * 3 * 2)
        #expect(seen.contains(SeedPurpose.search.modelSeed(runSeed: 1, index: 0, task: tasks[0])))
    }
}
