import EvolveTypes
import Foundation

/// The file a store lives in: is it one, may it be written, how does it come into being.
///
/// A file is recognised by its first bytes, before SQLite sees it, so that a foreign database is never touched.
enum StoreFile {
    /// Throws unless `path` is a SQLite file that carries our mark.
    static func recognise(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.badInput, "there is no store at \(path): start a run with `evolve run`")
        }
        if isFolder.boolValue {
            throw Failure(.badInput, "\(path) is a folder, not an evolve store: name the .evolve file")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Failure(.unavailable, "\(path) cannot be read: check its permissions")
        }
        defer { try? file.close() }
        let header = [UInt8]((try? file.read(upToCount: 100)) ?? Data())
        if header.starts(with: Array("{\"evolve\":".utf8)) {
            throw Failure(
                .badInput,
                "\(path) is an exported run, not a store: `evolve run NAME --replay \(path)` makes it one again")
        }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw Failure(
                .badInput, "\(path) is not an evolve store, but some other file: name the .evolve file of a run")
        }
        let mark = header[68..<72].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        guard mark == StoreSchema.applicationID else {
            throw Failure(
                .badInput,
                "\(path) is not an evolve store, but a SQLite file of another program: name the .evolve file of a run")
        }
    }

    /// Throws when the file ends before its last page, as a copy does that was broken off. (Where there is a log, pages may
    /// be in that.)
    static func requireWhole(_ path: String) throws {
        guard immutableAddress(path) != nil, let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        let header = [UInt8]((try? file.read(upToCount: 100)) ?? Data())
        func number(_ place: Range<Int>) -> Int { header[place].reduce(0) { $0 << 8 | Int($1) } }
        // The number of pages holds if it was written with the last change.
        guard header.count == 100, number(24..<28) == number(92..<96) else { return }
        let page = number(16..<18) == 1 ? 65_536 : number(16..<18)
        if size(path) < page * number(28..<32) { throw StoreFailures.damaged(path, "its end is missing") }
    }

    /// Throws unless the file and its folder (which holds SQLite's write-ahead log) can be written.
    static func requireWritable(_ path: String) throws {
        let folder = folder(of: path)
        for place in [path, folder] where access(place, W_OK) != 0 {
            let reason = String(cString: strerror(errno))
            let noun = place == path ? "the store" : "the folder of the store,"
            throw Failure(
                .unavailable,
                "\(noun) \(place) cannot be written (\(reason)): make it writable, or copy the store elsewhere")
        }
    }

    /// Throws unless a new store can be made at `path`.
    static func requireVacant(_ path: String) throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue {
                throw Failure(.misuse, "\(path) is a folder: name a new file in it, such as \(path)/run.evolve")
            }
            guard (try? recognise(path)) != nil else {
                throw Failure(.misuse, "\(path) exists already and is not an evolve store: name a new file")
            }
            throw Failure(
                .misuse,
                "\(path) exists already: go on with `evolve resume \(ShellWord.quoted(path))`, or name a new file")
        }
        let folder = folder(of: path)
        guard access(folder, W_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Failure(
                .unavailable, "no store can be made in \(folder) (\(reason)): name a folder you can write to")
        }
        if let kind = FileSystemKind.kernelName(of: path) {
            throw Failure(
                .unavailable,
                "no store can be made in \(folder), where the kernel shows itself (\(kind)) and keeps no files: "
                    + "name a folder on a disk")
        }
    }

    /// Gives the finished `draft` its name in one step, so that no one ever sees half a store; never overwrites.
    static func publish(_ draft: String, as path: String) throws {
        var status = link(draft, path)
        if status == 0 {
            unlink(draft)
        } else if errno != EEXIST {
            // Some file systems know no hard links; the run lock held by the caller guards the gap.
            try requireVacant(path)
            status = rename(draft, path)
        } else {
            try requireVacant(path)
        }
        guard status == 0 else {
            throw Failure(.unavailable, "the store \(path) cannot be made: \(String(cString: strerror(errno)))")
        }
    }

    /// SQLite's address of a file that nobody changes, readable without a log; nil when there is a log to heed.
    static func immutableAddress(_ path: String) -> String? {
        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        if let size = log?[.size] as? Int, size > 0 { return nil }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }

    static func size(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    }

    static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
    }

    private static func folder(of path: String) -> String {
        let folder = (path as NSString).deletingLastPathComponent
        return folder.isEmpty ? "." : folder
    }
}
