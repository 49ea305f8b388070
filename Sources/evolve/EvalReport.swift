import EvolveTypes
import Reporting

/// The JSON of `eval`; the keys are documented in docs/json.md.
struct EvalReport: Encodable {
    var file: String
    var suite: String
    /// `SuitePolicy.measurementDigest`.
    var suiteDigest: String
    var split: String
    var seeds: Int
    var gain: Estimate
    var families: [String: Estimate]
    var inDistribution: Estimate
    var tail: Double
    var losses: LossSums?
    /// Over the tasks with classes; nil when there are none.
    var accuracy: AccuracyPair?
    var tasks: [TaskScore]
    var trainingSteps: Int
    var seconds: Seconds

    struct Seconds: Encodable {
        var check: Double
        var compile: Double
        var train: Double
        var total: Double
    }

    init(
        file: String, suite: String, suiteDigest: String, split: String, seeds: Int, score: Score, seconds: Seconds
    ) {
        self.file = file
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.split = split
        self.seeds = seeds
        gain = score.gain
        families = score.families
        inDistribution = score.inDistribution
        tail = score.tail
        losses = score.losses
        accuracy = AccuracyPair.mean(score.tasks.compactMap(\.accuracy))
        tasks = score.tasks
        trainingSteps = score.trainingSteps
        self.seconds = seconds
    }

    func text(_ ink: Ink) -> String {
        let cost =
            "\(Figures.count(trainingSteps)) training steps, "
            + "\(Figures.duration(seconds.train)) of training (all workers together), \(Figures.duration(seconds.total)) in all"
        var lines =
            [ink.heading("\(file) on \(suite)") + ", \(split) tasks, \(seeds) \(seeds == 1 ? "seed" : "seeds") each"]
            + gains(ink)
        if let accuracy { lines += ["", "accuracy, %"] + AccuracyText.lines(accuracy) }
        return
            (lines + ["", accuracy == nil ? "by task, dB" : "by task, dB and accuracy out of distribution"] + byTask + [
                "", cost,
            ]).joined(separator: "\n")
    }

    private func gains(_ ink: Ink) -> [String] {
        var columns = Columns([.left, .right, .left])
        columns.add(["gain over GELU", ink.gain(Figures.gain(gain.mean), gain), "dB " + Figures.interval(gain)])
        for (family, estimate) in families.sorted(by: { $0.key < $1.key }) {
            columns.add([
                "  " + family, ink.gain(Figures.gain(estimate.mean), estimate), "dB " + Figures.interval(estimate),
            ])
        }
        columns.add(["worst quarter of tasks", Figures.gain(tail), "dB"])
        columns.add([
            "in distribution", ink.gain(Figures.gain(inDistribution.mean), inDistribution),
            "dB " + Figures.interval(inDistribution),
        ])
        if let losses {
            columns.add([
                "sum of OOD losses", losses.candidate.map(Figures.loss) ?? "diverged",
                "(GELU " + (losses.reference.map(Figures.loss) ?? "diverged") + ")",
            ])
        }
        return columns.lines
    }

    /// Gains, and of classes the accuracies out of distribution.
    private var byTask: [String] {
        var columns = Columns([.left, .right, .left])
        for task in tasks {
            let accuracy = task.accuracy.map {
                "\(Figures.share($0.candidate.outOfDistribution)) % right (GELU \(Figures.share($0.reference.outOfDistribution)) %)"
            }
            columns.add([
                task.task, Figures.gain(task.gains.reduce(0, +) / Double(max(1, task.gains.count))), accuracy ?? "",
            ])
        }
        return columns.lines
    }
}
