import EvolveTypes
import Foundation
import RunStore

/// A run that is only read: a store, or the file that `evolve store export` made of one.
enum RecordedRun {
    static func open(_ path: String) throws -> any RunStore {
        guard let file = FileHandle(forReadingAtPath: path), let first = try? file.read(upToCount: 1),
            first == Data("{".utf8)
        else { return try StorePlace(path).read() }
        try file.seek(toOffset: 0)
        var lines = Lines(file)
        return try PortableRun.read({ try lines.next() }, origin: path)
    }

    /// The lines of a file, read a piece at a time.
    private struct Lines {
        private let file: FileHandle
        private var rest = Data()
        private var isAtEnd = false

        init(_ file: FileHandle) { self.file = file }

        mutating func next() throws -> Data? {
            while true {
                if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { rest = rest[(end + 1)...] }
                    return Data(rest[..<end])
                }
                guard !isAtEnd else {
                    defer { rest = Data() }
                    return rest.isEmpty ? nil : Data(rest)
                }
                let piece = try file.read(upToCount: 1 << 16) ?? Data()
                isAtEnd = piece.isEmpty
                rest = Data(rest) + piece
            }
        }
    }
}
