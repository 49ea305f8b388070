import ActivationCodegen
import EvolveTypes
import Foundation

/// Measures the trainer on one core: the networks of a suite, and the floor beside them in the same run.
///
/// The floor is the time of the same matrix products by OpenBLAS and nothing else. Times are the core's own
/// (CPU seconds), so that other work on the machine does not count; what is left of its noise (caches, frequency)
/// shows in the spread of the repeats, which take floor and functions in turn.
package struct TrainerBench: Sendable {
    /// A function to measure.
    package struct Subject: Sendable {
        package var name: String
        package var kernel: KernelSource

        package init(name: String, kernel: KernelSource) {
            self.name = name
            self.kernel = kernel
        }
    }

    /// One number a repeat each.
    package struct Times: Codable, Sendable {
        package var name: String
        /// Of the C compiler and its children, nothing cached.
        package var compileSeconds: [Double] = []
        /// Of all networks, their tests included.
        package var trainSeconds: [Double] = []
        /// Per network and step.
        package var microsecondsPerStep: [Double] = []
        /// Normalised error of each network on its training points, in the order of the networks.
        package var trainErrors: [Double] = []
        /// Optimiser steps of all networks; fewer than asked for when some stopped being finite.
        package var steps = 0
    }

    package struct Report: Codable, Sendable {
        /// Per network and step.
        package var floorMicroseconds: [Double]
        package var functions: [Times]
    }

    private let suite: SuitePolicy
    private let pool: WorkerPool
    private let environment: [String: String]

    /// - Parameters:
    ///   - pool: one worker, set up with the same suite.
    ///   - environment: what finds the C compiler.
    package init(suite: SuitePolicy, pool: WorkerPool, environment: [String: String]) {
        (self.suite, self.pool, self.environment) = (suite, pool, environment)
    }

    /// The first so many networks of a full evaluation of the search tasks, seed by seed.
    package func networks(_ count: Int, runSeed: UInt64) -> [NetworkRequest] {
        let tasks = suite.taskIndices(in: .search)
        return (0..<count).map { index in
            let task = tasks[index % tasks.count]
            let seed = SeedPurpose.search.modelSeed(
                runSeed: runSeed, index: index / tasks.count, task: suite.tasks[task])
            return NetworkRequest(task: task, seed: seed)
        }
    }

    /// - Throws: `Failure(.badInput)` when a function crashes, hangs or never trains.
    package func measure(_ subjects: [Subject], networks: [NetworkRequest], repeats: Int) async throws -> Report {
        let folder = FileManager.default.temporaryDirectory.appending(path: "evolve-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var report = Report(floorMicroseconds: [], functions: subjects.map { Times(name: $0.name) })
        // Each function's own loads and first touches of memory are not what is measured.
        var libraries: [KernelCompiler.Compiled] = []
        for subject in subjects {
            let library = try await compile(subject.kernel, below: folder).library
            _ = try await train(Array(networks.prefix(1)), library, subject.name)
            libraries.append(library)
        }
        for _ in 0..<repeats {
            report.floorMicroseconds.append(try await floor(networks))
            for (index, subject) in subjects.enumerated() {
                let compiled = try await compile(subject.kernel, below: folder)
                let trained = try await train(networks, libraries[index], subject.name)
                report.functions[index].compileSeconds.append(compiled.seconds)
                report.functions[index].trainSeconds.append(trained.seconds)
                report.functions[index].microsecondsPerStep.append(
                    trained.seconds / Double(max(1, trained.steps)) * 1e6)
                report.functions[index].steps = trained.steps
                report.functions[index].trainErrors = trained.errors
            }
        }
        return report
    }

    /// Seconds of wall time that so many workers need for the networks, in chunks as a run cuts them.
    package static func wallSeconds(
        suite: SuitePolicy, pool: WorkerPool, networks: [NetworkRequest], library: KernelCompiler.Compiled
    ) async throws -> Double {
        let trainer = KernelTrainer(suite: suite, pool: pool, chunk: nil)
        _ = try await trainer.train(networks, library: library)  // starts the workers and builds their data sets
        let begin = ContinuousClock().now
        _ = try await trainer.train(networks, library: library)
        return begin.duration(to: ContinuousClock().now) / .seconds(1)
    }

    /// Microseconds per step of the matrix products alone, for the inputs that the networks have.
    private func floor(_ networks: [NetworkRequest]) async throws -> Double {
        var inputs: [Int: Int] = [:]
        for network in networks {
            inputs[try suite.data(of: network.task).inputs, default: 0] += 1
        }
        var seconds = 0.0
        var steps = 0
        for (count, share) in inputs.sorted(by: { $0.key < $1.key }) {
            let part = share * suite.training.steps
            let outcome = try await pool.run(.floor(inputs: count, steps: part), library: "", timeLimit: 600)
            guard case .finished(.timed(let time)) = outcome else {
                throw Failure(.internalError, "the floor of the trainer could not be measured")
            }
            seconds += time
            steps += part
        }
        return seconds / Double(steps) * 1e6
    }

    private func train(
        _ networks: [NetworkRequest], _ library: KernelCompiler.Compiled, _ name: String
    ) async throws -> (seconds: Double, steps: Int, errors: [Double]) {
        // One job, whatever a run would do: what is measured is the training.
        let report = try await KernelTrainer(suite: suite, pool: pool, chunk: networks.count)
            .train(networks, library: library)
        guard case .outcomes(let outcomes) = report.result, outcomes.contains(where: { $0.steps > 0 }) else {
            throw Failure(.badInput, "\(name) cannot be trained on the suite \(suite.name)")
        }
        return (report.seconds, outcomes.reduce(0) { $0 + $1.steps }, outcomes.map(\.train))
    }

    /// Compiles into an empty cache.
    private func compile(
        _ kernel: KernelSource, below folder: URL
    ) async throws -> (library: KernelCompiler.Compiled, seconds: Double) {
        let empty = folder.appending(path: UUID().uuidString)
        let compiler = try KernelCompiler(directory: empty.path, environment: environment)
        let before = Self.childSeconds()
        let compiled = try await compiler.compile(kernel)
        return (compiled, Self.childSeconds() - before)
    }

    /// CPU seconds of the children that have ended and their children.
    private static func childSeconds() -> Double {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + 1e-6 * Double(time.tv_usec) }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
