import ActivationCompiler
import ArgumentParser
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import RunStore

/// `evolve calibrate`: whether intervals and verdicts hold what they say, on networks whose true gain is known. For
/// `scripts/measure/calibration`.
struct CalibrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Compare functions with themselves.", shouldDisplay: false)

    @Option(help: "Suite of the comparisons on search tasks.")
    var suite = "quick"

    @Option(help: "Suite of the planted gains, on its held-out tasks.")
    var planted = "lab"

    @Option(help: "Comparisons of a function with itself, over all functions.")
    var comparisons = 500

    @Option(help: "Seeds per task of each function for them.")
    var seeds = 200

    @Option(help: "Seeds per task, rate and form for the planted gains.")
    var plantedSeeds = 60

    @Option(help: "Held-out seeds of a verification.")
    var heldoutSeeds = 10

    struct Report: Encodable {
        struct AgainstItself: Encodable {
            var comparisons: Int
            /// Share of 95 % intervals without zero.
            var missed: Double
            var byFunction: [String: Double]
        }
        struct Copies: Encodable {
            var experiments: Int
            var copies: Int
            /// Mean search gain of the best copy, and in how many experiments its search interval is above zero.
            var searchGain: Double
            var searchAbove: Double
            /// Mean verified gain of the best copy, and in how many experiments its held-out interval contains zero.
            var verifiedGain: Double
            var verifiedContainsZero: Double
        }
        struct Planted: Encodable {
            var decibels: Double
            var champions: Int
            var experiments: Int
            /// Share of verdicts "better".
            var better: Double
        }
        var suite: String
        var plantedSuite: String
        var selfComparisons: AgainstItself
        var bestOfCopies: Copies
        var planted: [Planted]
    }

    private static let functions = [
        "gelu", "relu", "silu", "tanh", "sin", "elu", "gmtu", "softplus", "mish", "gelu_sine",
    ]

    func run() async throws {
        let installation = try Installation()
        let loader = installation.loader
        let searched = try Bench(loader.suite(nameOrFile: suite), installation)
        let held = try Bench(loader.suite(nameOrFile: planted), installation)
        let stop = StopSignal()
        let report = try await searched.laboratory.closing(when: stop) {
            try await held.laboratory.closing(when: stop) {
                Report(
                    suite: suite, plantedSuite: planted, selfComparisons: try await selfComparisons(searched, loader),
                    bestOfCopies: try await copies(searched), planted: try await plantedGains(held))
            }
        }
        try Output.json(report)
    }

    /// A suite, what measures on it, and GELU in both forms.
    private struct Bench: Sendable {
        var policy: SuitePolicy
        var laboratory: Laboratory
        var gelu: [ActivationForm: CompiledActivation] = [:]

        init(_ policy: SuitePolicy, _ installation: Installation) throws {
            self.policy = policy
            let known = try installation.loader.known(RunPolicy.reference)
            laboratory = try Laboratory(
                installation: installation, suite: policy, literature: [known], runSeed: 31, workers: nil)
            for form in ActivationForm.allCases {
                if case .compiled(let compiled) = ActivationPipeline().compile(known.source, form: form) {
                    gelu[form] = compiled
                }
            }
        }

        func calibration(_ split: SuitePolicy.Split) -> Calibration {
            Calibration(tasks: policy.taskIndices(in: split).map { policy.tasks[$0] }, clip: policy.scoring.clip)
        }

        func outcomes(
            _ form: ActivationForm, _ request: MeasurementRequest, rate: Double = 1
        ) async throws -> Calibration.Outcomes {
            guard let compiled = gelu[form] else { throw Failure(.internalError, "GELU has no such form") }
            return try await laboratory.evaluator.outcomes(of: compiled.kernel, request, rate: rate)
        }
    }

    private func selfComparisons(_ bench: Bench, _ loader: DefinitionLoader) async throws -> Report.AgainstItself {
        var missed: [String: Double] = [:]
        var (count, outside) = (0, 0)
        let share = (comparisons + Self.functions.count - 1) / Self.functions.count
        for name in Self.functions {
            guard case .compiled(let compiled) = ActivationPipeline().compile(try loader.known(name).source) else {
                continue
            }
            let outcomes = try await bench.laboratory.evaluator.outcomes(
                of: compiled.kernel, MeasurementRequest(.search, purpose: .retest, seeds: 0..<seeds))
            let estimates = bench.calibration(.search)
                .selfComparisons(outcomes, seeds: bench.policy.scoring.seeds).prefix(share)
            let wrong = estimates.count { $0.low > 0 || $0.high < 0 }
            missed[name] = Double(wrong) / Double(max(1, estimates.count))
            count += estimates.count
            outside += wrong
            Output.note("\(name): \(wrong) of \(estimates.count) intervals miss zero")
        }
        return Report.AgainstItself(
            comparisons: count, missed: Double(outside) / Double(max(1, count)), byFunction: missed)
    }

    private func copies(_ bench: Bench) async throws -> Report.Copies {
        let experiments = 400
        let search = try await bench.outcomes(
            .asWritten, MeasurementRequest(.search, purpose: .retest, seeds: 0..<seeds))
        let heldout = try await bench.outcomes(
            .asWritten, MeasurementRequest(.heldout, purpose: .heldout, seeds: 0..<plantedSeeds))
        var random = RandomStream(key: ["calibrate", "copies"])
        var report = Report.Copies(
            experiments: experiments, copies: 200, searchGain: 0, searchAbove: 0, verifiedGain: 0,
            verifiedContainsZero: 0)
        let (searching, verifying) = (bench.calibration(.search), bench.calibration(.heldout))
        for _ in 0..<experiments {
            let best = searching.bestOfCopies(search, copies: 200, seeds: bench.policy.scoring.seeds, &random)
            let scores = verifying.duel([heldout], seeds: 6, planted: 0, &random)
            let verified = GainInterval.estimate(scores.map(\.gains), clip: bench.policy.scoring.clip)
            report.searchGain += best.mean / Double(experiments)
            report.searchAbove += (best.low > 0 ? 1 : 0) / Double(experiments)
            report.verifiedGain += verified.mean / Double(experiments)
            report.verifiedContainsZero += (verified.low <= 0 && verified.high >= 0 ? 1 : 0) / Double(experiments)
        }
        return report
    }

    /// Verified as a run does: both forms, each side at its best of three rates, corrected for the number of champions.
    private func plantedGains(_ bench: Bench) async throws -> [Report.Planted] {
        var forms: [(form: ActivationForm, outcomes: [Calibration.Outcomes])] = []
        for form in ActivationForm.allCases {
            var rates: [Calibration.Outcomes] = []
            for rate in [0.5, 1, 2] {
                rates.append(
                    try await bench.outcomes(
                        form, MeasurementRequest(.heldout, purpose: .heldout, seeds: 0..<plantedSeeds), rate: rate))
                Output.note("planted: \(form.rawValue), rate \(rate)")
            }
            forms.append((form, rates))
        }
        var random = RandomStream(key: ["calibrate", "planted"])
        let experiments = 500
        return [(0.0, 1), (0.5, 1), (1, 1), (1, 4), (1.5, 4)].map { decibels, champions in
            let better = (0..<experiments).count { _ in
                let records = (0..<champions).flatMap { candidate in
                    forms.map { form in
                        record(
                            candidate, form.form,
                            bench.calibration(.heldout).duel(
                                form.outcomes, seeds: heldoutSeeds, planted: candidate == 0 ? decibels : 0, &random))
                    }
                }
                return Findings(records, reference: RunPolicy.reference, clip: bench.policy.scoring.clip).row(
                    of: 0, family: nil, isReference: true)?
                    .finding == .better
            }
            return Report.Planted(
                decibels: decibels, champions: champions, experiments: experiments,
                better: Double(better) / Double(experiments))
        }
    }

    private func record(_ candidate: Int, _ form: ActivationForm, _ tasks: [TaskScore]) -> VerificationRecord {
        let gain = GainInterval.estimate(tasks.map(\.gains), clip: 20)
        return VerificationRecord(
            index: 0, stage: .duel, candidate: candidate, name: "candidate \(candidate)",
            duel: VerificationRecord.Duel(
                opponent: RunPolicy.reference, form: form.rawValue, rates: [], rate: nil, opponentRate: nil),
            verdict: .scored(
                Score(gain: gain, families: [:], inDistribution: gain, tail: 0, tasks: tasks, trainingSteps: 0)),
            seconds: 0)
    }
}
