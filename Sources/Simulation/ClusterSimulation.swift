import Engine
import EvolveTypes
import Foundation
import Population
import RunStore

/// A run on a cluster, in virtual time: one event after the other, until the last slot is committed.
///
/// The store is the run's own without a database, told the virtual time; the leader is the run's own. What a worker
/// does at each event is what `WorkerSitting` does: hand in, renew the lease, lead if nobody does, claim.
package struct ClusterSimulation {
    private enum Event {
        /// A worker looks around.
        case tick
        /// It is known how the candidate behaves.
        case written
        /// All of the slot is done.
        case done
        case failure
        /// A new worker takes the place of a dead one.
        case arrival
    }

    private let policy: RunPolicy
    private let times: SlotTimes
    private let cluster: ClusterSettings
    private let store: InMemoryRunStore
    private let clock = VirtualClock()
    private var agenda = Agenda<(place: Int, life: Int, event: Event)>()
    private var places: [WorkerPlace]
    private var played: [Int: PlayedSlot] = [:]
    /// Slots whose answers are in the store: no model is asked for them again.
    private var answered: Set<Int> = []
    private var work: [(start: Double, end: Double)]
    private var tally = ClusterOutcome.Tally()
    private var commits: [Double] = []

    private var now: Double { clock.seconds }

    package init(policy: RunPolicy, times: SlotTimes, cluster: ClusterSettings) throws {
        self.policy = policy
        self.times = times
        self.cluster = cluster
        let clock = self.clock
        store = InMemoryRunStore(
            manifest: RunManifest(
                name: policy.name, seed: policy.seed, policy: try CanonicalJSON.encode(policy), definitions: [],
                replay: false, createdAt: Date(timeIntervalSince1970: 0)), clock: { clock.seconds })
        places = (0..<cluster.workers).map { WorkerPlace(number: $0, seed: cluster.seed) }
        work = Array(repeating: (0, 0), count: policy.slots)
    }

    /// - Throws: `Failure` when a slot is lost, done twice or out of order.
    package mutating func run() throws -> ClusterOutcome {
        for place in places.indices {
            agenda.enter((place, 0, .arrival), at: places[place].stream.uniform() * cluster.rhythm.poll)
        }
        while commits.count < policy.slots, let (time, next) = agenda.next() {
            // What a life has left undone is void with it.
            guard next.life == places[next.place].life else { continue }
            if let wakes = places[next.place].wakes, time < wakes {
                agenda.enter(next, at: wakes)
                continue
            }
            clock.seconds = time
            try take(next.event, at: next.place)
        }
        return try outcome()
    }

    private mutating func take(_ event: Event, at place: Int) throws {
        switch event {
        case .arrival:
            join(place)
            try lookAround(place)
        case .tick:
            agenda.enter((place, places[place].life, .tick), at: now + cluster.rhythm.poll)
            try look(place)
        case .written: written(place)
        case .done:
            try handIn(place)
            try look(place)
        case .failure: fail(place)
        }
    }

    // MARK: - A worker

    private mutating func join(_ place: Int) {
        places[place].begin(
            as: store.join(WorkerCard(host: "\(place)", pid: 1, capacity: 1), lease: cluster.rhythm.lease), at: now)
        let life = places[place].life
        agenda.enter((place, life, .tick), at: now + cluster.rhythm.poll)
        guard cluster.failuresPerHour > 0 else { return }
        let patience = places[place].stream.exponential(mean: 3600 / cluster.failuresPerHour)
        agenda.enter((place, life, .failure), at: now + patience)
    }

    /// Renews its lease, or joins again when it has run out; then takes up what there is to do.
    private mutating func look(_ place: Int) throws {
        if now - places[place].renewed >= cluster.rhythm.renewal {
            places[place].renewed = now
            guard store.renew(places[place].worker, done: 0) != nil else {
                tally.rejoined += 1
                if places[place].job != nil { tally.givenUp += 1 }
                places[place].end()
                join(place)
                return try lookAround(place)
            }
        }
        try lookAround(place)
    }

    private mutating func lookAround(_ place: Int) throws {
        if places[place].leader == nil, store.pulse().leader == nil {
            guard let leadership = store.lead(places[place].worker) else { return }
            var leader = try RunLeader(
                policy: policy, history: ModelHistory(policy), store: store, leadership: leadership)
            guard try leader.begin() != nil else { return }
            tally.leaders += 1
            places[place].leader = leader
        }
        if places[place].leader != nil {
            guard let events = try places[place].leader?.step(activeSeconds: 0) else {
                places[place].leader = nil
                return
            }
            for case .committed(let record) in events { try note(record) }
        }
        guard places[place].job == nil else { return }
        for claim in store.claim(1, by: places[place].worker) where claim.task.kind == .slot { try start(claim, place) }
    }

    private mutating func start(_ claim: TaskClaim, _ place: Int) throws {
        let plan = try CanonicalJSON.decode(SlotPlan.self, from: claim.task.plan)
        let slot = played[plan.slot] ?? PlayedSlot(plan, policy, times)
        played[plan.slot] = slot
        if claim.epoch > 1 { tally.takenOver += 1 }
        let calls =
            answered.contains(plan.slot) ? 0 : PlayedSlot.calls(plan, policy, times, attempt: claim.epoch)
        places[place].job = WorkerPlace.Job(claim: claim, slot: slot, begun: now, asked: now + calls)
        agenda.enter((place, places[place].life, .written), at: now + calls + slot.edit)
    }

    private mutating func written(_ place: Int) {
        guard let job = places[place].job else { return }
        answered.insert(job.claim.task.number)
        let isTwin = job.slot.fingerprint.map { name in
            store.note([(job.claim, name)]) != [nil] || !store.firstSlots(behaving: [name]).isEmpty
        }
        places[place].job?.hasTwin = isTwin ?? false
        let train = isTwin == true ? 0 : job.slot.train
        agenda.enter((place, places[place].life, .done), at: now + train)
    }

    private mutating func handIn(_ place: Int) throws {
        guard let job = places[place].job else { return }
        places[place].job = nil
        let result = try job.slot.result(hasTwin: job.hasTwin)
        if store.finish([(job.claim, try result.bytes())]).isEmpty {
            tally.refused += 1
        } else {
            work[job.claim.task.number] = (job.begun, now)
            tally.handedIn += 1
        }
    }

    private mutating func fail(_ place: Int) {
        if places[place].stream.uniform() < cluster.cutOffShare {
            tally.cutOff += 1
            places[place].wakes = now + places[place].stream.uniform() * cluster.longestSilence
            // The next failure of a life that goes on.
            let patience = places[place].stream.exponential(mean: 3600 / cluster.failuresPerHour)
            agenda.enter((place, places[place].life, .failure), at: now + patience)
            return
        }
        tally.died += 1
        if let job = places[place].job {
            tally.lostWithWorker += 1
            if job.asked <= now { answered.insert(job.claim.task.number) }
        }
        if places[place].leader != nil { tally.leadersDied += 1 }
        places[place].end()
        agenda.enter((place, places[place].life, .arrival), at: now + cluster.restart)
    }

    // MARK: - What is checked, and what came of it

    private mutating func note(_ record: SlotRecord) throws {
        guard record.slot == commits.count else {
            throw Failure(.internalError, "slot \(record.slot) was committed where slot \(commits.count) was due")
        }
        commits.append(now)
        played[record.slot] = nil
        answered.remove(record.slot)
    }

    private func outcome() throws -> ClusterOutcome {
        let numbers = store.slots(from: 0).map(\.slot)
        guard numbers == Array(0..<policy.slots) else {
            throw Failure(.internalError, "\(numbers.count) of \(policy.slots) slots are in the journal")
        }
        guard tally.handedIn == policy.slots else {
            throw Failure(.internalError, "\(tally.handedIn) results were accepted for \(policy.slots) slots")
        }
        let seeds = min(policy.seedSlots.count, policy.slots)
        let measured = Utilisation(work: work, commits: commits, seeds: seeds, lookahead: policy.lookahead)
        let durations = work.map { $0.end - $0.start }
        let schedule = IdealSchedule(
            durations: durations, seeds: seeds, workers: cluster.workers, lookahead: policy.lookahead)
        let ideal = Utilisation(
            work: zip(schedule.starts, durations).map { ($0, $0 + $1) }, commits: schedule.commits, seeds: seeds,
            lookahead: policy.lookahead)
        return ClusterOutcome(
            workers: cluster.workers, lookahead: policy.lookahead, slots: policy.slots,
            utilisation: measured.share(workers: cluster.workers), ideal: ideal.share(workers: cluster.workers),
            seedSeconds: measured.begin, steadySeconds: measured.end - measured.begin, seconds: commits.last ?? 0,
            meanSlotSeconds: durations.reduce(0, +) / Double(durations.count),
            longestSlotSeconds: durations.max() ?? 0, tally: tally, chain: try store.chain(before: policy.slots))
    }

    /// The journal's fingerprint before slot `number`.
    package func chain(before number: Int) throws -> String { try store.chain(before: number) }
}
