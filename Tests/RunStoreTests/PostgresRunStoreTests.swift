import EvolveTypes
import Foundation
import Labs
import RunStore
import Synchronization
import Testing

@testable import RunStorePostgres

@Suite(.serialized, .enabled(if: PostgresLab.isUsable, "PostgreSQL is not installed"))
struct PostgresRunStoreTests {
    private let lab: PostgresLab
    private let database: PostgresLab.Database

    init() throws {
        lab = try PostgresLab.shared()
        database = try lab.database()
    }

    private func address(_ run: String? = nil) throws -> PostgresAddress {
        try PostgresAddress(database.address + (run.map { "&run=\($0)" } ?? ""))
    }

    @Test("the PostgreSQL store conforms")
    func conforms() throws {
        var count = 0
        try RunStoreConformance(
            make: { manifest in
                count += 1
                return try PostgresRunStore.create(at: address("run\(count)"), manifest: manifest)
            },
            reopen: { try PostgresRunStore.open(at: try #require($0 as? PostgresRunStore).address) }
        ).check()
    }

    @Test("the PostgreSQL queue conforms")
    func queueConforms() throws {
        var count = 0
        try WorkQueueConformance(
            make: { clock in
                count += 1
                return try PostgresRunStore.create(
                    at: address("queue\(count)"), manifest: Sample.manifest(), clock: { clock.now })
            },
            reopen: { store, clock in
                try PostgresRunStore.open(at: try #require(store as? PostgresRunStore).address, clock: { clock.now })
            }
        ).check()
    }

    @Test("leases go by the server's clock")
    func serverClock() throws {
        let store = try PostgresRunStore.create(at: address("clock"), manifest: Sample.manifest())
        let worker = try store.join(WorkerCard(host: "h", pid: 1, capacity: 1), lease: 0.4)
        #expect(try store.renew(worker, done: 1) != nil)
        Thread.sleep(forTimeInterval: 0.6)
        #expect(try store.renew(worker, done: 1) == nil && store.workers().map(\.state) == [.lost])
    }

    @Test("two runs of one database know nothing of each other, and which is meant must be said")
    func twoRuns() throws {
        #expect(throws: Failure.self) { try PostgresRunStore.open(at: address()) }
        let first = try PostgresRunStore.create(at: address("first"), manifest: Sample.manifest())
        #expect(try PostgresRunStore.open(at: address()).run == first.run, "the only one need not be named")
        let second = try PostgresRunStore.create(at: address("second"), manifest: Sample.manifest(seed: 7))
        try first.commit(Sample.slot(0))
        let worker = try first.join(WorkerCard(host: "h", pid: 1, capacity: 1), lease: 10)
        #expect(try first.lead(worker) != nil)
        #expect(try second.slotCount() == 0 && second.workers().isEmpty && second.pulse().leader == nil)
        #expect(try second.manifest().seed == 7 && second.chain(before: 0) != first.chain(before: 0))
        func complaint(_ run: String?) -> String? {
            (#expect(throws: Failure.self) { try PostgresRunStore.open(at: address(run)) })?.message
        }
        #expect(complaint(nil)?.hasSuffix("does not say which run: add ?run=NAME, one of: first, second") == true)
        #expect(complaint("third")?.hasSuffix("is not there: ?run=NAME, one of: first, second") == true)
        let twice = #expect(throws: Failure.self) {
            try PostgresRunStore.create(at: address("first"), manifest: Sample.manifest())
        }
        #expect(twice?.message.contains("there is a run first in the database already") == true)
    }

    @Test("the database makes a second commit of a slot impossible, whatever the program thinks")
    func doubleCommit() throws {
        let store = try PostgresRunStore.create(at: address("double"), manifest: Sample.manifest())
        try store.commit(Sample.slot(0))
        let failure = #expect(throws: Failure.self) {
            try store.transact { connection in
                _ = try connection.execute(
                    """
                    INSERT INTO evolve.slot (run, slot, island, variation, verdict, json, chain, accidents)
                    SELECT run, slot, island, variation, verdict, json, chain, accidents FROM evolve.slot
                    """)
            }
        }
        #expect(failure != nil)
        #expect(try store.slotCount() == 1)
    }

    @Test("a commit whose answer is lost is found to have happened, and is not done again")
    func answerLost() throws {
        let relay = try Relay(to: try #require(UInt16(lab.port)))
        let through = database.addressOverTCP.replacing(":\(lab.port)/", with: ":\(relay.port)/") + "?run=lost"
        let store = try PostgresRunStore.create(at: try PostgresAddress(through), manifest: Sample.manifest())
        let worker = try store.join(WorkerCard(host: "h", pid: 1, capacity: 1), lease: 3600)
        let leadership = try #require(try store.lead(worker))
        for slot in 0..<3 {
            relay.setFault(.answerLost(to: "COMMIT\0"))
            var step = Advance()
            step.slots = [try SlotLine(Sample.slot(slot))]
            #expect(try store.advance(step, by: leadership))
            let attempt = try store.begin(
                CallRecord(slot: slot, turn: 0, model: "m", prompt: "p", estimate: Spend()))
            #expect(attempt == 0)
            try store.record(Sample.answer(slot: slot))
        }
        relay.setFault(.none)
        #expect(try store.slots(from: 0) == (0..<3).map { Sample.slot($0) } && store.answers().count == 3)
    }

    @Test("a database of before the totals gets them when it is opened")
    func totalsOfAnOlderDatabase() throws {
        let store = try PostgresRunStore.create(at: address("old"), manifest: Sample.manifest())
        for slot in 0..<1200 { try store.record(Sample.answer(slot: slot / 2, attempt: slot % 2)) }
        let totals = try store.answerTotals()
        #expect(totals["local/sample"]?.calls == 1200)
        _ = try lab.sql(
            "DROP TABLE evolve.answer_total; DELETE FROM evolve.migration WHERE number = 3", in: database.name)
        let again = try PostgresRunStore.open(at: address("old"))
        #expect(try again.answerTotals() == totals)
    }

    @Test("those who record answers at once lose none")
    func totalsOfMany() throws {
        let stores =
            try [PostgresRunStore.create(at: address("many"), manifest: Sample.manifest())]
            + (0..<3).map { _ in try PostgresRunStore.open(at: address("many")) }
        DispatchQueue.concurrentPerform(iterations: 4) { place in
            for number in 0..<50 {
                #expect(throws: Never.self) {
                    try stores[place].record(Sample.answer(slot: number, attempt: place))
                }
            }
        }
        #expect(try stores[0].answerTotals()["local/sample"]?.calls == 200)
        let check = try StoreCheck(stores[0])
        #expect(check.findings.isEmpty && check.answers == 200)
    }

    @Test("a database of a newer evolve is refused, and migrations do not meet")
    func migrations() throws {
        let addresses = try (0..<6).map { try address("m\($0)") }
        DispatchQueue.concurrentPerform(iterations: 6) { number in
            #expect(throws: Never.self) {
                _ = try PostgresRunStore.create(at: addresses[number], manifest: Sample.manifest())
            }
        }
        #expect(try lab.sql("SELECT count(*) FROM evolve.run", in: database.name).hasPrefix("6"))
        _ = try lab.sql("INSERT INTO evolve.migration (number) VALUES (99)", in: database.name)
        let failure = #expect(throws: Failure.self) { try PostgresRunStore.open(at: address("m1")) }
        #expect(failure?.message.contains("was written by a newer evolve (its schema is v99)") == true)
    }

    @Test(
        "while the server restarts, crashes or drops its clients, workers wait and go on; nothing is lost or done twice",
        arguments: ["restart", "crash", "kill"])
    func serverIsAway(how: String) throws {
        let said = Mutex<[String]>([])
        let absence = PostgresRunStore.Absence(observe: { line in said.withLock { $0.append(line) } })
        let store = try PostgresRunStore.create(
            at: address("away"), manifest: Sample.manifest(), absence: absence)
        let worker = try store.join(WorkerCard(host: "h", pid: 1, capacity: 1), lease: 3600)
        let leadership = try #require(try store.lead(worker))
        let isOver = Mutex(false)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [lab, database] in
            for _ in 0..<3 {
                Thread.sleep(forTimeInterval: 0.2)
                switch how {
                case "restart": try? lab.restart()
                case "crash":
                    try? lab.crash()
                    try? lab.start()
                default: try? lab.killBackends(of: database)
                }
            }
            isOver.withLock { $0 = true }
            done.signal()
        }
        var count = 0
        while !isOver.withLock({ $0 }) || count < 50 {
            var step = Advance()
            step.slots = [try SlotLine(Sample.slot(count))]
            step.opened = [OpenTask(.slot, count + 1, plan: Data("p".utf8))]
            #expect(try store.advance(step, by: leadership))
            // The disk is not waited for when a task is claimed: a server that crashes before `finish` has forgotten the claim,
            // and the task is there to be claimed once more.
            while try store.results(of: .slot, from: count + 1).isEmpty {
                let claim = try #require(store.claim(1, by: worker).first)
                #expect(claim.task.number == count + 1)
                _ = try store.finish(claim, with: Data("r".utf8))
            }
            #expect(try store.begin(CallRecord(slot: count, turn: 0, model: "m", prompt: "p", estimate: Spend())) == 0)
            try store.record(Sample.answer(slot: count))
            count += 1
        }
        done.wait()
        #expect(try store.slots(from: 0) == (0..<count).map { Sample.slot($0) })
        #expect(try store.answers().count == count && store.results(of: .slot, from: count).count == 1)
        #expect(count >= 50)
        if how != "kill" { #expect(said.withLock { $0 }.contains { $0.contains("waiting") }) }
    }
}
