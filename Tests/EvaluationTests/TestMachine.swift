import ActivationCodegen
import CTrainer
import EvolveTypes
import Foundation

@testable import Evaluation

/// The executables and folders that tests of this target share.
enum TestMachine {
    /// Where the build puts executables: the test bundle's folder, in debug and release builds.
    private static let products: URL = {
        let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: bundle ?? "").deletingLastPathComponent()
    }()

    static var worker: String {
        ProcessInfo.processInfo.environment["EVOLVE_WORKER"] ?? products.appending(path: "evolve-worker").path
    }

    /// One cache for all runs of the tests, in the build folder: a kernel is compiled once, as in a real run.
    static let compiler: KernelCompiler? = try? KernelCompiler(
        directory: products.appending(path: "test-kernels").path, environment: ProcessInfo.processInfo.environment)

    static func pool(_ suite: SuitePolicy?, workers: Int = 1) throws -> WorkerPool {
        try WorkerPool(executable: worker, workers: workers, suite: suite)
    }

    /// The trainer's library is ready: call before using C functions in the test process.
    static let ready: Void = evt_init()

    static func compile(_ kernel: KernelSource) async throws -> String {
        try await required(compiler).compile(kernel).path
    }

    static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Failure(.unavailable, "no C compiler for the tests") }
        return value
    }
}

extension SuitePolicy {
    /// Four quick tasks of three families, one of them held out.
    static func tiny(steps: Int = 60, margin: Double = 3) -> SuitePolicy {
        func task(_ name: String, _ family: String, _ split: Split, _ target: Target) -> Task {
            Task(name: name, family: family, split: split, target: target)
        }
        return SuitePolicy(
            name: "tiny", costLimit: 60, points: Points(train: 64, inDistribution: 32, outOfDistribution: 32),
            network: Network(hidden: [8, 8]),
            training: Training(optimiser: .adam, rate: 1e-2, schedule: .cosine, batch: 16, steps: steps),
            scoring: Scoring(seeds: 2, clip: 20),
            racing: Racing(stages: [Racing.Stage(tasks: 2, seeds: 1, margin: margin)]),
            tasks: [
                task("poly", "polynomials", .search, .polynomial(inputs: 2, degree: 3, seed: 1)),
                task("poly2", "polynomials", .search, .polynomial(inputs: 1, degree: 4, seed: 2)),
                task("wave", "harmonics", .search, .fourier(terms: 2, seed: 3)),
                task("sphere", "harmonics", .search, .sphericalHarmonics(degree: 2, seed: 4)),
                task("sealed", "polynomials", .heldout, .polynomial(inputs: 2, degree: 2, seed: 5)),
            ])
    }
}
