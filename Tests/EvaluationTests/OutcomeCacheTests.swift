import ActivationCodegen
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Outcomes kept on disk")
struct OutcomeCacheTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "outcomes-\(UUID().uuidString)")
    private let request = MeasurementRequest(.search, purpose: .search, seeds: 0..<2, keep: true)

    private func evaluator(_ suite: SuitePolicy = .tiny()) throws -> (SuiteEvaluator, WorkerPool) {
        let pool = try TestMachine.pool(suite)
        return (
            SuiteEvaluator(
                suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
                reference: TestKernels.gelu, cache: OutcomeCache(directory: folder)), pool
        )
    }

    /// The score, and the seconds of training that it took.
    private func measured(_ suite: SuitePolicy = .tiny(), keep: Bool = true) async throws -> (
        score: Score?, seconds: Double
    ) {
        let (evaluator, pool) = try evaluator(suite)
        var request = request
        request.keep = keep
        let found = try await evaluator.measure(TestKernels.tanh, request)
        await pool.shutdown()
        return (found.verdict.score, found.trainSeconds)
    }

    @Test("are found by the next process to the last bit, steps included, and nothing is trained again")
    func foundAgain() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try await measured()
        #expect(first.seconds > 0)
        let second = try await measured()
        #expect(second.seconds == 0 && second.score == first.score && first.score?.trainingSteps == 4 * 2 * 60)
        #expect(try await measured(keep: false).seconds > 0, "a champion is trained whatever is kept")
    }

    @Test("are not taken for those of another network, task or rate of learning, but survive other scoring")
    func keys() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try await measured()
        var scored = SuitePolicy.tiny()
        scored.scoring.clip = 3
        scored.racing.stages[0].margin = 0
        scored.tasks[4].name = "another held-out task"
        #expect(try await measured(scored).seconds == 0)
        var wider = SuitePolicy.tiny()
        wider.network.hidden = [9, 8]
        #expect(try await measured(wider).seconds > 0)
        var other = SuitePolicy.tiny()
        other.tasks[0].target = .polynomial(inputs: 2, degree: 3, seed: 99)
        #expect(try await measured(other).seconds > 0)
    }

    @Test("that are damaged are trained again")
    func damage() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try await measured()
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let text = try String(contentsOf: file, encoding: .utf8)
            try String(text.dropLast(40)).write(to: file, atomically: true, encoding: .utf8)
        }
        let second = try await measured()
        #expect(second.seconds > 0 && second.score == first.score)
    }

    @Test("stay within their limit: the least recently used file goes first")
    func limit() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (place, name) in ["old", "new"].enumerated() {
            let file = folder.appending(path: name)
            try Data(count: 600).write(to: file)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1000 + Double(place))], ofItemAtPath: file.path)
        }
        _ = OutcomeCache(directory: folder, limit: 1000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["new"])
    }
}
