import EvolveTypes
import Foundation
import Population
import RunStore

/// The worker that plans and commits, for as long as it leads.
///
/// Each step takes up the results that have come in, decides, and writes what it has decided in one transaction. When that is
/// refused, another worker leads by now: this one then knows nothing any more and must be thrown away.
package struct RunLeader {
    private let policy: RunPolicy
    private let store: any WorkQueue
    private let leadership: Leadership
    private var state: RunState
    private var verifications: [VerificationRecord]
    /// nil until the search is over.
    private var steps: VerificationSteps?
    package private(set) var phase = Phase.searching
    private var snapshotAt: Int
    /// Seconds of the run.
    private var snapshotTime = 0.0
    /// This worker's own results, by their bytes, until they are committed: they need not be read from the bytes.
    private var own: [Int: (bytes: Data, result: SlotResult)] = [:]

    /// Slots between two snapshots: what has to be replayed at most, by a resumption or a look at the run.
    private static let snapshotInterval = 1_000
    /// Slots that take long are large as well, and replayed more slowly: of such fewer are enough.
    private static let slowInterval = (slots: 250, seconds: 60.0)

    package init(policy: RunPolicy, history: ModelHistory, store: any WorkQueue, leadership: Leadership) throws {
        self.policy = policy
        self.store = store
        self.leadership = leadership
        (state, snapshotAt) = try RunState.resume(policy, history, store)
        verifications = try store.verifications()
    }

    /// Opens what is to be done and is not on the list yet.
    /// - Returns: nil when it does not lead any more; otherwise what has happened.
    package mutating func begin() throws -> [RunEvent]? {
        try keepSnapshot()
        var step = Advance()
        // Once verification has begun the search is over, even if a time budget ended it before its last slot.
        let pulse = try store.pulse()
        if verifications.isEmpty, !state.isComplete, pulse.phase == .searching {
            step.opened = try state.plans.values.sorted { $0.slot < $1.slot }.map(Self.task)
            let left = policy.maxMinutes.map { max(0, $0 * 60 - pulse.activeSeconds) }
            return try write(step) ? [.searching(committed: state.committed, of: policy.slots, seconds: left)] : nil
        }
        return try verify(step)
    }

    /// Commits what has come in.
    /// - Parameter activeSeconds: of the run so far.
    /// - Returns: nil when it does not lead any more; otherwise what has happened.
    package mutating func step(activeSeconds: Double) throws -> [RunEvent]? {
        switch phase {
        case .searching: try search(activeSeconds)
        case .verifying: try verify(Advance())
        case .complete: []
        }
    }

    // MARK: - This worker's own tasks

    /// What is to be done in the slot; nil where that has to be read.
    func plan(of slot: Int) -> SlotPlan? { state.plans[slot] }

    mutating func know(_ result: SlotResult, as bytes: Data) { own[result.line.record.slot] = (bytes, result) }

    // MARK: - Search

    private mutating func search(_ activeSeconds: Double) throws -> [RunEvent]? {
        var events: [RunEvent] = []
        let isOver = policy.maxMinutes.map { activeSeconds >= $0 * 60 } ?? false
        var step = Advance()
        if !isOver {
            try take(try ready(), into: &step)
            guard try write(step) else { return nil }
            events = step.slots.map { .committed($0.record) }
            try keepSnapshot(activeSeconds)
        }
        guard isOver || state.isComplete else { return events }
        try keepSnapshot(isLast: true)
        step = Advance()
        step.clears = true
        return try verify(step).map { events + $0 }
    }

    /// The results that can be committed: those without a gap before them.
    private func ready() throws -> [SlotResult] {
        let results = try store.results(of: .slot, from: state.committed)
        let whole = results.enumerated().prefix { $0.element.number == state.committed + $0.offset }
        return try whole.map { _, staged in
            if let known = own[staged.number], known.bytes == staged.bytes { return known.result }
            return try SlotResult(staged.bytes)
        }
    }

    private mutating func take(_ results: [SlotResult], into step: inout Advance) throws {
        var first = try store.firstSlots(behaving: results.compactMap(\.line.record.fingerprint))
        for result in results where !state.isComplete {
            var line = result.line
            var record = line.record
            own[record.slot] = nil
            if let fingerprint = record.fingerprint {
                if let original = first[fingerprint] {
                    record.verdict = .duplicate(of: original)
                    line = try SlotLine(record)
                } else if !result.isWhole {
                    // Its twin turned out another: it has to be trained after all, and so have those behind it to wait.
                    step.reopened.append(record.slot)
                    return
                } else {
                    first[fingerprint] = record.slot
                }
            }
            let plans = try state.commit(record)
            step.slots.append(line)
            step.opened += try plans.map(Self.task)
        }
    }

    private static func task(_ plan: SlotPlan) throws -> OpenTask {
        OpenTask(.slot, plan.slot, plan: try CanonicalJSON.encode(plan))
    }

    /// - Parameters:
    ///   - activeSeconds: of the run so far; nil = not known.
    ///   - isLast: nothing will be committed any more, and what is there will be looked at often.
    private mutating func keepSnapshot(_ activeSeconds: Double? = nil, isLast: Bool = false) throws {
        let new = state.committed - snapshotAt
        let time = activeSeconds ?? snapshotTime
        let isSlow = new >= Self.slowInterval.slots && time - snapshotTime >= Self.slowInterval.seconds
        guard new >= (isLast ? 1 : Self.snapshotInterval) || isSlow else { return }
        (snapshotAt, snapshotTime) = (state.committed, time)
        try store.keep(try state.snapshot(of: store))
    }

    // MARK: - Verification

    private struct VerificationSteps {
        var plan: Verification
        var retests: [Verification.Step]
        /// What follows from the re-tests; nil until they are there.
        var finals: [Verification.Step]?
    }

    /// - Parameter first: what is to be written besides.
    private mutating func verify(_ first: Advance) throws -> [RunEvent]? {
        var (step, events) = (first, [RunEvent]())
        if steps == nil {
            let plan = Verification(policy, state.population)
            let retests = plan.retests
            steps = VerificationSteps(plan: plan, retests: retests)
            phase = .verifying
            step.phase = .verifying
            step.opened += try open(retests, from: 0)
            events.append(.verifying(.retests, steps: max(0, retests.count - verifications.count)))
        }
        for result in try store.results(of: .verification, from: verifications.count) {
            guard result.number == verifications.count else { break }
            let record = try CanonicalJSON.decode(VerificationRecord.self, from: result.bytes)
            verifications.append(record)
            step.verifications.append(record)
            events.append(.verified(record))
        }
        try conclude(&step, &events)
        return try write(step) ? events : nil
    }

    private mutating func conclude(_ step: inout Advance, _ events: inout [RunEvent]) throws {
        guard let known = steps, verifications.count >= known.retests.count else { return }
        let done = verifications.count - known.retests.count
        let finals = known.finals ?? known.plan.finals(verifications)
        if done >= finals.count {
            step.phase = .complete
            phase = .complete
        } else if known.finals == nil {
            steps?.finals = finals
            step.opened += try open(finals, from: known.retests.count)
            events.append(.verifying(.heldout, steps: finals.count - done))
        }
    }

    private func open(_ steps: [Verification.Step], from first: Int) throws -> [OpenTask] {
        try steps.enumerated().filter { first + $0.offset >= verifications.count }.map { offset, step in
            OpenTask(.verification, first + offset, plan: try CanonicalJSON.encode(step))
        }
    }

    /// False when it does not lead any more.
    private func write(_ step: Advance) throws -> Bool {
        step.isEmpty ? true : try store.advance(step, by: leadership)
    }
}

extension RunState {
    /// As the store's slots left it: from its snapshot, if that belongs to them, and the slots behind it.
    package init(policy: RunPolicy, history: ModelHistory, resuming store: any RunStore) throws {
        self = try Self.resume(policy, history, store).state
    }

    /// - Returns: also how many slots need not be replayed.
    fileprivate static func resume(
        _ policy: RunPolicy, _ history: ModelHistory, _ store: any RunStore
    ) throws -> (state: RunState, kept: Int) {
        var state: RunState
        if let snapshot = try store.snapshot(),
            snapshot.version == imageVersion(slots: snapshot.slots, policy, history),
            let chain = try? store.chain(before: snapshot.slots),
            chain == snapshot.chain, let image = try? CanonicalJSON.decode(Image.self, from: snapshot.state)
        {
            state = RunState(policy: policy, history: history, image: image)
        } else {
            state = RunState(policy: policy, history: history)
        }
        let kept = state.committed
        try store.forEachSlot(from: kept) { try state.commit($0) }
        return (state, kept)
    }

    package func snapshot(of store: any RunStore) throws -> Snapshot {
        Snapshot(
            slots: committed, chain: try store.chain(before: committed),
            version: Self.imageVersion(slots: committed, policy, history),
            state: try CanonicalJSON.encode(image))
    }
}
