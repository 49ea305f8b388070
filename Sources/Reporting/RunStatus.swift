import Engine
import EvolveTypes
import Foundation
import RunStore

/// Who works at a run, and how far it is.
package struct RunStatus: Encodable, Sendable {
    package struct Worker: Encodable, Sendable {
        package var id: Int
        package var host: String
        package var pid: Int
        /// Of a scheduler; nil = started by hand.
        package var job: String?
        package var state: WorkerStatus.State
        package var isLeader: Bool
        /// Seconds.
        package var age: Double
        package var silence: Double
        package var done: Int
        package var holds: Int
        /// Tasks a minute since it joined; nil when it is too early to say.
        package var rate: Double?
    }

    package struct Node: Encodable, Sendable {
        package var host: String
        /// At work there.
        package var workers: Int
        package var holds: Int
        /// Tasks a minute of those workers; nil when it is too early to say.
        package var rate: Double?
    }

    package struct Submission: Encodable, Sendable {
        package var scheduler: String
        package var job: String
        package var jobName: String
        package var tasks: Int
        /// ISO 8601, in universal time.
        package var submittedAt: String
        /// Of the tasks that the scheduler knows: how many are in which state, as it calls it; nil = it was not asked.
        package var states: [String: Int]?
    }

    package var name: String
    package var phase: Phase
    package var slots: RunSummary.Progress
    package var verifications: Int
    /// Seconds in which anyone was at it.
    package var activeSeconds: Double
    /// Slots a minute of that time; nil when it is too early to say.
    package var rate: Double?
    package var workers: [Worker]
    /// Those with workers, in the order of their names.
    package var nodes: [Node]
    /// Of workers to a scheduler, in the order in which they were made.
    package var submissions: [Submission]
    package var openTasks: Int
    /// Of these, such as nobody holds.
    package var waitingTasks: Int
    /// Of these, such as are done and wait for one before them.
    package var finishedTasks: Int

    /// - Parameter isDead: whether a worker's process is known to be gone, however long its lease lasts.
    package init(_ store: any WorkQueue, isDead: (WorkerCard) -> Bool = { _ in false }) throws {
        let manifest = try store.manifest()
        let policy = try RunPolicy(of: manifest)
        let pulse = try store.pulse()
        let tasks = try store.openTasks()
        name = manifest.name
        phase = pulse.phase
        slots = RunSummary.Progress(committed: try store.slotCount(), total: policy.slots)
        verifications = try store.verifications().count
        activeSeconds = pulse.activeSeconds
        rate = Self.rate(slots.committed, pulse.activeSeconds)
        workers = try store.workers().map { worker in
            let state = worker.state == .working && isDead(worker.card) ? .lost : worker.state
            return Worker(
                id: worker.id, host: worker.card.host, pid: worker.card.pid, job: worker.card.job, state: state,
                isLeader: state == .working && worker.id == pulse.leader, age: worker.age, silence: worker.silence,
                done: worker.done, holds: state == .working ? worker.holds : 0,
                rate: Self.rate(worker.done, worker.age - worker.silence))
        }
        let working = workers.filter { $0.state == .working }
        nodes = Dictionary(grouping: working, by: \.host).sorted { $0.key < $1.key }.map { host, workers in
            let rates = workers.compactMap(\.rate)
            return Node(
                host: host, workers: workers.count, holds: workers.reduce(0) { $0 + $1.holds },
                rate: rates.isEmpty ? nil : rates.reduce(0, +))
        }
        submissions = try store.submissions().map {
            Submission(
                scheduler: $0.scheduler, job: $0.job, jobName: $0.jobName, tasks: $0.tasks,
                submittedAt: $0.submittedAt.formatted(.iso8601))
        }
        let alive = Set(workers.filter { $0.state == .working }.map(\.id))
        openTasks = tasks.count
        finishedTasks = tasks.count(where: \.isFinished)
        waitingTasks = tasks.count { !$0.isFinished && !($0.worker.map(alive.contains) ?? false) }
    }

    /// A minute.
    private static func rate(_ count: Int, _ seconds: Double) -> Double? {
        count > 0 && seconds > 1 ? 60 * Double(count) / seconds : nil
    }
}

/// The status for people.
package enum StatusText {
    package static func render(_ status: RunStatus, store: String, command: String, all: Bool) -> String {
        var lines = [
            "run        \(status.name), \(status.phase.rawValue)",
            "slots      \(status.slots.committed) of \(status.slots.total)"
                + (status.rate.map { ", \(Figures.rate($0)) a minute in \(Figures.duration(status.activeSeconds))" }
                    ?? ""),
        ]
        if status.verifications > 0 { lines.append("verified   \(status.verifications) measurements") }
        lines.append(
            "open       \(status.openTasks) tasks: \(status.openTasks - status.waitingTasks - status.finishedTasks) held, "
                + "\(status.waitingTasks) waiting for a worker, \(status.finishedTasks) done and waiting for one before them"
        )
        let working = status.workers.filter { $0.state == .working }
        let gone = status.workers.count - working.count
        lines.append(
            "workers    \(working.count) at work"
                + (gone > 0 ? ", \(gone) gone" + (all ? "" : " (--all shows them)") : ""))
        let shown = all ? status.workers : working
        if !shown.isEmpty {
            lines.append("")
            var columns = Columns([.right, .left, .left, .left, .left, .left, .left, .left])
            for worker in shown {
                columns.add([
                    "\(worker.id)", worker.host, "pid \(worker.pid)", worker.job ?? "",
                    worker.isLeader ? "leads" : worker.state.rawValue, "holds \(worker.holds)",
                    "\(worker.done) done" + (worker.rate.map { ", \(Figures.rate($0)) a minute" } ?? ""),
                    "seen \(Figures.duration(worker.silence)) ago",
                ])
            }
            lines += columns.lines
        }
        if status.nodes.count > 1 {
            lines.append("")
            var columns = Columns([.left, .left, .left, .left])
            for node in status.nodes {
                columns.add([
                    node.host, Figures.count(node.workers, "worker"), "holds \(node.holds)",
                    node.rate.map { "\(Figures.rate($0)) a minute" } ?? "",
                ])
            }
            lines += columns.lines
        }
        if !status.submissions.isEmpty {
            lines.append("")
            var columns = Columns([.left, .left, .left, .left])
            for submission in status.submissions {
                let states = submission.states.map { states in
                    states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.lowercased())" }.joined(
                        separator: ", ")
                }
                columns.add([
                    "\(submission.scheduler) \(submission.job)",
                    Figures.count(submission.tasks, "task"),
                    submission.submittedAt, states ?? "",
                ])
            }
            lines += columns.lines
        }
        if working.isEmpty, status.phase != .complete {
            lines += ["", "nobody is at work: \(command) resume \(store), or \(command) worker --store \(store)"]
        }
        return lines.joined(separator: "\n")
    }
}
