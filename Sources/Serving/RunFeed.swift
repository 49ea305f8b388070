import EvolveTypes
import Pages
import Reporting
import RunStore

/// One run, watched for all who look at it.
actor RunFeed {
    /// How far it is.
    struct News: Hashable, Sendable {
        var committed: Int
        var verified: Int
        var phase: Phase
        var workers: Int
        var total: Int
    }

    private struct Content {
        var news: News
        var html: String
        var overview: RunOverview
        /// What the journal comes to up to here: a long one is not read again from its beginning.
        var course: RunHistory
        /// That it took to make.
        var cost: Duration
        var made: ContinuousClock.Instant
    }

    private let run: ServedRun
    private let gnuplot: Gnuplot
    private let program: RunPage.Program
    private var known: (news: News, at: ContinuousClock.Instant)?
    private var content: Content?
    private var making: Task<Content, any Error>?
    private var summed: Summed?
    private var summing: Task<Void, Never>?

    /// What a list says of the run, whose page nobody has asked for.
    private struct Summed {
        var mark: String
        var overview: RunOverview
        var cost: Duration
        var made: ContinuousClock.Instant
    }

    init(_ run: ServedRun, gnuplot: Gnuplot, program: RunPage.Program) {
        self.run = run
        self.gnuplot = gnuplot
        self.program = program
    }

    /// Read from the store once a second at most, however many ask.
    func news() throws -> News {
        if let known, ContinuousClock.now - known.at < .milliseconds(900) { return known.news }
        let store = run.store
        let news = News(
            committed: try store.slotCount(), verified: try store.verifications().count,
            phase: try store.pulse().phase, workers: try store.workers().count { $0.state == .working },
            total: run.total)
        known = (news, .now)
        return news
    }

    /// The page's content, and of when it is: made anew when the run has gone on, for all who ask at once, and the less often
    /// the longer it takes.
    func html() async throws -> (html: String, news: News) {
        if let making { return try await Self.pair(making.value) }
        let news = try news()
        if let content, content.news == news || ContinuousClock.now - content.made < content.cost * 5 {
            return Self.pair(content)
        }
        let task = Task { [run, gnuplot, program, known = content?.course ?? RunHistory()] in
            let begin = ContinuousClock.now
            let reader = try RunReader(run.store)
            let course = try reader.course(from: known)
            let page = try await RunPage(
                reader, course: course, store: run.place, seconds: try run.store.pulse().activeSeconds,
                program: program, gnuplot: gnuplot)
            return Content(
                news: news, html: try page.content(), overview: page.overview, course: course, cost: .now - begin,
                made: .now)
        }
        making = task
        defer { making = nil }
        let content = try await task.value
        self.content = content
        return Self.pair(content)
    }

    /// For a list of runs: of the page, when that is not older, else what is known of the run's state. That is summed up
    /// beside, the less often the longer it takes: a list must not wait for the largest run.
    func overview() throws -> (overview: RunOverview?, news: News) {
        let news = try news()
        if let content, content.news.mark == news.mark { return (content.overview, news) }
        let isFresh = summed.map { $0.mark == news.mark || ContinuousClock.now - $0.made < $0.cost * 5 } ?? false
        if !isFresh, summing == nil {
            summing = Task { [run, mark = news.mark] in
                let begin = ContinuousClock.now
                let overview = try? await Self.sum(run)
                keep(overview.map { Summed(mark: mark, overview: $0, cost: .now - begin, made: .now) })
            }
        }
        return (summed?.overview, news)
    }

    private func keep(_ result: Summed?) {
        summed = result ?? summed
        summing = nil
    }

    /// Away from the actor, which others wait for.
    private static func sum(_ run: ServedRun) async throws -> RunOverview {
        try await Task.detached { RunOverview(try RunReader(run.store).summary()) }.value
    }

    private static func pair(_ content: Content) -> (html: String, news: News) { (content.html, content.news) }
}

extension RunFeed.News {
    /// Of what a page's content shows; workers come and go without a change to it.
    var mark: String { "\(committed)-\(verified)-\(phase.rawValue)" }

    var line: String {
        switch phase {
        case .searching: progress
        case .verifying, .complete: "\(phase.rawValue): \(progress)"
        }
    }

    /// Where the phase stands beside it.
    var progress: String {
        let hands = workers == 0 ? "nobody is at work" : Figures.count(workers, "worker")
        return switch phase {
        case .searching: "slot \(Figures.count(committed)) of \(Figures.count(total)), \(hands)"
        case .verifying: "\(Figures.count(verified, "measurement")) done, \(hands)"
        case .complete: Figures.count(committed, "slot")
        }
    }
}
