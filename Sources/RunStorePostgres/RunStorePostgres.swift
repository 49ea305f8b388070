import EvolveTypes
import Foundation
import RunStore
import Synchronization

/// `RunStorePostgres`: a run in a PostgreSQL database, which any number of machines share.
///
/// Rules:
/// 1. A database holds any number of runs, each under its name; all tables are in the schema `evolve`.
/// 2. Time is the server's (`clock_timestamp()`), whatever the workers' clocks say.
/// 3. Every method is one statement that may be repeated without harm, or one transaction, which leaves a mark: when the
///    connection is lost under a commit, the mark says whether it happened. (The server's own numbers of transactions would
///    not do: after a crash it may give one out again.)
/// 4. While the server is away, methods wait, and say so (`Absence`). Nothing that was committed is lost with it; a worker whose
///    lease runs out meanwhile joins again.
/// 5. Tables change only through `PostgresSchema`'s numbered migrations, one migrating process at a time (an advisory lock); a
///    database with a migration unknown here is refused.
///
/// Password and TLS come through PostgreSQL's own environment variables.
package final class PostgresRunStore: Sendable {
    package let address: PostgresAddress
    /// Of the run in the database.
    let run: Int
    let session: PostgresSession
    let absence: Absence
    /// Of tests; nil = the server's.
    let clock: (@Sendable () -> Double)?

    private init(
        _ address: PostgresAddress, run: Int, session: PostgresSession, absence: Absence,
        clock: (@Sendable () -> Double)?
    ) {
        self.address = address
        self.run = run
        self.session = session
        self.absence = absence
        self.clock = clock
    }

    /// What to do while the server is away.
    package struct Absence: Sendable {
        /// Waits so many seconds; throws to give up.
        package var sleep: @Sendable (Double) throws -> Void
        /// Told in a line what is waited for, and that it is over.
        package var observe: @Sendable (String) -> Void
        /// Seconds after which to give up; nil = never.
        package var patience: Double?

        package init(
            sleep: @escaping @Sendable (Double) throws -> Void = { Thread.sleep(forTimeInterval: $0) },
            observe: @escaping @Sendable (String) -> Void = { _ in }, patience: Double? = nil
        ) {
            self.sleep = sleep
            self.observe = observe
            self.patience = patience
        }

        func retrying() -> Retrying {
            let start = ContinuousClock.now
            return Retrying(
                sleep: sleep, jitter: { Double.random(in: 0..<1) }, now: { (ContinuousClock.now - start) / .seconds(1) }
            ) { [observe] event in
                switch event {
                case .waiting(let failure, let attempt, let waited, _) where failure.kind != .serialization:
                    // Not each time: once, then now and then.
                    if attempt == 1 || attempt.isMultiple(of: 6) {
                        observe("the \(failure.place) is away (\(failure.reason)): waiting, \(Int(waited)) s so far")
                    }
                case .recovered(let waited) where waited > 1: observe("the database is back after \(Int(waited)) s")
                default: break
                }
            }
        }
    }

    /// Makes a new run in the database, which is made ready for runs if it is not yet.
    /// - Parameters:
    ///   - address: with the run's name.
    ///   - original: another run, with whose answers and amendments it starts: of a replay, or a copy.
    package static func create(
        at address: PostgresAddress, manifest: RunManifest, answersOf original: (any RunStore)? = nil,
        absence: Absence = Absence(), clock: (@Sendable () -> Double)? = nil
    ) throws -> PostgresRunStore {
        let name = try runName(address)
        let session = PostgresSession(address)
        return try translating {
            try PostgresSchema.current.prepare(session)
            let run = try session(absence.retrying(), for: 10) { connection in
                try connection.transaction {
                    let run = try insert(manifest, named: name, into: connection)
                    try original?.forEachPageOfAnswers { try insert($0, of: run, into: connection) }
                    // Last, so that every answer has the amendment that it was asked under.
                    for amendment in try original?.amendments() ?? [] {
                        try insert(amendment, of: run, into: connection)
                    }
                    return run
                }
            }
            return PostgresRunStore(address, run: run, session: session, absence: absence, clock: clock)
        }
    }

    package static func open(
        at address: PostgresAddress, absence: Absence = Absence(), clock: (@Sendable () -> Double)? = nil
    ) throws -> PostgresRunStore {
        let session = PostgresSession(address)
        return try translating {
            try PostgresSchema.current.check(session, address)
            let known = try session(absence.retrying(), for: 10) { connection in
                try connection.execute("SELECT id, name FROM evolve.run ORDER BY id").map {
                    (id: try $0.value("id", as: Int.self), name: try $0.value("name", as: String.self))
                }
            }
            let wanted = address.run ?? (known.count == 1 ? known[0].name : nil)
            guard let run = known.last(where: { $0.name == wanted }) else {
                let names = known.suffix(8).map(\.name).joined(separator: ", ")
                throw Failure(
                    .badInput,
                    known.isEmpty
                        ? "there is no run in \(address): start one with `evolve run`"
                        : "\(address) \(address.run == nil ? "does not say which run: add" : "is not there:") ?run=NAME, one of: \(names)"
                )
            }
            return PostgresRunStore(address, run: run.id, session: session, absence: absence, clock: clock)
        }
    }

    /// Whether the run is there; of an address without one, whether any is.
    package static func isThere(_ address: PostgresAddress, absence: Absence = Absence()) throws -> Bool {
        let session = PostgresSession(address)
        defer { session.close() }
        do {
            return try session(absence.retrying(), for: absence.patience) { connection in
                let table = try connection.execute("SELECT to_regclass('evolve.run')::text AS name").only()
                guard try table.optional("name", as: String.self) != nil else { return false }
                return try connection.execute(
                    "SELECT count(*) > 0 AS found FROM evolve.run WHERE name = coalesce($1, name)", [address.run]
                ).only().value("found")
            }
        } catch let failure as PostgresFailure where failure.kind == .noDatabase {
            return false
        } catch let failure as PostgresFailure {
            throw failure.failure
        }
    }

    package func close() { session.close() }

    private static func runName(_ address: PostgresAddress) throws -> String {
        guard let name = address.run else {
            throw Failure(.misuse, "\(address) does not name the run: add ?run=NAME")
        }
        return name
    }

    // MARK: - Calls

    /// One statement, or several that only read. May run several times.
    func call<Result: Sendable>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        try Self.translating { try session(absence.retrying(), for: absence.patience, body) }
    }

    /// Runs once, all or nothing.
    func transact<Result: Sendable>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        try Self.translating {
            while true {
                let mark = UUID().uuidString
                var result: Result?
                do {
                    return try session(absence.retrying(), for: absence.patience) { connection in
                        try connection.transaction {
                            try connection.execute("INSERT INTO evolve.mark (name) VALUES ($1)", [mark])
                            let value = try body(connection)
                            result = value
                            return value
                        }
                    }
                } catch let failure as PostgresFailure where failure.kind == .commitUnknown {
                    if let result, try happened(mark) { return result }
                }
            }
        }
    }

    /// Whether the transaction with this mark was committed. One that is still under way is waited for: its mark is in the way
    /// of ours, which is never committed.
    private func happened(_ mark: String) throws -> Bool {
        struct Found: Error { var isThere: Bool }
        do {
            return try session(absence.retrying(), for: absence.patience) { connection in
                try connection.transaction { () -> Bool in
                    let rows = try connection.execute(
                        "INSERT INTO evolve.mark (name) VALUES ($1) ON CONFLICT DO NOTHING", [mark])
                    // Undone either way.
                    throw Found(isThere: rows.affected == 0)
                }
            }
        } catch let found as Found {
            return found.isThere
        }
    }

    static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let failure as PostgresFailure {
            throw failure.failure
        } catch is DecodingError {
            throw Failure(
                .badInput, "a record in the database cannot be read: was it written by another version of evolve?")
        }
    }

    static func json(_ value: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ row: PostgresRow, _ column: String) throws -> Value {
        try CanonicalJSON.decode(type, from: Data(try row.value(column, as: String.self).utf8))
    }
}
