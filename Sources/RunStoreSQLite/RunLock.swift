import EvolveTypes
import Foundation
import Synchronization

/// The right to run a store: held by one process at a time, given back by the kernel when that process dies.
///
/// An advisory `flock` on a small file beside the store. Not on the store itself: closing any descriptor of a file
/// drops the process's POSIX locks on it, and those are SQLite's. Readers take no part in it.
package final class RunLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// - Throws: `Failure(.unavailable)` when another process (or another store object of this one) holds it.
    init(store path: String) throws {
        let file = path + "-lock"
        // Close-on-exec: a worker or a model server that outlives us must not keep the lock.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(
                .unavailable, "the store's lock \(file) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = RunLock.holder(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK {
                throw Failure(
                    .unavailable,
                    "\(path) is being run by another process\(holder): wait for it or stop it; `evolve inspect` works"
                )
            }
            throw Failure(
                .unavailable, "the store's lock \(file) cannot be taken: \(String(cString: strerror(code)))")
        }
        // For the message above only; a failure to write it costs nothing.
        let name = "pid \(getpid())"
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, name, name.utf8.count, 0) }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets another process run the store; a second call does nothing.
    package func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            // Closing alone would leave the lock to a child that another thread has forked and that has not yet exec'd.
            flock(open, LOCK_UN)
            close(open)
            descriptor = nil
        }
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? " (\(String(decoding: bytes.prefix(count), as: UTF8.self)))" : ""
    }
}
