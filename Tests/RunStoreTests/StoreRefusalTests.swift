import EvolveTypes
import Foundation
import GRDB
import RunStore
import Testing

@testable import RunStoreSQLite

/// What a person is told when a file is not a store that can be used.
@Suite struct StoreRefusalTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    private func refusal(readOnly: Bool = false, _ path: String? = nil) -> Failure? {
        #expect(throws: Failure.self) { try SQLiteRunStore.open(at: path ?? self.path, readOnly: readOnly) }
    }

    @Test("a missing file")
    func missing() {
        #expect(refusal() == Failure(.badInput, "there is no store at \(path): start a run with `evolve run`"))
    }

    @Test("a folder")
    func isFolder() {
        #expect(
            refusal(folder.path)
                == Failure(.badInput, "\(folder.path) is a folder, not an evolve store: name the .evolve file"))
    }

    @Test("any other file, also an empty one", arguments: ["", "slots: 3\n", String(repeating: "x", count: 5_000)])
    func otherFile(content: String) throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        #expect(
            refusal()
                == Failure(
                    .badInput, "\(path) is not an evolve store, but some other file: name the .evolve file of a run"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(content.utf8))
    }

    @Test("an exported run, with the way to use it")
    func exported() throws {
        try Data("{\"evolve\":2,\"manifest\":{}}\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(refusal()?.message.contains("--replay \(path)") == true)
    }

    @Test("a SQLite file of another program, which stays as it was")
    func foreignDatabase() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE slot (a)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(
            refusal()
                == Failure(
                    .badInput,
                    "\(path) is not an evolve store, but a SQLite file of another program: name the .evolve file of a run"
                ))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a store of a newer version", arguments: [true, false])
    func newer(readOnly: Bool) throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        try store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v999')") }
        try store.close()
        #expect(
            refusal(readOnly: readOnly)
                == Failure(
                    .badInput,
                    "\(path) was written by a newer evolve (its schema has v999): update evolve to read it"))
    }

    @Test("what is where a new store should go stays as it is, and only a store is to be resumed")
    func occupied() throws {
        func refusal(_ place: String) -> Failure? {
            #expect(throws: Failure.self) { try SQLiteRunStore.create(at: place, manifest: Sample.manifest()) }
        }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(refusal(path) == Failure(.misuse, "\(path) exists already and is not an evolve store: name a new file"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
        #expect(
            refusal(folder.path)
                == Failure(
                    .misuse, "\(folder.path) is a folder: name a new file in it, such as \(folder.path)/run.evolve"))
        try SQLiteRunStore.create(at: folder("t.evolve"), manifest: Sample.manifest()).close()
        #expect(
            refusal(folder("t.evolve"))
                == Failure(
                    .misuse,
                    "\(folder("t.evolve")) exists already: go on with `evolve resume \(folder("t.evolve"))`, or name a new file"
                ))
    }

    @Test("a place that is none for files")
    func kernel() {
        let failure = #expect(throws: Failure.self) {
            try SQLiteRunStore.create(at: "/proc/run.evolve", manifest: Sample.manifest())
        }
        #expect(failure?.kind == .unavailable)
        let reasons = ["in /proc, where the kernel shows itself (proc)", "in /proc (Permission denied): name a folder"]
        #expect(reasons.contains { failure?.message.contains($0) == true }, "\(failure?.message ?? "")")
    }

    @Test("a folder where no file can be made")
    func noFolder() {
        let place = folder("absent/run.evolve")
        #expect(
            throws: Failure(
                .unavailable,
                "no store can be made in \(folder("absent")) (No such file or directory): name a folder you can write to"
            )
        ) { try SQLiteRunStore.create(at: place, manifest: Sample.manifest()) }
    }

    @Test("a read-only file and a read-only folder", .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyPlaces() throws {
        try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
        chmod(path, 0o444)
        #expect(
            refusal()
                == Failure(
                    .unavailable,
                    "the store \(path) cannot be written (Permission denied): make it writable, or copy the store elsewhere"
                ))
        chmod(path, 0o644)
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        #expect(
            refusal()
                == Failure(
                    .unavailable,
                    "the folder of the store, \(folder.path) cannot be written (Permission denied): make it writable, "
                        + "or copy the store elsewhere"))
        #expect(try SQLiteRunStore.open(at: path, readOnly: true).slotCount() == 0)
    }

    @Test("a full disk: the commit fails with advice, and what was committed stays")
    func fullDisk() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        // SQLite reports its own page limit exactly as it reports a full disk.
        try store.database.writeWithoutTransaction { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 3)")
        }
        var committed = 0
        let failure = #expect(throws: Failure.self) {
            while committed < 100 {
                try store.commit(Sample.slot(committed))
                committed += 1
            }
        }
        #expect(
            failure
                == Failure(
                    .unavailable,
                    "the disk of \(path) is full: free some space, then `evolve resume \(path)`; nothing committed is lost"
                ))
        #expect(try store.slotCount() == committed)
        let again = try SQLiteRunStore.open(at: path, readOnly: false)
        try again.commit(Sample.slot(committed))
        #expect(try again.slots(from: 0) == (0...committed).map { Sample.slot($0) })
    }

    @Test("a damaged file", arguments: [true, false])
    func damaged(readOnly: Bool) throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<40 { try store.commit(Sample.slot(slot)) }
        try store.close()
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        bytes.replaceSubrange(4_096..<bytes.count, with: Data(repeating: 0xA5, count: bytes.count - 4_096))
        try bytes.write(to: url)
        let failure = try #require(refusal(readOnly: readOnly))
        #expect(failure.kind == .badInput)
        #expect(failure.message.hasPrefix("the store \(path) is damaged ("))
        #expect(failure.message.hasSuffix("): restore a copy, or try `sqlite3 \(path) .recover`"))
    }

    @Test("a file without its end", arguments: [true, false])
    func cutOff(readOnly: Bool) throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<40 { try store.commit(Sample.slot(slot)) }
        try store.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.dropLast(4_096).write(to: URL(fileURLWithPath: path))
        #expect(refusal(readOnly: readOnly) == StoreFailures.damaged(path, "its end is missing"))
    }

    @Test("a record that is not what it should be")
    func unreadableRecord() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        try store.commit(Sample.slot(0))
        try store.database.write { try $0.execute(sql: "UPDATE slot SET json = json_remove(json, '$.island')") }
        #expect(
            throws: StoreFailures.damaged(path, "a record cannot be read: no island")
        ) { try store.slots(from: 0) }
    }

    @Test(
        "other faults of the machine are told apart",
        arguments: [
            (ResultCode.SQLITE_BUSY, Failure.Kind.unavailable, "held by another program"),
            (.SQLITE_IOERR, .unavailable, "failed (disk I/O error)"),
            (.SQLITE_CANTOPEN, .unavailable, "cannot be opened"),
            (.SQLITE_PERM, .unavailable, "cannot be written"), (.SQLITE_NOTADB, .badInput, "is damaged"),
            (.SQLITE_MISUSE, .internalError, "(SQLite 21)"),
        ])
    func others(code: ResultCode, kind: Failure.Kind, words: String) {
        let failure = StoreFailures.failure(for: DatabaseError(resultCode: code), path: path)
        #expect(failure.kind == kind)
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(!failure.message.contains("\n"))
    }
}

@Suite struct NetworkStoreTests {
    @Test("a store on a network file system is refused for writing, and may be read; a local one is not")
    func network() throws {
        let folder = try TemporaryFolder()
        let path = folder("run.evolve")
        let refusal =
            "\(path) is on a network file system (NFS), where SQLite's locks cannot be trusted: use a local disk, or "
            + "--store postgresql://… ; EVOLVE_NETWORK_STORE=allow if only one process will ever write to it"
        #expect(throws: Failure(.unavailable, refusal)) {
            try SQLiteRunStore.create(at: path, manifest: Sample.manifest(), network: "NFS")
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
        #expect(throws: Failure(.unavailable, refusal)) {
            try SQLiteRunStore.open(at: path, readOnly: false, network: "NFS")
        }
        #expect(try SQLiteRunStore.open(at: path, readOnly: true, network: "NFS").slotCount() == 0)
        #expect(FileSystemKind.networkName(of: path) == nil)
    }

    @Test("the mount that holds a folder is the longest that does, and the last of those")
    func mounts() {
        let mounts = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            30 22 0:40 / /home rw shared:2 - nfs4 server:/home rw,vers=4.2
            31 30 8:3 / /home/local rw - xfs /dev/sdb1 rw
            32 22 0:41 / /data\\040set rw - lustre 10.0.0.1@tcp:/scratch rw
            33 22 0:42 / /mnt rw - nfs server:/old rw
            34 22 8:4 / /mnt rw - ext4 /dev/sdc1 rw
            """
        func kind(_ folder: String) -> String? { FileSystemKind.networkName(of: folder, mounts: mounts) }
        #expect(kind("/home/ada/runs") == "nfs4" && kind("/home") == "nfs4" && kind("/data set/x") == "lustre")
        #expect(["/", "/homework", "/home/local/ada", "/mnt/x"].allSatisfy { kind($0) == nil })
    }
}
