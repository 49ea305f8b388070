import EvolveTypes
import Foundation
import GRDB
import RunStore
import Testing

@testable import RunStoreSQLite

/// Released migrations are frozen: `StoreV1.schema` is what version 1 wrote into the world's stores.
@Suite struct StoreSchemaTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    @Test("the released migrations make exactly the tables they made when released")
    func migrationsAreFrozen() throws {
        #expect(StoreSchema.current.migrations.first?.name == "v1")
        let queue = try DatabaseQueue()
        try StoreSchema.current.migrator.migrate(queue, upTo: "v1")
        let schema = try queue.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE 'grdb_%' ORDER BY rowid")
        }
        #expect(schema.map(squeezed) == StoreV1.schema.split(separator: ";").map { squeezed(String($0)) })
        #expect(try queue.read { try Int32.fetchOne($0, sql: "PRAGMA application_id") } == StoreSchema.applicationID)
    }

    @Test("migrations are numbered from v1 without gaps")
    func migrationsAreNumbered() {
        let names = StoreSchema.current.migrations.map(\.name)
        #expect(names == (1...names.count).map { "v\($0)" })
    }

    @Test("a store written by version 1 opens, reads and goes on", arguments: [true, false])
    func readsVersion1(readOnly: Bool) throws {
        try StoreV1.write(to: path)
        let store = try SQLiteRunStore.open(at: path, readOnly: readOnly)
        try StoreV1.expectContent(of: store)
        if !readOnly { try store.commit(Sample.slot(1)) }
    }

    @Test(
        "a store of version 1 is upgraded by a later migration with its records kept, and then refused by version 1",
        arguments: [true, false])
    func upgradesVersion1(readOnly: Bool) throws {
        try StoreV1.write(to: path)
        var later = StoreSchema.current
        later.migrations.append(
            StoreSchema.Migration(
                name: "v3-of-the-test",
                statements: "ALTER TABLE slot ADD COLUMN novelty REAL; UPDATE slot SET novelty = 0.5"))
        let store = try SQLiteRunStore.open(at: path, readOnly: readOnly, schema: later)
        try StoreV1.expectContent(of: store)
        #expect(try store.database.read { try Double.fetchOne($0, sql: "SELECT novelty FROM slot") } == 0.5)
        #expect(
            throws: Failure(
                .badInput,
                "\(path) was written by a newer evolve (its schema has v3-of-the-test): update evolve to read it")
        ) { try SQLiteRunStore.open(at: path, readOnly: true) }
    }

    @Test("an upgrade waits for nobody: a store that is being run is left alone")
    func upgradeNeedsTheLock() throws {
        try StoreV1.write(to: path)
        let running = try RunLock(store: path)
        var later = StoreSchema.current
        later.migrations.append(StoreSchema.Migration(name: "v3-of-the-test", statements: "DROP TABLE answer"))
        let failure = withExtendedLifetime(running) {
            #expect(throws: Failure.self) { try SQLiteRunStore.open(at: path, readOnly: true, schema: later) }
        }
        #expect(
            failure?.message
                == "\(path) is from an older evolve and must be upgraded first; \(path) is being run by another process "
                + "(pid \(getpid())): join in with `evolve worker --store \(path)`, or look with `evolve status \(path)`"
        )
        running.release()
        try StoreV1.expectContent(of: SQLiteRunStore.open(at: path, readOnly: true))
    }

    private func squeezed(_ sql: String) -> String {
        sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacingOccurrences(of: "( ", with: "(").replacingOccurrences(of: " )", with: ")")
    }
}
