import EvolveTypes
import Foundation

/// Compiled kernels in a directory that several processes use at once, bounded in bytes.
///
/// Rules, each with its reason:
/// 1. A file appears under its name only complete, and stays the same file until it is evicted: it is written under another
///    name and given this one if nobody has it. (One that took another's place would lock out who uses that: a locked-in
///    kernel may open one file, not one path.)
/// 2. Its last 32 bytes are the SHA-256 of what is before them (the loader reads past the end of no section), checked
///    whenever it is taken: a disk that was full or a machine that stopped leaves nothing that is loaded.
/// 3. Who uses a file holds a shared lock on it, which the system releases when the process dies; only files that nobody
///    holds are evicted, so none is missing between being found and being loaded.
/// 4. A file's time of modification is that of its last use; the least recently used are evicted first, until three
///    quarters of the limit are left.
/// 5. Sizes are looked at when a process opens the cache and after every 32 new files of its own. So the directory stays within
///    the limit, what is in use, and 32 kernels (of about 20 kB) for each process.
/// 6. Unfinished files of processes that were killed go when they are an hour old.
final class KernelCache: @unchecked Sendable {  // `added` is only read and written under `mutex`.
    /// A file that is not evicted as long as this lives.
    final class Lease: Sendable {
        let path: String
        private let descriptor: Int32

        fileprivate init(path: String, descriptor: Int32) {
            self.path = path
            self.descriptor = descriptor
        }

        deinit { close(descriptor) }
    }

    private static let interval = 32
    private static let unfinishedAge = 3600.0
    private static let digestLength = 32

    let directory: URL
    private let limit: Int
    private let mutex = NSLock()
    private var added = 0

    /// - Parameter limit: bytes.
    /// - Throws: `Failure(.unavailable)` when the directory cannot be made.
    init(directory: URL, limit: Int) throws {
        self.directory = directory
        self.limit = limit
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .unavailable, "cannot create the kernel cache \(directory.path): \(error.localizedDescription)")
        }
        evict()
    }

    /// The file of this name, or nil when there is none or it is damaged; a damaged one is removed.
    func find(_ name: String) -> Lease? {
        let path = directory.appending(path: name).path
        guard let lease = Self.lock(path, LOCK_SH) else { return nil }
        guard isWhole(path) else {
            unlink(path)
            return nil
        }
        utimensat(AT_FDCWD, path, nil, 0)
        return lease
    }

    /// A name in the directory for a file that is being made.
    func unfinished(_ name: String) -> URL { directory.appending(path: "\(name).\(UUID().uuidString).tmp") }

    /// Takes a finished file in. Of several that are added under one name, with equal contents, the first stays.
    /// - Throws: `Failure(.unavailable)` when it cannot be written.
    func add(_ file: URL, as name: String) throws -> Lease {
        do {
            let handle = try FileHandle(forUpdating: file)
            let contents = try handle.readToEnd() ?? Data()
            try handle.write(contentsOf: Data(Digest.sha256(contents)))
            try handle.close()
        } catch {
            throw Failure(.unavailable, "cannot write \(file.path): \(error.localizedDescription)")
        }
        let lease = try publish(file, as: name)
        let isDue = mutex.withLock {
            added += 1
            return added % Self.interval == 0
        }
        if isDue { evict() }
        return lease
    }

    private func publish(_ file: URL, as name: String) throws -> Lease {
        let path = directory.appending(path: name).path
        defer { unlink(file.path) }
        // Locked before it has its name, so that it is never there for others to evict.
        let own = Self.lock(file.path, LOCK_SH, path: path)
        var reason = errno
        // Again when the one that has the name was damaged, or has just been evicted.
        for _ in 0..<3 {
            guard let own else { break }
            if link(file.path, path) == 0 { return own }
            reason = errno
            if reason == EEXIST {
                if let known = find(name) { return known }
            } else if rename(file.path, path) == 0 {
                // Not every file system knows links.
                return own
            }
        }
        throw Failure(.unavailable, "cannot write \(path): \(String(cString: strerror(reason)))")
    }

    private func isWhole(_ path: String) -> Bool {
        guard let contents = FileManager.default.contents(atPath: path), contents.count > Self.digestLength else {
            return false
        }
        return Digest.sha256(contents.dropLast(Self.digestLength)) == Array(contents.suffix(Self.digestLength))
    }

    /// - Parameter path: what the lease says; nil = `file`.
    private static func lock(_ file: String, _ kind: Int32, path: String? = nil) -> Lease? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let lease = Lease(path: path ?? file, descriptor: descriptor)
        var status = stat()
        // Between opening and locking it may have been evicted.
        guard flock(descriptor, kind) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
        return lease
    }

    /// Brings the directory back within its limit.
    private func evict() {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: Array(keys))) ?? []
        var entries: [(path: String, bytes: Int, used: Date)] = []
        for file in files {
            // Another process may have removed it meanwhile.
            guard let values = try? file.resourceValues(forKeys: keys), let used = values.contentModificationDate
            else { continue }
            if file.pathExtension == "tmp" {
                if used.timeIntervalSinceNow < -Self.unfinishedAge { unlink(file.path) }
            } else {
                entries.append((file.path, values.fileSize ?? 0, used))
            }
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        guard total > limit else { return }
        for entry in entries.sorted(by: { $0.used < $1.used }) where total > limit / 4 * 3 {
            guard let lock = Self.lock(entry.path, LOCK_EX | LOCK_NB) else { continue }
            withExtendedLifetime(lock) { _ = unlink(entry.path) }
            total -= entry.bytes
        }
    }
}
