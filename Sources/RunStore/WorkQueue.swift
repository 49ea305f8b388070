import EvolveTypes
import Foundation

/// The part of a store that equal workers share: who is at work, what there is to do, who does it.
///
/// Nothing here belongs to the run: rows come and go, and the loss of them all costs time, never a result.
///
/// Rules:
/// 1. Time is the store's own clock. No worker's clock is ever asked, so they may differ by hours.
/// 2. A worker is a number that the store gave out, never a process id or the id of a job: two live copies of one cluster
///    task are two workers.
/// 3. A worker holds what it has claimed as long as its lease lasts, and renews the lease while it lives. When the lease
///    has run out, whoever asks next gets the task, with the next epoch.
/// 4. Every write names worker and epoch and is refused when the lease has run out or the epoch is not the present one. So a
///    worker that was suspended and wakes up can do no harm; it joins again as another worker.
/// 5. One worker at a time leads: it alone plans, commits and opens tasks, all in one transaction that is refused when the
///    leadership has gone. Any worker may come to lead.
package protocol WorkQueue: RunStore, SubmissionStore {
    /// - Parameter lease: seconds that a worker is believed to live after its last sign of life.
    func join(_ card: WorkerCard, lease: Double) throws -> WorkerID
    /// A sign of life.
    /// - Returns: nil when the lease has run out.
    func renew(_ worker: WorkerID, done: Int) throws -> Pulse?
    /// Gives back all that the worker holds.
    func leave(_ worker: WorkerID) throws
    /// Those whose leases last, in the order in which they joined.
    func living() throws -> [(worker: WorkerID, card: WorkerCard)]
    /// Ends the lease of one whose process is known to be dead.
    func bury(_ worker: WorkerID) throws

    /// Leads from now on, unless another live worker does.
    func lead(_ worker: WorkerID) throws -> Leadership?
    /// What the leader has decided, all or nothing.
    /// - Returns: false when the leadership is gone; nothing is then changed.
    func advance(_ step: Advance, by leadership: Leadership) throws -> Bool

    /// Takes tasks that nobody works at, lowest first.
    func claim(_ most: Int, by worker: WorkerID) throws -> [TaskClaim]
    /// Notes how the candidates of claimed slots behave, all in one write.
    /// - Returns: for each the lowest open slot below it that behaves so, if any: this one needs no training.
    func note(_ behaviours: [(claim: TaskClaim, fingerprint: String)]) throws -> [Int?]
    /// Hands in what tasks came to.
    /// - Returns: those of the claims that are still held; of the others the work was for nothing.
    func finish(_ results: [(claim: TaskClaim, bytes: Data)]) throws -> [TaskClaim]
    /// Results that wait to be committed, in ascending order.
    /// - Parameter first: the lowest number.
    func results(of kind: TaskKind, from first: Int) throws -> [TaskResult]

    /// Everyone who ever joined, in the order in which they did.
    func workers() throws -> [WorkerStatus]
    /// What is open at present.
    func openTasks() throws -> [TaskStatus]
    func pulse() throws -> Pulse
    func workload() throws -> Workload
}

package typealias WorkerID = Int

/// What a worker says of itself, for people.
package struct WorkerCard: Codable, Hashable, Sendable {
    package var host: String
    package var pid: Int
    /// Of a scheduler, as it names it: for example "slurm 123_4"; nil = started by hand.
    package var job: String?
    /// Tasks it takes on at once.
    package var capacity: Int
    /// Tasks it trains at once; nil = as many as it takes on.
    package var trainers: Int?
    /// Names the process beyond doubt to others that see the same processes; nil = nobody can tell.
    package var process: ProcessName?

    package struct ProcessName: Codable, Hashable, Sendable {
        /// The start of the machine, and the namespace of process ids.
        package var home: String
        /// When the process began, in the kernel's ticks.
        package var birth: Int

        package init(home: String, birth: Int) {
            self.home = home
            self.birth = birth
        }
    }

    /// What its part of the work is measured by.
    package var hands: Int { trainers ?? capacity }

    package init(
        host: String, pid: Int, job: String? = nil, capacity: Int, trainers: Int? = nil, process: ProcessName? = nil
    ) {
        self.host = host
        self.pid = pid
        self.job = job
        self.capacity = capacity
        self.trainers = trainers
        self.process = process
    }
}

package enum TaskKind: String, Codable, CaseIterable, Sendable {
    /// A slot of the search.
    case slot
    /// A measurement of the verification.
    case verification
}

/// Something to do: all that a worker must know of it.
package struct OpenTask: Hashable, Sendable {
    package var kind: TaskKind
    /// Of the slot, or of the verification record.
    package var number: Int
    package var plan: Data

    package init(_ kind: TaskKind, _ number: Int, plan: Data) {
        self.kind = kind
        self.number = number
        self.plan = plan
    }
}

/// The right to do a task.
package struct TaskClaim: Hashable, Sendable {
    package var task: OpenTask
    package var worker: WorkerID
    /// Counts the task's claims from 1: the fencing token.
    package var epoch: Int

    package init(task: OpenTask, worker: WorkerID, epoch: Int) {
        self.task = task
        self.worker = worker
        self.epoch = epoch
    }
}

package struct TaskResult: Hashable, Sendable {
    package var number: Int
    package var bytes: Data

    package init(number: Int, bytes: Data) {
        self.number = number
        self.bytes = bytes
    }
}

/// The right to plan and to commit.
package struct Leadership: Hashable, Sendable {
    package var worker: WorkerID
    package var epoch: Int

    package init(worker: WorkerID, epoch: Int) {
        self.worker = worker
        self.epoch = epoch
    }
}

/// One step of the leader: appended to the journal, taken off the list of tasks, put on it.
package struct Advance: Sendable {
    package var slots: [SlotLine] = []
    package var verifications: [VerificationRecord] = []
    /// A task that is on the list with another plan is replaced.
    package var opened: [OpenTask] = []
    /// Tasks whose result is of no use: they are done anew.
    package var reopened: [Int] = []
    /// Whether everything else is taken off the list: the search is over.
    package var clears = false
    /// nil = as before.
    package var phase: Phase?

    package init() {}

    package var isEmpty: Bool {
        slots.isEmpty && verifications.isEmpty && opened.isEmpty && reopened.isEmpty && !clears && phase == nil
    }
}

package enum Phase: String, Codable, CaseIterable, Sendable {
    case searching, verifying, complete
}

package struct Pulse: Hashable, Sendable {
    package var phase: Phase
    /// Seconds of the run in which anyone led it.
    package var activeSeconds: Double
    /// nil = nobody who is alive.
    package var leader: WorkerID?

    package init(phase: Phase, activeSeconds: Double, leader: WorkerID?) {
        self.phase = phase
        self.activeSeconds = activeSeconds
        self.leader = leader
    }
}

/// What there is to do, and how many hands there are for it.
package struct Workload: Hashable, Sendable {
    /// Tasks without a result, claimed or not.
    package var unfinished: Int
    /// Of all live workers together.
    package var hands: Int

    package init(unfinished: Int, hands: Int) {
        self.unfinished = unfinished
        self.hands = hands
    }

    /// What a worker may hold at most, so that whoever is quickest to ask leaves the others their part: a part of what there
    /// is to do as large as the worker's part of the hands, and never nothing.
    package func share(of card: WorkerCard) -> Int {
        guard hands > card.hands else { return card.capacity }
        return min(card.capacity, max(1, (unfinished * card.hands + hands - 1) / hands))
    }
}

package struct WorkerStatus: Hashable, Sendable {
    package enum State: String, Codable, Sendable {
        /// Its lease lasts.
        case working
        /// It said that it goes.
        case left
        /// Its lease has run out, or its process is known to be dead.
        case lost
    }

    package var id: WorkerID
    package var card: WorkerCard
    package var state: State
    /// Seconds since it joined, and since its last sign of life, by the store's clock.
    package var age: Double
    package var silence: Double
    /// Tasks it has done, and holds.
    package var done: Int
    package var holds: Int

    package init(
        id: WorkerID, card: WorkerCard, state: State, age: Double, silence: Double, done: Int, holds: Int
    ) {
        self.id = id
        self.card = card
        self.state = state
        self.age = age
        self.silence = silence
        self.done = done
        self.holds = holds
    }
}

package struct TaskStatus: Hashable, Sendable {
    package var kind: TaskKind
    package var number: Int
    /// nil = nobody.
    package var worker: WorkerID?
    package var epoch: Int
    package var isFinished: Bool

    package init(kind: TaskKind, number: Int, worker: WorkerID?, epoch: Int, isFinished: Bool) {
        self.kind = kind
        self.number = number
        self.worker = worker
        self.epoch = epoch
        self.isFinished = isFinished
    }
}
