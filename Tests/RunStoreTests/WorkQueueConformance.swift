import EvolveTypes
import Foundation
import RunStore
import Synchronization
import Testing

/// A clock that a test moves.
final class PlayedClock: Sendable {
    private let time = Mutex(1000.0)

    var now: Double { time.withLock { $0 } }
    func pass(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// What every queue of work must do, whatever it is made of.
struct WorkQueueConformance {
    /// A new run, whose leases go by the clock.
    var make: (PlayedClock) throws -> any WorkQueue
    /// The same run as another process sees it.
    var reopen: (any WorkQueue, PlayedClock) throws -> any WorkQueue

    func check() throws {
        try tasksAreClaimedOnceLowestFirst()
        try aTaskOfTheDeadIsTakenOver()
        try aStaleClaimIsRefused()
        try whoLeavesGivesBack()
        try whoIsBuriedIsLost()
        try theWorkloadCountsTheLiving()
        try oneLeads()
        try aStepIsAllOrNothing()
        try twinsAreFoundBelow()
        try timeCountsWhileItIsLed()
        try plansThatChangedAreReplaced()
        try concurrentClaimsNeverMeet()
        try submissionsAreKeptInOrder()
    }

    private func submissionsAreKeptInOrder() throws {
        let clock = PlayedClock()
        let store = try make(clock)
        #expect(try store.submissions().isEmpty)
        let digest = try RunDigest.of(store)
        // A scheduler that has lost its state gives a number twice.
        let records = [("12", 4), ("7", 1), ("12", 2)].map { job, tasks in
            SubmissionRecord(
                scheduler: "slurm", job: job, jobName: "evolve-r", tasks: tasks,
                script: "#!/bin/bash\n# \u{2018}\(tasks)\n",
                submittedAt: Date(timeIntervalSince1970: 86_400 * Double(tasks)))
        }
        for record in records { try store.record(record) }
        #expect(try store.submissions() == records && reopen(store, clock).submissions() == records)
        #expect(try RunDigest.of(store) == digest, "they are no part of the run")
    }

    private static let card = WorkerCard(host: "node1", pid: 7, job: "slurm 3_1", capacity: 2)

    private func led(_ clock: PlayedClock, tasks: Int) throws -> (any WorkQueue, WorkerID, Leadership) {
        let store = try make(clock)
        let worker = try store.join(Self.card, lease: 10)
        let leadership = try #require(try store.lead(worker))
        var step = Advance()
        step.opened = (0..<tasks).map { OpenTask(.slot, $0, plan: Data("plan \($0)".utf8)) }
        #expect(try store.advance(step, by: leadership))
        return (store, worker, leadership)
    }

    private func tasksAreClaimedOnceLowestFirst() throws {
        let (store, first, _) = try led(PlayedClock(), tasks: 4)
        let second = try store.join(Self.card, lease: 10)
        let mine = try store.claim(2, by: first)
        #expect(mine.map(\.task.number) == [0, 1] && mine.allSatisfy { $0.epoch == 1 && $0.worker == first })
        #expect(mine.map(\.task.plan) == [Data("plan 0".utf8), Data("plan 1".utf8)])
        #expect(try store.claim(9, by: second).map(\.task.number) == [2, 3])
        #expect(try store.claim(9, by: first).isEmpty && store.claim(9, by: 99).isEmpty)
        #expect(try store.finish(mine[1], with: Data("result".utf8)))
        #expect(try store.results(of: .slot, from: 0) == [TaskResult(number: 1, bytes: Data("result".utf8))])
        #expect(try store.results(of: .slot, from: 2).isEmpty && store.results(of: .verification, from: 0).isEmpty)
        #expect(try store.openTasks().map(\.isFinished) == [false, true, false, false])
        #expect(try store.workers().map(\.holds) == [1, 2])
    }

    private func aTaskOfTheDeadIsTakenOver() throws {
        let clock = PlayedClock()
        let (store, first, _) = try led(clock, tasks: 1)
        let claim = try #require(try store.claim(1, by: first).first)
        let second = try store.join(Self.card, lease: 10)
        clock.pass(9)
        #expect(try store.renew(second, done: 0) != nil)
        #expect(try store.claim(1, by: second).isEmpty, "the first may still live")
        clock.pass(2)
        let again = try #require(try store.claim(1, by: second).first)
        #expect(again.epoch == 2 && again.task == claim.task)
        #expect(try store.workers().map(\.state) == [.lost, .working])
    }

    private func aStaleClaimIsRefused() throws {
        let clock = PlayedClock()
        let (store, first, _) = try led(clock, tasks: 2)
        let claims = try store.claim(2, by: first)
        clock.pass(11)
        // Nobody has taken the place yet, and still: who was taken for dead is.
        #expect(try store.renew(first, done: 1) == nil)
        #expect(try !store.finish(claims[0], with: Data()) && store.note("f", of: claims[0]) == nil)
        #expect(try store.claim(1, by: first).isEmpty && store.lead(first) == nil)
        let second = try store.join(Self.card, lease: 10)
        let again = try store.claim(2, by: second)
        #expect(try store.finish(again[0], with: Data("new".utf8)))
        #expect(try !store.finish(claims[0], with: Data("old".utf8)))
        #expect(try !store.finish(again[0], with: Data("twice".utf8)))
        #expect(try store.results(of: .slot, from: 0).map(\.bytes) == [Data("new".utf8)])
    }

    private func whoLeavesGivesBack() throws {
        let (store, first, leadership) = try led(PlayedClock(), tasks: 3)
        let claims = try store.claim(2, by: first)
        #expect(try store.finish(claims[0], with: Data("kept".utf8)))
        try store.leave(first)
        #expect(try store.pulse().leader == nil && store.workers().map(\.state) == [.left])
        let second = try store.join(Self.card, lease: 10)
        #expect(try store.claim(9, by: second).map(\.task.number) == [1, 2])
        #expect(try store.results(of: .slot, from: 0).map(\.number) == [0])
        #expect(try !store.advance(Advance(), by: leadership))
    }

    private func whoIsBuriedIsLost() throws {
        let (store, first, leadership) = try led(PlayedClock(), tasks: 2)
        let claims = try store.claim(2, by: first)
        let second = try store.join(WorkerCard(host: "node2", pid: 9, capacity: 6), lease: 10)
        #expect(try store.living().map(\.worker) == [first, second])
        #expect(try store.living().map(\.card.host) == ["node1", "node2"])
        try store.bury(first)
        #expect(try store.workers().map(\.state) == [.lost, .working] && store.living().map(\.worker) == [second])
        #expect(try store.pulse().leader == nil && !store.advance(Advance(), by: leadership))
        #expect(try !store.finish(claims[0], with: Data()) && store.renew(first, done: 0) == nil)
        #expect(try store.claim(9, by: second).map(\.task.number) == [0, 1])
        // Whoever has left stays one who has left.
        try store.leave(second)
        try store.bury(second)
        #expect(try store.workers().map(\.state) == [.lost, .left])
    }

    private func theWorkloadCountsTheLiving() throws {
        let clock = PlayedClock()
        let (store, first, _) = try led(clock, tasks: 5)
        #expect(try store.workload() == Workload(unfinished: 5, hands: 2))
        clock.pass(6)
        let second = try store.join(WorkerCard(host: "node2", pid: 7, capacity: 6, trainers: 3), lease: 10)
        let claims = try store.claim(2, by: first)
        #expect(try store.finish(claims[1], with: Data("result".utf8)))
        #expect(try store.workload() == Workload(unfinished: 4, hands: 5))
        clock.pass(5)
        #expect(try store.workload() == Workload(unfinished: 4, hands: 3), "the first is taken for dead")
        try store.leave(second)
        #expect(try store.workload() == Workload(unfinished: 4, hands: 0))
    }

    private func oneLeads() throws {
        let clock = PlayedClock()
        let (store, first, leadership) = try led(clock, tasks: 0)
        let second = try store.join(Self.card, lease: 10)
        #expect(try store.lead(second) == nil)
        #expect(try store.pulse().leader == first)
        clock.pass(8)
        #expect(try store.renew(second, done: 0) != nil)
        clock.pass(3)
        #expect(try store.pulse().leader == nil)
        let next = try #require(try store.lead(second))
        #expect(next.epoch == leadership.epoch + 1)
        var step = Advance()
        step.slots = try [Sample.slot(0)].map(SlotLine.init)
        #expect(try !store.advance(step, by: leadership), "it woke too late")
        #expect(try store.slotCount() == 0)
        #expect(try store.advance(step, by: next) && store.slotCount() == 1)
    }

    private func aStepIsAllOrNothing() throws {
        let (store, _, leadership) = try led(PlayedClock(), tasks: 2)
        var step = Advance()
        step.slots = try [Sample.slot(0), Sample.slot(1), Sample.slot(3)].map(SlotLine.init)
        step.verifications = [Sample.verification(0)]
        step.phase = .verifying
        #expect(throws: Failure.self) { try store.advance(step, by: leadership) }
        #expect(try store.slotCount() == 0 && store.verifications().isEmpty && store.pulse().phase == .searching)
        #expect(try store.openTasks().count == 2)
        step.slots = try [Sample.slot(0)].map(SlotLine.init)
        step.opened = [OpenTask(.verification, 1, plan: Data("v".utf8)), OpenTask(.slot, 2, plan: Data("2".utf8))]
        #expect(try store.advance(step, by: leadership))
        #expect(try store.slots(from: 0) == [Sample.slot(0)] && store.verifications() == [Sample.verification(0)])
        #expect(
            try store.openTasks().map { "\($0.kind) \($0.number)" }.sorted() == ["slot 1", "slot 2", "verification 1"])
        #expect(try store.pulse().phase == .verifying)
        var last = Advance()
        last.clears = true
        last.phase = .complete
        #expect(try store.advance(last, by: leadership))
        #expect(try store.openTasks().isEmpty && store.pulse().phase == .complete)
    }

    private func twinsAreFoundBelow() throws {
        let (store, worker, leadership) = try led(PlayedClock(), tasks: 3)
        let claims = try store.claim(3, by: worker)
        #expect(try store.note("same", of: claims[2]) == nil)
        #expect(try store.note("other", of: claims[0]) == nil)
        #expect(try store.note("same", of: claims[1]) == nil, "only lower slots count")
        #expect(try store.note("same", of: claims[2]) == 1)
        let together = claims.reversed().map { (claim: $0, fingerprint: "all") }
        #expect(try store.note(together).allSatisfy { $0 == nil || $0 == 0 || $0 == 1 })
        #expect(try store.note(together) == [0, 0, nil], "the lowest, in the order of the question")
        for (number, fingerprint) in ["other", "same", "same"].enumerated() {
            _ = try store.note(fingerprint, of: claims[number])
        }
        var step = Advance()
        step.reopened = [1]
        #expect(try store.advance(step, by: leadership))
        #expect(try store.note("same", of: claims[2]) == nil, "what is done anew may turn out another")
        #expect(try store.claim(1, by: worker).map(\.epoch) == [2])
    }

    private func timeCountsWhileItIsLed() throws {
        let clock = PlayedClock()
        let (store, first, _) = try led(clock, tasks: 0)
        clock.pass(4)
        #expect(try store.renew(first, done: 0)?.activeSeconds == 4)
        clock.pass(1000)
        let second = try store.join(Self.card, lease: 10)
        _ = try #require(try store.lead(second))
        clock.pass(3)
        #expect(try store.renew(second, done: 0)?.activeSeconds == 7, "nobody was there in between")
        clock.pass(2)
        try store.leave(second)
        #expect(try store.pulse().activeSeconds == 9)
    }

    private func plansThatChangedAreReplaced() throws {
        let (store, worker, leadership) = try led(PlayedClock(), tasks: 2)
        let claims = try store.claim(2, by: worker)
        var step = Advance()
        step.opened = [OpenTask(.slot, 0, plan: Data("plan 0".utf8)), OpenTask(.slot, 1, plan: Data("new".utf8))]
        #expect(try store.advance(step, by: leadership))
        #expect(try store.finish(claims[0], with: Data("r".utf8)), "the same plan is the same task")
        #expect(try !store.finish(claims[1], with: Data("r".utf8)))
        let again = try store.claim(2, by: worker)
        #expect(again.map(\.task.plan) == [Data("new".utf8)] && again.map(\.epoch) == [2])
    }

    private func concurrentClaimsNeverMeet() throws {
        let clock = PlayedClock()
        let (store, _, _) = try led(clock, tasks: 40)
        let taken = Mutex<[Int]>([])
        let others = [store, try reopen(store, clock), try reopen(store, clock)]
        DispatchQueue.concurrentPerform(iterations: 6) { number in
            #expect(throws: Never.self) {
                let store = others[number % others.count]
                let worker = try store.join(Self.card, lease: 10)
                while true {
                    let claims = try store.claim(3, by: worker)
                    if claims.isEmpty { break }
                    for claim in claims { #expect(try store.finish(claim, with: Data([1]))) }
                    taken.withLock { $0 += claims.map(\.task.number) }
                }
            }
        }
        #expect(taken.withLock { $0.sorted() } == Array(0..<40))
    }
}

extension WorkQueue {
    func note(_ fingerprint: String, of claim: TaskClaim) throws -> Int? { try note([(claim, fingerprint)])[0] }

    /// - Returns: false when the claim is not held any more.
    func finish(_ claim: TaskClaim, with result: Data) throws -> Bool {
        try !finish([(claim, result)]).isEmpty
    }
}
