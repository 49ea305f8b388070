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

    /// The same as one word of a command line.
    var word: String { ShellWord.quoted(description) }

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

    /// Whether there is anything of that name: a run or, where one is looked for, whatever is in its place.
    func isThere() throws -> Bool {
        switch self {
        case .file(let path): FileManager.default.fileExists(atPath: path)
        case .database(let address): try PostgresRunStore.isThere(address, absence: .announced)
        }
    }

    /// - Parameter original: another run, with whose answers and amendments it starts: of a replay, or a copy.
    /// - Throws: where there is a run already, the same failure whether it is in a file or in a database.
    func create(_ manifest: RunManifest, answersOf original: (any RunStore)? = nil) throws -> any WorkQueue {
        do {
            switch self {
            case .file(let path):
                return try SQLiteRunStore.create(
                    at: path, manifest: manifest, answersOf: original, network: Self.network(path))
            case .database(let address):
                return try PostgresRunStore.create(
                    at: address, manifest: manifest, answersOf: original, absence: .announced)
            }
        } catch let failure as Failure where failure.kind == .misuse {
            if (try? isThere()) == true, let present = try? read(), let company = Company(present) {
                throw company.refusal(at: self)
            }
            throw failure
        }
    }
}

extension PostgresRunStore.Absence {
    /// Waits for as long as it takes, and says so.
    static let announced = PostgresRunStore.Absence(observe: { Output.note($0) })
    /// For a command whose user looks on.
    static let brief = PostgresRunStore.Absence(observe: { Output.note($0) }, patience: 10)
}
