import Evaluation
import EvolveTypes
import Foundation
import Reporting

/// The result of `evolve bench`; the keys of the JSON are documented in docs/json.md.
struct BenchReport: Encodable {
    var suite: String
    var hidden: [Int]
    var batch: Int
    var steps: Int
    /// Networks measured at each repeat.
    var networks: Int
    /// The matrix products of a step by OpenBLAS and nothing else, microseconds, one number a repeat.
    var floorMicroseconds: [Double]
    var functions: [Function]
    var workers: Int
    /// Networks per second of `workers` workers over that of one, by wall time.
    var speedUp: Double
    var candidatesPerHour: CandidatesPerHour

    struct Function: Encodable {
        var name: String
        var cost: Double
        var frontEndSeconds: Double
        /// One number a repeat in each list; see `TrainerBench.Times`.
        var compileSeconds: [Double]
        var trainSeconds: [Double]
        var microsecondsPerStep: [Double]
        /// Of a repeat's time per step to its floor.
        var ratioToFloor: [Double]
        /// Normalised error of each network on its training points.
        var trainErrors: [Double]
    }

    /// Of the functions measured, in geometric mean; the time that a model takes to answer is not in it.
    struct CandidatesPerHour: Encodable {
        /// Candidates that are out after the first stage of the race.
        var firstStage: Double
        /// Candidates that are trained in full.
        var full: Double
    }

    init(
        suite: SuitePolicy, networks: Int, subjects: [BenchSession.Subject], times: TrainerBench.Report, workers: Int,
        speedUp: Double
    ) {
        self.suite = suite.name
        hidden = suite.network.hidden
        batch = suite.training.batch
        steps = suite.training.steps
        self.networks = networks
        let floor = times.floorMicroseconds
        floorMicroseconds = floor
        functions = zip(subjects, times.functions).map { subject, times in
            Function(
                name: times.name, cost: subject.cost, frontEndSeconds: subject.frontEndSeconds,
                compileSeconds: times.compileSeconds, trainSeconds: times.trainSeconds,
                microsecondsPerStep: times.microsecondsPerStep,
                ratioToFloor: zip(times.microsecondsPerStep, floor).map { $0 / $1 },
                trainErrors: times.trainErrors)
        }
        self.workers = workers
        self.speedUp = speedUp
        let full = suite.taskIndices(in: .search).count * suite.scoring.seeds
        candidatesPerHour = CandidatesPerHour(
            firstStage: Self.perHour(
                functions, networks: suite.racing.stages.first.map { $0.tasks * $0.seeds } ?? full, suite, speedUp),
            full: Self.perHour(functions, networks: full, suite, speedUp))
    }

    private static func perHour(
        _ functions: [Function], networks: Int, _ suite: SuitePolicy, _ speedUp: Double
    ) -> Double {
        let logarithms = functions.map { function in
            let train = median(function.microsecondsPerStep) * 1e-6 * Double(networks * suite.training.steps)
            return log(3600 / (function.frontEndSeconds + median(function.compileSeconds) + train))
        }
        return exp(logarithms.reduce(0, +) / Double(max(1, logarithms.count))) * speedUp
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let upper = sorted.dropFirst(sorted.count / 2).first else { return .nan }
        return sorted.count % 2 == 1 ? upper : (upper + sorted[sorted.count / 2 - 1]) / 2
    }

    var text: String {
        let shape = hidden.map(String.init).joined(separator: "x")
        var columns = Columns([.left, .right, .right, .left, .right])
        columns.add(["", "us a step", "x floor", "", "compile"])
        let floor = String(format: "%.2f", Self.median(floorMicroseconds))
        columns.add([
            "matrix products alone", floor, "1.00",
            Self.range(floorMicroseconds.map { $0 / Self.median(floorMicroseconds) }), "",
        ])
        for function in functions {
            columns.add([
                function.name, String(format: "%.2f", Self.median(function.microsecondsPerStep)),
                String(format: "%.2f", Self.median(function.ratioToFloor)), Self.range(function.ratioToFloor),
                String(format: "%.0f ms", 1000 * Self.median(function.compileSeconds)),
            ])
        }
        return
            ([
                "suite \(suite), hidden layers \(shape), batch \(batch), \(steps) steps: one core, per network and step,",
                "medians of \(floorMicroseconds.count) repeats of \(networks) networks [lowest, highest]", "",
            ] + columns.lines + [
                "",
                "\(workers) worker\(workers == 1 ? "" : "s"): \(String(format: "%.2f", speedUp)) times one; candidates per hour, model's answers not counted:",
                "\(Figures.count(Int(candidatesPerHour.full))) trained in full, \(Figures.count(Int(candidatesPerHour.firstStage))) that end at the first stage",
            ]).joined(separator: "\n")
    }

    private static func range(_ values: [Double]) -> String {
        guard let least = values.min(), let most = values.max() else { return "" }
        return String(format: "[%.2f, %.2f]", least, most)
    }
}
