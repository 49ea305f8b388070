import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Long tails")
struct LongTailTests {
    private let points = SuitePolicy.Points(train: 400, inDistribution: 200, outOfDistribution: 90)
    private let clusters = LongTail(shape: .clusters, classes: 10, inputs: 3, exponent: 1, spread: 0.1, seed: 1)

    private func counts(_ examples: [LongTail.Example], _ classes: Int) -> [Int] {
        (0..<classes).map { label in examples.count { $0.label == label } }
    }

    @Test("Classes occur in Zipf's proportions, each at least once in training; out of distribution is the tail alone")
    func frequencies() throws {
        let sets = try clusters.sets(points)
        let train = counts(sets.train, 10)
        let total = (1...10).reduce(0) { $0 + 1 / Double($1) }
        for (rank, count) in train.enumerated() {
            #expect(abs(Double(count) - 1 - 390 / Double(rank + 1) / total) <= 1)
        }
        #expect(train.reduce(0, +) == 400 && counts(sets.inDistribution, 10).reduce(0, +) == 200)
        #expect(counts(sets.outOfDistribution, 10) == [0, 0, 0, 0, 0, 0, 0, 30, 30, 30])
        let steep = LongTail(shape: .spirals, classes: 5, inputs: 2, exponent: 9, spread: 0.01, seed: 1)
        #expect(try counts(steep.sets(points).train, 5).allSatisfy { $0 >= 1 })
        #expect(sets.train.map(\.label) != sets.train.map(\.label).sorted(), "batches in order must mix classes")
    }

    @Test("Head, middle and tail are thirds of the classes, and none is left out")
    func groups() {
        func sizes(_ classes: Int) -> [Int] {
            var tail = clusters
            tail.classes = classes
            let all = (0..<classes).map { tail.group(of: $0) }
            return LongTail.Group.allCases.map { group in all.count { $0 == group } }
        }
        #expect([2, 3, 4, 6, 10].map(sizes) == [[1, 0, 1], [1, 1, 1], [1, 2, 1], [2, 2, 2], [3, 4, 3]])
    }

    @Test("An arm winds from radius 0.1 to 1 by three quarters of a turn, beginning at its class's angle")
    func spirals() throws {
        let tail = LongTail(shape: .spirals, classes: 4, inputs: 2, exponent: 0, spread: 1e-9, seed: 3)
        for example in try tail.sets(points).train {
            let radius = (example.point[0] * example.point[0] + example.point[1] * example.point[1]).squareRoot()
            let along = (radius - 0.1) / 0.9
            #expect((-1e-6...1.000001).contains(along))
            let angle = 2 * Double.pi * (Double(example.label) / 4 + 0.75 * along)
            #expect(abs(example.point[0] - radius * cos(angle)) < 1e-6)
            #expect(abs(example.point[1] - radius * sin(angle)) < 1e-6)
        }
    }

    @Test("A network is trained on classes by the worker's path: accuracy of head, middle and tail come back")
    func endToEnd() async throws {
        var suite = SuitePolicy.tiny(steps: 1_500)
        suite.network.hidden = [32, 32]
        suite.points = SuitePolicy.Points(train: 256, inDistribution: 128, outOfDistribution: 64)
        let tail = LongTail(shape: .clusters, classes: 6, inputs: 2, exponent: 1, spread: 0.05, seed: 5)
        suite.tasks = [SuitePolicy.Task(name: "tail", family: "long-tail", split: .search, target: .longTail(tail))]
        suite.racing.stages[0].tasks = 1
        let pool = try TestMachine.pool(suite, workers: 1)
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: TestKernels.gelu)
        let request = MeasurementRequest(.search, purpose: .search, seeds: 0..<2)
        let tanh = try await evaluator.measure(TestKernels.tanh, request).verdict
        let linear = try await evaluator.measure(TestKernels.identity, request).verdict
        await pool.shutdown()
        let accuracy = try #require(tanh.score?.tasks.first?.accuracy)
        #expect(accuracy.candidate.inDistribution > 0.8)
        #expect(accuracy.candidate.head ?? 0 > 0.8 && accuracy.candidate.middle ?? 0 > 0.5)
        #expect(accuracy.candidate.tail == accuracy.candidate.outOfDistribution)
        let blunt = try #require(linear.score)
        #expect(blunt.gain.mean < (tanh.score?.gain.mean ?? -99))
        #expect(blunt.tasks[0].accuracy?.reference == accuracy.reference)
        #expect(blunt.losses?.reference == tanh.score?.losses?.reference)
    }
}
