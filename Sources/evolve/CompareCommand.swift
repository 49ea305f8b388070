import ActivationCompiler
import ArgumentParser
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Reporting

/// `evolve compare`: functions side by side on one suite, trained on the same networks.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare runs' champions and functions on one suite, paired.",
        discussion: """
            evolve compare a.evolve b.evolve               the champions of two runs
            evolve compare a.evolve#17 f.c g.py gelu       a candidate, files of C and Python, a known function

            Each is measured over GELU and over the others: of up to four functions every pair, of more each with the \
            first. What is called sure is corrected for the number of these questions.
            """)

    @Argument(
        help: ArgumentHelp(
            "Two or more of: a run's store (its champion, or STORE#ID), a C or Python file, a name of Fitness/library.",
            valueName: "functions"))
    var names: [String]

    @OptionGroup var measured: SuiteOptions

    @Option(help: "Seeds per task.")
    var seeds = 4

    @Option(help: "Which tasks: search or heldout (default: both).")
    var split: SuitePolicy.Split?

    @Option(help: "Seed from which the training seeds are drawn.")
    var seed: UInt64 = 1

    @Option(help: "Worker processes (default: one per core).")
    var workers: Int?

    @Flag(help: "Print JSON.")
    var json = false

    /// One letter each.
    private static let most = 26

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds must be at least 1.") }
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1.") }
        if !(2...Self.most).contains(names.count) {
            throw ValidationError("Name two functions or more, at most \(Self.most), for example: f.c gelu.")
        }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let installation = try Installation()
        let loader = installation.loader
        let functions = try names.map { try ComparedFunction($0, installation) }
        try functions.refuseTwins()
        let policy = try suite(for: functions, loader)
        for function in functions {
            if policy.allow != .layer, function.compiled.program.readsLayer {
                throw Failure(
                    .badInput,
                    "\(function.words) reads its layer, and the suite \(policy.name) allows functions of x alone")
            }
            policy.noteIfTooCostly(function.words, function.compiled.cost.total)
        }
        let laboratory = try Laboratory(
            installation: installation, suite: policy, literature: [try loader.known(RunPolicy.reference)],
            runSeed: seed, workers: workers)
        let splits = split.map { [$0] } ?? SuitePolicy.Split.allCases
        if isatty(STDERR_FILENO) == 1 {
            let networks = policy.tasks.count { splits.contains($0.split) } * seeds
            Output.note("training \(networks) networks with each of \(functions.count) functions, and with GELU …")
        }
        let (kernels, seeds) = (functions.map(\.compiled.kernel), seeds)
        let pairs = Comparison.Pair.of(functions.count)
        let comparisons = try await laboratory.closing(when: StopSignal()) {
            var comparisons: [(split: SuitePolicy.Split, tasks: Int, comparison: Comparison)] = []
            for split in splits {
                let request = MeasurementRequest(
                    split, purpose: split == .search ? .search : .heldout, seeds: 0..<seeds, keep: true)
                comparisons.append(
                    (
                        split, policy.taskIndices(in: split).count,
                        try await laboratory.evaluator.compare(kernels, pairs: pairs, request)
                    ))
            }
            return comparisons
        }
        var report = ComparisonReport(
            suite: measured.name ?? policy.name, digest: try policy.measurementDigest, seeds: seeds,
            functions: try functions.enumerated().map { index, function in
                ComparisonReport.Function(
                    key: String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))), name: function.name,
                    candidate: function.candidate,
                    wasSearchedHere: try function.suite.map {
                        try $0.measurementDigest == policy.measurementDigest
                    }, formula: function.compiled.formula, cost: function.compiled.cost.total,
                    source: function.compiled.source)
            })
        report.take(comparisons)
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        if json { try Output.json(report) } else { Output.result(ComparisonText.render(report, Output.ink)) }
    }

    /// The one that is named; else that of the runs, else lab.
    private func suite(for functions: [ComparedFunction], _ loader: DefinitionLoader) throws -> SuitePolicy {
        guard let choice = try measured.choice() else {
            return try functions.suiteOfRuns() ?? loader.suite(.named("lab"))
        }
        let policy = try loader.suite(choice)
        for function in functions {
            guard let own = function.suite, try own.measurementDigest != policy.measurementDigest else { continue }
            Output.note("note: \(function.words) is a run on another suite: \(own.name), not \(policy.name)")
        }
        return policy
    }
}
