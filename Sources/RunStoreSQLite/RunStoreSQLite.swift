import CSQLite
import EvolveTypes
import Foundation
import GRDB
import RunStore

/// `RunStoreSQLite`: a run in one SQLite file, through GRDB.
///
/// Rules:
/// 1. Every write is one transaction in write-ahead-log mode with `synchronous = FULL`: the log is flushed to the disk
///    before the call returns. SIGKILL at any instant loses nothing committed (the log is in the kernel's hands), and
///    neither does a power cut, which `NORMAL` would not promise. It costs one flush per slot and per answer,
///    milliseconds against the seconds of training or the money an answer costs.
/// 2. A store appears under its name only when complete: it is made beside it and renamed.
/// 3. One process owns a run at a time (`lockForRunning`), others of the machine may help it (`lockForHelping`), and any number
///    may read it meanwhile.
/// 4. A file is looked at before SQLite opens it: foreign files are refused untouched.
/// 5. Tables change only through `StoreSchema`'s numbered migrations; a store with a migration unknown here is refused.
///
/// On disk: NAME, while open NAME-wal and NAME-shm (SQLite's; keep them with NAME when copying a store that was killed),
/// and NAME-lock, which may be deleted when nothing runs.
package final class SQLiteRunStore: Sendable {
    package let path: String
    private let readOnly: Bool
    let database: any DatabaseWriter
    let clock: StoreClock

    private init(path: String, readOnly: Bool, database: any DatabaseWriter, clock: StoreClock) {
        self.path = path
        self.readOnly = readOnly
        self.database = database
        self.clock = clock
    }

    /// Makes a new store. Throws a `Failure` when `path` exists or cannot be made.
    /// - Parameters:
    ///   - original: another run, with whose answers and amendments it starts: of a replay, or a copy.
    ///   - network: the name of the network file system that it would be on, if that matters.
    package static func create(
        at path: String, manifest: RunManifest, answersOf original: (any RunStore)? = nil, network: String? = nil
    ) throws -> SQLiteRunStore {
        try StoreFile.requireVacant(path)
        try FileSystemKind.requireLocal(path, name: network)
        let draft = path + "-new"
        let creation = try RunLock(store: path)
        try withExtendedLifetime(creation) {
            StoreFile.remove(draft)
            do {
                try StoreFailures.translating(path) {
                    let pool = try writablePool(draft)
                    try StoreSchema.current.migrator.migrate(pool)
                    try pool.write { try insert(manifest, into: $0) }
                    try original?.forEachPageOfAnswers { page in _ = try pool.write { try insert(page, into: $0) } }
                    // Last, so that every answer has the amendment that it was asked under.
                    for amendment in try original?.amendments() ?? [] {
                        try pool.write { try insert(amendment, into: $0) }
                    }
                    try fold(pool)
                    try pool.close()
                }
                try StoreFile.publish(draft, as: path)
            } catch {
                StoreFile.remove(draft)
                throw error
            }
        }
        return try open(at: path, readOnly: false)
    }

    /// Opens an existing store. Throws a `Failure` when it is missing, foreign, newer, damaged, or (unless `readOnly`)
    /// not writable. An older store is brought up to date.
    /// - Parameters:
    ///   - clock: what leases go by.
    ///   - network: the name of the network file system that it is on, if that matters.
    package static func open(
        at path: String, readOnly: Bool, clock: StoreClock = .machine, network: String? = nil
    ) throws -> SQLiteRunStore {
        if !readOnly { try FileSystemKind.requireLocal(path, name: network) }
        return try open(at: path, readOnly: readOnly, clock: clock, schema: .current)
    }

    static func open(
        at path: String, readOnly: Bool, clock: StoreClock = .machine, schema: StoreSchema
    ) throws -> SQLiteRunStore {
        try StoreFile.recognise(path)
        try StoreFile.requireWhole(path)
        if !readOnly { try StoreFile.requireWritable(path) }
        return try StoreFailures.translating(path) {
            let database: any DatabaseWriter = readOnly ? try readOnlyQueue(path) : try writablePool(path)
            let applied = try database.read { try schema.migrator.appliedIdentifiers($0) }
            let known = Set(schema.migrations.map(\.name))
            if let unknown = applied.subtracting(known).sorted().first {
                throw Failure(
                    .badInput,
                    "\(path) was written by a newer evolve (its schema has \(unknown)): update evolve to read it")
            }
            if !known.isSubset(of: applied) {
                try upgrade(path, with: schema)
            }
            let store = SQLiteRunStore(path: path, readOnly: readOnly, database: database, clock: clock)
            if !readOnly, StoreFile.size(path) <= wholeCheck { try store.checkStorage() }
            return store
        }
    }

    /// Bytes of the largest file that is read whole when it is opened to be run. Damage in a larger one shows when it is met,
    /// or in `evolve store check`.
    private static let wholeCheck = 256 << 20

    /// Takes the right to run this store until the lock is released, goes out of use, or the process dies: release it
    /// in a `defer`, so that it lives as long as the run. Workers of before are dead then, and what they held is free.
    /// Throws `Failure(.unavailable)` when another process holds it.
    /// - Parameter company: says more of who does, if it can.
    package func lockForRunning(refusal company: () -> Failure? = { nil }) throws -> RunLock {
        if readOnly { throw Failure(.internalError, "\(path) was opened for reading and cannot be run") }
        let lock = try RunLock(store: path, as: .owner, refusal: company)
        try StoreFailures.translating(path) {
            try database.write { try $0.execute(sql: "UPDATE worker SET lease = 0 WHERE hasLeft = 0") }
        }
        try lock.share(path)
        return lock
    }

    /// Takes the right to work at this store beside others.
    package func lockForHelping() throws -> RunLock { try RunLock(store: path, as: .helper) }

    /// Folds the log into the file and closes it; later calls throw.
    package func close() throws {
        try StoreFailures.translating(path) {
            if !readOnly { try SQLiteRunStore.fold(database) }
            try database.close()
        }
    }

    // MARK: - Connections

    /// What SQLite's memory comes to nobody asks, and threads would wait for each other to count it.
    private static let countsNoMemory = evt_sqlite_counts_no_memory() == 0

    private static func writablePool(_ path: String) throws -> DatabasePool {
        _ = countsNoMemory
        var configuration = Configuration()
        // A reader that folds the log into the file holds it for an instant.
        configuration.busyMode = .timeout(10)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL when it opens a pool; see rule 1.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static func readOnlyQueue(_ path: String) throws -> DatabaseQueue {
        _ = countsNoMemory
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            _ = try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM sqlite_master") }
            return queue
        } catch let error as DatabaseError where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) {
            // In a read-only folder SQLite cannot make its log's index; without a log the file alone is the store.
            guard let address = StoreFile.immutableAddress(path) else { throw error }
            return try DatabaseQueue(path: address, configuration: configuration)
        }
    }

    /// Moves the log's content into the file, as far as present readers allow, and lets go of the pool's own readers:
    /// only a writer that closes last removes the log.
    private static func fold(_ database: any DatabaseWriter) throws {
        do {
            _ = try database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // A reader still needs it; the log stays beside the file, complete.
        }
        (database as? DatabasePool)?.releaseMemory()
    }

    /// Runs the migrations that are missing, while nothing runs the store.
    private static func upgrade(_ path: String, with schema: StoreSchema) throws {
        do {
            try StoreFile.requireWritable(path)
            let upgrading = try RunLock(store: path)
            try withExtendedLifetime(upgrading) {
                let pool = try writablePool(path)
                try schema.migrator.migrate(pool)
                try pool.close()
            }
        } catch let failure as Failure {
            throw Failure(
                failure.kind, "\(path) is from an older evolve and must be upgraded first; \(failure.message)")
        }
    }
}
