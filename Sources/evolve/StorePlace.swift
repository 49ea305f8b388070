import Engine
import EvolveTypes
import Foundation
import RunStore
import RunStorePostgres
import RunStoreSQLite

/// Where a run is kept: a file, or a database that several machines share.
enum StorePlace: CustomStringConvertible {
    case file(String)
    case database(PostgresAddress)

    /// Throws `Failure(.misuse)` for an address that cannot be read.
    init(_ text: String) throws {
        self = PostgresAddress.recognises(text) ? .database(try PostgresAddress(text)) : .file(text)
    }

    /// Of a run that is to be made.
    /// - Parameter text: nil or a database without the name of a run: a name of its own is made up.
    static func new(_ text: String?, for run: String) throws -> StorePlace {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        let name = "\(run)-\(formatter.string(from: Date()))"
        guard let text else { return .file(name + ".evolve") }
        let place = try StorePlace(text)
        guard case .database(var address) = place, address.run == nil else { return place }
        address.run = name
        return .database(address)
    }

    /// As others may use it, from wherever they are: a file's full path, a database's parameters without secrets.
    var forOthers: String {
        switch self {
        case .file(let path): URL(fileURLWithPath: path).standardizedFileURL.path
        case .database(let address): address.withoutPassword
        }
    }

    /// As commands take it; never with a password.
    var description: String {
        switch self {
        case .file(let path): path
        case .database(let address): address.description
        }
    }

    /// Whether machines share it.
    var isShared: Bool {
        switch self {
        case .file: false
        case .database: true
        }
    }

    var rhythm: Rhythm {
        switch self {
        case .file: .oneMachine
        case .database: .cluster
        }
    }

    /// For a look at it.
    func read() throws -> any WorkQueue {
        switch self {
        case .file(let path): try SQLiteRunStore.open(at: path, readOnly: true)
        case .database(let address): try PostgresRunStore.open(at: address, absence: .brief)
        }
    }

    func open(_ absence: PostgresRunStore.Absence = .announced) throws -> any WorkQueue {
        switch self {
        case .file(let path): try SQLiteRunStore.open(at: path, readOnly: false, network: Self.network(path))
        case .database(let address): try PostgresRunStore.open(at: address, absence: absence)
        }
    }

    private static func network(_ path: String) -> String? {
        let isAllowed = ProcessInfo.processInfo.environment["EVOLVE_NETWORK_STORE"] == "allow"
        return isAllowed ? nil : FileSystemKind.networkName(of: path)
    }

    /// - Parameter original: another run, with whose answers and amendments it starts: of a replay, or a copy.
    func create(_ manifest: RunManifest, answersOf original: (any RunStore)? = nil) throws -> any WorkQueue {
        switch self {
        case .file(let path):
            try SQLiteRunStore.create(
                at: path, manifest: manifest, answersOf: original, network: Self.network(path))
        case .database(let address):
            try PostgresRunStore.create(at: address, manifest: manifest, answersOf: original, absence: .announced)
        }
    }
}

extension PostgresRunStore.Absence {
    /// Waits for as long as it takes, and says so.
    static let announced = PostgresRunStore.Absence(observe: { Output.note($0) })
    /// For a command whose user looks on.
    static let brief = PostgresRunStore.Absence(observe: { Output.note($0) }, patience: 10)
}

/// The right to work at a store, for as long as it is held.
enum Occupation {
    case file(RunLock, SQLiteRunStore)
    case database(PostgresRunStore)

    enum Role {
        /// Of `run`, `resume` and `verify`: refused where another process is at it, so that nobody starts one run twice by
        /// mistake.
        case owner
        /// Of `worker`: one of any number.
        case helper
    }

    /// - Throws: `Failure(.unavailable)` when another process is in the way.
    init(_ store: any WorkQueue, as role: Role) throws {
        try Self.buryDead(store)
        switch store {
        case let store as SQLiteRunStore:
            self = .file(role == .owner ? try store.lockForRunning() : try store.lockForHelping(), store)
        case let store as PostgresRunStore:
            if role == .owner { try Self.refuseCompany(store) }
            self = .database(store)
        default: throw Failure(.internalError, "a store of a kind that nobody can work at")
        }
    }

    /// Workers of this machine whose processes are gone need not be waited for.
    private static func buryDead(_ store: any WorkQueue) throws {
        guard let here = WorkerCard.ProcessName.of(ProcessInfo.processInfo.processIdentifier)?.home else { return }
        for worker in try store.workers() where worker.state == .working {
            guard let process = worker.card.process, process.home == here,
                WorkerCard.ProcessName.of(pid_t(worker.card.pid)) != process
            else { continue }
            try store.leave(worker.id)
        }
    }

    private static func refuseCompany(_ store: PostgresRunStore) throws {
        let others = try store.workers().filter { $0.state == .working }
        guard let other = others.first else { return }
        throw Failure(
            .unavailable,
            "\(store.address) is being run by \(others.count) \(others.count == 1 ? "worker" : "workers") "
                + "(\(other.card.place), seen \(Int(other.silence)) s ago): join them with `evolve worker`, or wait "
                + "until they have left")
    }

    func end() {
        switch self {
        case .file(let lock, let store):
            // Folds the write-ahead log into the one file that people copy; without it the store is whole all the same.
            try? store.close()
            lock.release()
        case .database(let store): store.close()
        }
    }
}
