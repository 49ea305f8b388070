import ActivationCompiler
import Evaluation
import EvolveTypes
import Mutation
import Reporting

/// The JSON of `tune`; the keys are documented in docs/json.md.
struct TuneReport: Encodable {
    struct Number: Encodable {
        var line: Int
        var column: Int
        var before: Double
        var after: Double
    }

    struct Gain: Encodable {
        var before: Double
        var after: Double
    }

    struct Seconds: Encodable {
        var compile: Double
        var train: Double
        var total: Double
    }

    var file: String
    var suite: String
    var seed: UInt64
    var trials: Int
    var networks: Int
    var improved: Bool
    var numbers: [Number]
    var gain: Gain
    var trainingSteps: Int
    var seconds: Seconds
    var source: String

    /// - Throws: `Failure(.badInput)` when the function crashed or hung its worker.
    init(
        file: String, suite: String, seed: UInt64, budget: TuningBudget, candidate: TunableActivation,
        measurement: TuningMeasurement, total: Double
    ) throws {
        let (values, before, after): ([Float], Double, Double)
        switch measurement.result {
        case .tuned(let found, let first, let last): (values, before, after) = (found, first, last)
        case .stopped(let verdict):
            throw Failure(.badInput, "\(file) cannot be tuned: \(verdict.name), \(verdict.reason ?? "")")
        }
        self.file = file
        self.suite = suite
        self.seed = seed
        trials = budget.trials
        networks = budget.networks
        improved = after > before
        numbers = zip(candidate.numbers, values).map { number, value in
            Number(
                line: number.literal.position.line, column: number.literal.position.column,
                before: Self.decimal(Float(number.literal.value)), after: Self.decimal(value))
        }
        gain = Gain(before: before, after: after)
        trainingSteps = measurement.steps
        seconds = Seconds(compile: measurement.compileSeconds, train: measurement.seconds, total: total)
        source = improved ? candidate.tunedText(with: values) ?? candidate.source : candidate.source
    }

    var text: String {
        let moves = numbers.filter { $0.before != $0.after }.map { "\($0.before) → \($0.after)" }
        let found =
            improved
            ? "\(moves.joined(separator: ", "))\ngain over GELU on the networks that chose them: "
                + "\(Figures.gain(gain.before)) → \(Figures.gain(gain.after)) dB (too high on average)"
            : "no numbers tried were better than those of the file (\(Figures.gain(gain.before)) dB)"
        return found
            + "\n\(Figures.count(trainingSteps)) training steps, \(Figures.duration(seconds.train)) of training, "
            + "\(Figures.duration(seconds.total)) in all"
    }

    /// The shortest decimal that reads back as the same float.
    private static func decimal(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
}
