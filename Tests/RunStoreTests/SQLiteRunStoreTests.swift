import EvolveTypes
import Foundation
import GRDB
import RunStore
import Testing

@testable import RunStoreSQLite

@Suite struct SQLiteRunStoreTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    @Test("the SQLite store conforms")
    func conforms() throws {
        var count = 0
        let provider = RunStoreConformance(
            make: { manifest in
                count += 1
                return try SQLiteRunStore.create(at: folder("run\(count).evolve"), manifest: manifest)
            },
            reopen: { store in
                let path = try #require(store as? SQLiteRunStore).path
                return try SQLiteRunStore.open(at: path, readOnly: false)
            })
        try provider.check()
    }

    @Test("the SQLite queue conforms")
    func queueConforms() throws {
        var count = 0
        func clocked(_ path: String, _ clock: PlayedClock) throws -> SQLiteRunStore {
            try SQLiteRunStore.open(at: path, readOnly: false, clock: StoreClock(boot: "this") { clock.now })
        }
        try WorkQueueConformance(
            make: { clock in
                count += 1
                let path = folder("queue\(count).evolve")
                try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
                return try clocked(path, clock)
            },
            reopen: { store, clock in try clocked(try #require(store as? SQLiteRunStore).path, clock) }
        ).check()
    }

    @Test("after another start of the machine nobody of before is alive")
    func anotherBoot() throws {
        let clock = PlayedClock()
        try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
        let before = try SQLiteRunStore.open(at: path, readOnly: false, clock: StoreClock(boot: "one") { clock.now })
        let worker = try before.join(WorkerCard(host: "h", pid: 1, capacity: 1), lease: 1000)
        #expect(try before.lead(worker) != nil)
        let after = try SQLiteRunStore.open(at: path, readOnly: false, clock: StoreClock(boot: "two") { clock.now })
        #expect(try after.pulse().leader == nil && after.workers().map(\.state) == [.lost])
        #expect(try after.renew(worker, done: 0) == nil)
    }

    @Test("commits are flushed to the disk: WAL with synchronous FULL")
    func isDurable() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        let settings = try store.database.writeWithoutTransaction { database in
            [
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try String.fetchOne(database, sql: "PRAGMA synchronous"),
            ]
        }
        #expect(settings == ["wal", "2"])
    }

    @Test("a store can be read while another process writes it, and sees each commit")
    func readsDuringARun() throws {
        let writer = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        let lock = try writer.lockForRunning()
        defer { lock.release() }
        let reader = try SQLiteRunStore.open(at: path, readOnly: true)
        for slot in 0..<5 {
            try writer.commit(Sample.slot(slot))
            #expect(try reader.slotCount() == slot + 1)
        }
    }

    @Test("a store opened for reading refuses to be written or run")
    func readOnlyRefusesWrites() throws {
        _ = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        let reader = try SQLiteRunStore.open(at: path, readOnly: true)
        #expect(
            throws: Failure(
                .unavailable,
                "the store \(path) cannot be written (attempt to write a readonly database): make it writable, or copy it"
            )
        ) { try reader.commit(Sample.slot(0)) }
        #expect(throws: Failure(.internalError, "\(path) was opened for reading and cannot be run")) {
            _ = try reader.lockForRunning()
        }
    }

    @Test("verdict, gain and cost can be queried by anyone with SQLite")
    func columnsAreQueryable() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<4 { try store.commit(Sample.slot(slot)) }
        let rows = try store.database.read { database in
            try Row.fetchAll(database, sql: "SELECT slot, verdict, gain, json->>'island' AS island FROM slot")
                .map {
                    "\($0["slot"] as Int) \($0["verdict"] as String) \($0["gain"] as Double? ?? -1) \($0["island"] as String)"
                }
        }
        #expect(
            rows == [
                "0 scored 0.1 smooth", "1 raced out 1.1 periodic", "2 re-tested 2.1 smooth",
                "3 refused -1.0 periodic",
            ])
    }

    @Test("closing folds the log into the one file, which then reads alone from anywhere")
    func closesIntoOneFile() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<3 { try store.commit(Sample.slot(slot)) }
        #expect(try store.slots(from: 0).count == 3)
        try store.close()
        let copy = folder("copy.evolve")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        #expect(try SQLiteRunStore.open(at: copy, readOnly: true).slotCount() == 3)
    }

    @Test("creation leaves nothing but the store and its lock")
    func createsCleanly() throws {
        try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "run.evolve", "run.evolve-lock",
            ])
    }

    @Test("the remains of a creation that was killed are no obstacle")
    func createsOverRemains() throws {
        try Data("half a store".utf8).write(to: URL(fileURLWithPath: path + "-new"))
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        #expect(try store.manifest() == Sample.manifest())
    }
}
