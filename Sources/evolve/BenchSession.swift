import ActivationCompiler
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation

/// One measurement of the trainer.
struct BenchSession {
    let installation: Installation
    let suite: SuitePolicy
    let stop: StopSignal

    /// Any will do: it only has to be the same whenever figures are compared.
    private static let runSeed: UInt64 = 1

    struct Subject {
        var timed: TrainerBench.Subject
        var cost: Double
        /// Seconds of the front end, from text to printed C.
        var frontEndSeconds: Double
    }

    /// - Parameter name: a file, or a name of the library.
    static func subject(_ name: String, loader: DefinitionLoader, suite: SuitePolicy) throws -> Subject {
        let isFile = name.contains("/") || name.hasSuffix(".c")
        let source = isFile ? try SourceFile.read(name) : try loader.known(name).source
        let begin = ContinuousClock.now
        let result = ActivationPipeline(allow: suite.allow ?? .elementwise).compile(source)
        guard case .compiled(let candidate) = result else {
            throw Failure(.badInput, CheckReport(refusal: result).text(file: name))
        }
        let frontEndSeconds = (ContinuousClock.now - begin) / .seconds(1)
        suite.noteIfTooCostly(name, candidate.cost.total)
        let label = isFile ? URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent : name
        return Subject(
            timed: TrainerBench.Subject(name: label, kernel: candidate.kernel), cost: candidate.cost.total,
            frontEndSeconds: frontEndSeconds)
    }

    func export(_ count: Int, into folder: URL) throws {
        let pool = try Laboratory.pool(installation, suite: suite, workers: 1)
        let bench = TrainerBench(suite: suite, pool: pool, environment: installation.environment)
        try NetworkExport.write(bench.networks(count, runSeed: Self.runSeed), of: suite, into: folder)
    }

    func measure(_ subjects: [Subject], networks count: Int, repeats: Int, workers: Int) async throws -> BenchReport {
        let pool = try Laboratory.pool(installation, suite: suite, workers: 1)
        let bench = TrainerBench(suite: suite, pool: pool, environment: installation.environment)
        let networks = bench.networks(count, runSeed: Self.runSeed)
        let times = try await pool.closing(when: stop) {
            try await bench.measure(subjects.map(\.timed), networks: networks, repeats: repeats)
        }
        let speedUp = workers == 1 ? 1 : try await speedUp(subjects[0], workers: workers)
        return BenchReport(
            suite: suite, networks: count, subjects: subjects, times: times, workers: workers, speedUp: speedUp)
    }

    /// How much faster so many workers train than one: networks per second of wall time.
    private func speedUp(_ subject: Subject, workers: Int) async throws -> Double {
        let compiled = try await Laboratory.compiler(installation).compile(subject.timed.kernel)
        var seconds: [Double] = []
        for number in [1, workers] {
            let pool = try Laboratory.pool(installation, suite: suite, workers: number)
            let bench = TrainerBench(suite: suite, pool: pool, environment: installation.environment)
            let networks = bench.networks(64 * workers, runSeed: Self.runSeed)
            seconds.append(
                try await pool.closing(when: stop) {
                    try await TrainerBench.wallSeconds(
                        suite: suite, pool: pool, networks: networks, library: compiled)
                })
        }
        return seconds[0] / seconds[1]
    }
}
