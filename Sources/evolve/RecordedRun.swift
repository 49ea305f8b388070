import EvolveTypes
import Foundation
import RunStore

/// A run that is only read: a store, or the file that `evolve store export` made of one.
enum RecordedRun {
    static func open(_ path: String) throws -> any RunStore {
        guard let file = FileHandle(forReadingAtPath: path), let first = try? file.read(upToCount: 1),
            first == Data("{".utf8)
        else { return try StorePlace(path).read() }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(.unavailable, "\(path) cannot be read: check its permissions")
        }
        return try PortableRun.read(bytes, origin: path)
    }
}
