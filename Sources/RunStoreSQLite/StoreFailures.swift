import EvolveTypes
import Foundation
import GRDB

/// SQLite's error codes in words a person can act on.
enum StoreFailures {
    /// Runs `body`, turning what the database or the decoder throws into a `Failure` about the store at `path`.
    static func translating<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw failure(for: error, path: path)
        } catch let error as DecodingError {
            throw damaged(path, "a record cannot be read: \(summary(of: error))")
        } catch EncodingError.invalidValue(let value, _) {
            throw Failure(.internalError, "a record for \(path) holds \(value), which JSON cannot write")
        }
    }

    static func failure(for error: DatabaseError, path: String) -> Failure {
        let detail = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_FULL:
            return Failure(
                .unavailable,
                "the disk of \(path) is full: free some space, then `evolve resume \(path)`; nothing committed is lost")
        case .SQLITE_READONLY, .SQLITE_PERM:
            return Failure(
                .unavailable, "the store \(path) cannot be written (\(detail)): make it writable, or copy it")
        case .SQLITE_CANTOPEN:
            return Failure(
                .unavailable,
                "the store \(path) cannot be opened (\(detail)): SQLite needs to write a log beside it; if its folder is "
                    + "read-only, copy the store elsewhere")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return damaged(path, detail)
        case .SQLITE_IOERR:
            return Failure(
                .unavailable,
                "the disk of \(path) failed (\(detail)): check its space, quota and health, then `evolve resume \(path)`"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return Failure(.unavailable, "\(path) is held by another program: close that one and try again")
        default:
            return Failure(
                .internalError, "the store \(path) failed: \(detail) (SQLite \(error.extendedResultCode.rawValue))")
        }
    }

    static func damaged(_ path: String, _ detail: String) -> Failure {
        Failure(
            .badInput, "the store \(path) is damaged (\(detail)): restore a copy, or try `sqlite3 \(path) .recover`")
    }

    private static func summary(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "no \(key.stringValue)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.last.map { "bad \($0.stringValue)" } ?? "bad JSON"
        @unknown default: "bad JSON"
        }
    }
}
