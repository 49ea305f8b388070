import Engine
import EvolveTypes
import Population
import RunStore

/// What the live panel and the plain lines know of a run going on: events in, text out, no clock and no terminal.
package struct RunProgress: Sendable {
    private let name: String
    private var total = 0
    private var tally: RunTally
    private let budget: Budget
    private var answers: AnswerTotal
    /// Tasks that this worker has done.
    private var worked = 0
    /// Why the model is not asked at present, and until when.
    private var pause: (reason: String, until: Double)?
    /// How many answers are waited for before the end, and until when.
    private var stopping: (calls: Int, until: Double)?
    private var verifying: (part: RunEvent.VerificationPart, done: Int, of: Int)?
    /// When the session's first slot could start, how many were committed then, and when the run's time limit is reached.
    private var start: (time: Double, committed: Int, end: Double?)?

    /// Seconds of a session after which its pace says something: what was under way before a stop is soon committed.
    private static let firstPace = 10.0

    /// - Parameters: `tally` and `answers` of what the store held when the session began.
    package init(
        name: String, budget: Budget = .unlimited, tally: RunTally = RunTally(), answers: AnswerTotal = AnswerTotal()
    ) {
        self.name = name
        self.budget = budget
        self.tally = tally
        self.answers = answers
    }

    /// - Parameter time: seconds since some fixed instant.
    package mutating func take(_ event: RunEvent, at time: Double) {
        switch event {
        case .searching(let committed, let total, let seconds):
            self.total = total
            start = (time, committed, seconds.map { time + $0 })
        case .answered(let record): answers.add(record)
        case .modelPaused(_, let seconds, let reason): pause = (reason, time + seconds)
        case .modelRecovered: pause = nil
        case .committed(let record): tally.add(record)
        case .verifying(let part, let steps): verifying = (part, 0, steps)
        case .verified: verifying?.done += 1
        case .stopping(let calls, let seconds): stopping = (calls, time + seconds)
        case .worked: worked += 1
        case .rejoining: break
        }
    }

    /// The live panel: four lines of at most 80 columns.
    package func panel(at time: Double) -> [String] {
        if let verifying {
            return [
                "\(name)  verifying, \(verifying.part.rawValue): \(verifying.done) of \(verifying.of) measurements done",
                bestLine, countsLine,
                modelLine(at: time),
            ]
        }
        // Who does not lead is not told what is committed.
        guard start != nil else {
            let tasks = Figures.count(worked, "task")
            return [
                "\(name)  at work with others: \(tasks) done here (`evolve status` shows the run)", modelLine(at: time),
            ]
        }
        return ["\(name)  slot \(committed)/\(total)\(pace(at: time))", bestLine, countsLine, modelLine(at: time)]
    }

    /// One line for a committed slot, for output that is not a terminal.
    package func plainLine(for event: RunEvent, at time: Double) -> String? {
        switch event {
        case .searching(let committed, let total, _):
            committed == 0 ? "searching: \(total) slots" : "going on at slot \(committed) of \(total)"
        case .committed(let record): JournalText.line(record)
        case .verifying(let part, let steps):
            "verifying, \(part.rawValue): \(steps) measurements with fresh seeds"
        case .verified(let record):
            "verified  \(record.stage.rawValue)  \(record.name)  " + (record.family.map { "\($0) tasks  " } ?? "")
                + (record.duel.map { "against \($0.opponent), \($0.form)  " } ?? "")
                + (record.verdict.score.map { Figures.estimate($0.gain) } ?? record.verdict.name)
        case .modelPaused(let model, let seconds, let reason):
            "model \(model) paused for \(Figures.duration(seconds)): \(reason); tree operators carry on"
        case .modelRecovered(let model): "model \(model) answers again"
        case .rejoining: "this worker was silent for too long and was taken for dead: it joins again"
        case .stopping(let calls, let seconds):
            "stopping: \(Self.underWay(calls)), waited for \(Figures.duration(seconds)) at most (a further Ctrl-C ends it at once)"
        case .answered, .worked: nil
        }
    }

    private var committed: Int { max(tally.slots, start?.committed ?? 0) }

    private var bestLine: String {
        tally.best.map { "best new: candidate \($0.id), \(Figures.estimate($0.gain)) when it was first scored" }
            ?? "no new candidate scored yet"
    }

    private var countsLine: String {
        let byOperator = VariationOperator.allCases.compactMap { kind in
            tally.verdicts[kind.rawValue].map { "\($0.values.reduce(0, +)) \(kind.rawValue)" }
        }
        let scored = tally.verdicts.values.reduce(0) { $0 + ($1["scored"] ?? 0) }
        return (byOperator + ["\(scored) scored"]).joined(separator: ", ")
    }

    private static func underWay(_ calls: Int) -> String {
        Figures.count(calls, "answer") + (calls == 1 ? " is under way" : " are under way")
    }

    private func modelLine(at time: Double) -> String {
        if let stopping {
            return "stopping: \(Self.underWay(stopping.calls)), waited for "
                + "\(Figures.duration(max(0, stopping.until - time))) at most"
        }
        if let pause {
            let left = max(0, pause.until - time)
            return "model paused, \(Figures.duration(left)) left (tree operators carry on): \(pause.reason)"
        }
        guard answers.calls > 0, answers.seconds > 0 else { return "model: no answer yet" }
        return "model: \(Figures.count(answers.calls, "answer")), "
            + "\(Figures.rate(answers.seconds / Double(answers.calls))) s each, "
            + "\(Figures.rate(Double(answers.spend.completionTokens) / answers.seconds)) tokens/s" + costs
    }

    /// What has been spent, where it costs something or may not go on.
    private var costs: String {
        let spend = answers.spend
        var parts: [String] = []
        if spend.dollars > 0 || budget.dollars != nil {
            parts.append(Figures.dollars(spend.dollars) + (budget.dollars.map { " of \(Figures.dollars($0))" } ?? ""))
        }
        if let most = budget.tokens {
            parts.append("\(Figures.count(spend.tokens)) of \(Figures.count(most)) tokens")
        }
        if let most = budget.requests {
            parts.append("\(Figures.count(spend.requests)) of \(Figures.count(most)) requests")
        }
        return parts.isEmpty ? "" : "; spent " + parts.joined(separator: ", ")
    }

    private func pace(at time: Double) -> String {
        guard let start, committed > start.committed, time >= start.time + Self.firstPace else { return "" }
        let rate = Double(committed - start.committed) / (time - start.time)
        let left = min(Double(total - committed) / rate, start.end.map { max(0, $0 - time) } ?? .infinity)
        return "  \(Figures.rate(rate)) slots/s  about \(Figures.duration(left)) left"
    }
}
