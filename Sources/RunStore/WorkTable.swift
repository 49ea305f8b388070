import EvolveTypes
import Foundation

/// The rules of `WorkQueue` as a value: what the databases' statements must come to. Every call is told the time.
struct WorkTable: Sendable {
    private struct Worker {
        var card: WorkerCard
        var lease: Double
        var joined: Double
        var seen: Double
        var hasLeft = false
        var done = 0

        func isAlive(_ now: Double) -> Bool { !hasLeft && now < seen + lease }
    }

    private struct Key: Hashable, Comparable {
        var kind: TaskKind
        var number: Int

        /// A total order, in which a key has one place.
        static func < (left: Key, right: Key) -> Bool {
            (left.number, left.kind.rawValue) < (right.number, right.kind.rawValue)
        }
    }

    /// Keys in their order, each once.
    private struct Ascending {
        private(set) var keys: [Key] = []

        /// The first place that is not before the key.
        private func place(of key: Key) -> Int {
            var (low, high) = (0, keys.count)
            while low < high {
                let middle = (low + high) / 2
                if keys[middle] < key { low = middle + 1 } else { high = middle }
            }
            return low
        }

        private func holds(_ key: Key, at place: Int) -> Bool { place < keys.count && keys[place] == key }

        mutating func insert(_ key: Key) {
            let place = place(of: key)
            if !holds(key, at: place) { keys.insert(key, at: place) }
        }

        mutating func remove(_ key: Key) {
            let place = place(of: key)
            if holds(key, at: place) { keys.remove(at: place) }
        }
    }

    private struct Task {
        var plan: Data
        var worker: WorkerID?
        var epoch = 0
        var fingerprint: String?
        var result: Data?
    }

    private var workers: [Worker] = []
    private var tasks: [Key: Task] = [:]
    /// Those without a result and those with one, lowest first: so that a look at a few costs little among thousands.
    private var unfinished = Ascending()
    private var finished = Ascending()
    /// Open slots by how they behave.
    private var behaving: [String: Ascending] = [:]
    private var leadership: Leadership?
    private var phase = Phase.searching
    private var active = 0.0
    private var beat = 0.0

    private func isAlive(_ worker: WorkerID?, _ now: Double) -> Bool {
        worker.map { workers.indices.contains($0 - 1) && workers[$0 - 1].isAlive(now) } ?? false
    }

    mutating func join(_ card: WorkerCard, lease: Double, now: Double) -> WorkerID {
        workers.append(Worker(card: card, lease: lease, joined: now, seen: now))
        return workers.count
    }

    mutating func renew(_ worker: WorkerID, done: Int, now: Double) -> Pulse? {
        guard isAlive(worker, now) else { return nil }
        workers[worker - 1].seen = now
        workers[worker - 1].done = done
        if leadership?.worker == worker { count(until: now) }
        return pulse(now)
    }

    /// Time counts while it is led, up to a lease between two signs of life.
    private mutating func count(until now: Double) {
        guard let leader = leadership?.worker else { return }
        active += min(max(0, now - beat), workers[leader - 1].lease)
        beat = now
    }

    mutating func leave(_ worker: WorkerID, now: Double) {
        guard isAlive(worker, now) else { return }
        if leadership?.worker == worker { count(until: now) }
        workers[worker - 1].hasLeft = true
        for (key, task) in tasks where task.worker == worker && task.result == nil { tasks[key]?.worker = nil }
    }

    func living(_ now: Double) -> [(worker: WorkerID, card: WorkerCard)] {
        workers.enumerated().filter { $1.isAlive(now) }.map { ($0 + 1, $1.card) }
    }

    mutating func bury(_ worker: WorkerID) {
        if workers.indices.contains(worker - 1) { workers[worker - 1].lease = 0 }
    }

    mutating func lead(_ worker: WorkerID, now: Double) -> Leadership? {
        guard isAlive(worker, now) else { return nil }
        if let leadership, leadership.worker != worker, isAlive(leadership.worker, now) { return nil }
        let next = Leadership(worker: worker, epoch: (leadership?.epoch ?? 0) + 1)
        leadership = next
        beat = now
        return next
    }

    func leads(_ leadership: Leadership, now: Double) -> Bool {
        self.leadership == leadership && isAlive(leadership.worker, now)
    }

    /// Without what goes to the journal.
    mutating func advance(_ step: Advance) {
        for line in step.slots { take(Key(kind: .slot, number: line.record.slot)) }
        for record in step.verifications { take(Key(kind: .verification, number: record.index)) }
        if step.clears { (tasks, unfinished, finished, behaving) = ([:], Ascending(), Ascending(), [:]) }
        for number in step.reopened {
            let key = Key(kind: .slot, number: number)
            if tasks[key] != nil { expect(key) }
            tasks[key]?.worker = nil
            tasks[key]?.result = nil
        }
        for task in step.opened {
            let key = Key(kind: task.kind, number: task.number)
            // One that is on the list with another plan, made before an amendment, is another task by now.
            guard tasks[key]?.plan != task.plan else { continue }
            expect(key)
            tasks[key] = Task(plan: task.plan, epoch: tasks[key]?.epoch ?? 0)
        }
        if let next = step.phase { phase = next }
    }

    /// Off the list.
    private mutating func take(_ key: Key) {
        forget(key)
        tasks[key] = nil
        unfinished.remove(key)
        finished.remove(key)
    }

    /// It is to be done, whether it was done before or not.
    private mutating func expect(_ key: Key) {
        forget(key)
        finished.remove(key)
        unfinished.insert(key)
    }

    /// How it behaves.
    private mutating func forget(_ key: Key) {
        guard let fingerprint = tasks[key]?.fingerprint else { return }
        tasks[key]?.fingerprint = nil
        behaving[fingerprint]?.remove(key)
        if behaving[fingerprint]?.keys.isEmpty == true { behaving[fingerprint] = nil }
    }

    mutating func claim(_ most: Int, by worker: WorkerID, now: Double) -> [TaskClaim] {
        guard isAlive(worker, now) else { return [] }
        var claims: [TaskClaim] = []
        for key in unfinished.keys {
            guard claims.count < most else { break }
            guard var task = tasks[key], !isAlive(task.worker, now) else { continue }
            task.worker = worker
            task.epoch += 1
            tasks[key] = task
            claims.append(
                TaskClaim(task: OpenTask(key.kind, key.number, plan: task.plan), worker: worker, epoch: task.epoch))
        }
        return claims
    }

    /// nil unless the claim is held.
    private func held(_ claim: TaskClaim, _ now: Double) -> Key? {
        let key = Key(kind: claim.task.kind, number: claim.task.number)
        guard let task = tasks[key], task.worker == claim.worker, task.epoch == claim.epoch, task.result == nil,
            isAlive(claim.worker, now)
        else { return nil }
        return key
    }

    mutating func note(_ fingerprint: String, of claim: TaskClaim, now: Double) -> Int? {
        guard let key = held(claim, now) else { return nil }
        forget(key)
        tasks[key]?.fingerprint = fingerprint
        behaving[fingerprint, default: Ascending()].insert(key)
        return behaving[fingerprint]?.keys.first { $0 < key && $0.kind == .slot }?.number
    }

    mutating func finish(_ claim: TaskClaim, with result: Data, now: Double) -> Bool {
        guard let key = held(claim, now) else { return false }
        tasks[key]?.result = result
        unfinished.remove(key)
        finished.insert(key)
        return true
    }

    func results(of kind: TaskKind, from first: Int) -> [TaskResult] {
        finished.keys.filter { $0.kind == kind && $0.number >= first }
            .compactMap { key in tasks[key]?.result.map { TaskResult(number: key.number, bytes: $0) } }
    }

    func statuses(_ now: Double) -> [WorkerStatus] {
        workers.enumerated().map { index, worker in
            WorkerStatus(
                id: index + 1, card: worker.card,
                state: worker.hasLeft ? .left : worker.isAlive(now) ? .working : .lost,
                age: now - worker.joined, silence: now - worker.seen, done: worker.done,
                holds: tasks.values.count { $0.worker == index + 1 && $0.result == nil })
        }
    }

    var openTasks: [TaskStatus] {
        tasks.sorted { $0.key < $1.key }.map { key, task in
            TaskStatus(
                kind: key.kind, number: key.number, worker: task.worker, epoch: task.epoch,
                isFinished: task.result != nil)
        }
    }

    func workload(_ now: Double) -> Workload {
        Workload(
            unfinished: unfinished.keys.count,
            hands: workers.reduce(0) { $0 + ($1.isAlive(now) ? $1.card.hands : 0) })
    }

    func pulse(_ now: Double) -> Pulse {
        let leader = leadership?.worker
        return Pulse(phase: phase, activeSeconds: active, leader: isAlive(leader, now) ? leader : nil)
    }
}
