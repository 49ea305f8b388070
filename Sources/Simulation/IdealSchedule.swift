/// The best that commits in slot order allow: workers that never fail, and no time between the end of one thing and the
/// beginning of the next. Slot k begins when slot k − lookahead has been committed and a worker is free.
package struct IdealSchedule {
    /// When each slot begins, in seconds.
    package private(set) var starts: [Double] = []
    /// When each slot is committed.
    package private(set) var commits: [Double] = []

    /// - Parameters:
    ///   - durations: seconds of each slot, in slot order.
    ///   - seeds: slots at the beginning that wait for nothing, and that all others wait for.
    package init(durations: [Double], seeds: Int, workers: Int, lookahead: Int) {
        var free = Agenda<Void>()
        for _ in 0..<workers { free.enter((), at: 0) }
        for (slot, duration) in durations.enumerated() {
            guard let worker = free.next() else { return }
            let before = slot < seeds ? 0 : max(seeds, slot + 1 - lookahead)
            let opened = before > 0 ? commits[before - 1] : 0
            let start = max(worker.time, opened)
            starts.append(start)
            commits.append(max(commits.last ?? 0, start + duration))
            free.enter((), at: start + duration)
        }
    }
}

/// How busy workers are once all seeds are committed, and until the last slot is opened: before, few slots are to be
/// had; afterwards, ever fewer.
package struct Utilisation {
    /// Seconds.
    package let begin: Double
    package let end: Double
    /// Of work that was committed, within.
    package let useful: Double

    /// - Parameters:
    ///   - work: when each slot's work began and ended.
    ///   - commits: when each slot was committed.
    init(work: [(start: Double, end: Double)], commits: [Double], seeds: Int, lookahead: Int) {
        let begin = seeds > 0 ? commits[seeds - 1] : 0
        let end = max(begin, commits[max(0, commits.count - lookahead - 1)])
        self.begin = begin
        self.end = end
        useful = work.reduce(0) { $0 + max(0, min($1.end, end) - max($1.start, begin)) }
    }

    /// 0 ... 1.
    package func share(workers: Int) -> Double { useful / (Double(workers) * (end - begin)) }
}
