import EvolveTypes
import Foundation
import Synchronization

/// The right to work at a store, given back by the kernel when the process dies: held by one owner, and by helpers beside it.
///
/// An owner is let in when nobody else is there; from then on helpers may join it, and stay when it goes. Alone means that
/// nobody may join, either: while a store is made or upgraded.
///
/// An advisory `flock` on a small file beside the store. Not on the store itself: closing any descriptor of a file
/// drops the process's POSIX locks on it, and those are SQLite's. Readers take no part in it.
package final class RunLock: Sendable {
    private let descriptor: Mutex<Int32?>

    enum Role { case alone, owner, helper }

    /// - Parameter company: says more of who is in the way, if it can.
    /// - Throws: `Failure(.unavailable)` when another process (or another store object of this one) is in the way.
    init(store path: String, as role: Role = .alone, refusal company: () -> Failure? = { nil }) throws {
        let file = path + "-lock"
        // Close-on-exec: a worker or a model server that outlives us must not keep the lock.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(
                .unavailable,
                "no file can be made beside \(path), which the store needs for its lock (\(String(cString: strerror(errno)))): "
                    + "name a place on a disk that you can write to")
        }
        guard RunLock.take(descriptor, (role == .helper ? LOCK_SH : LOCK_EX) | LOCK_NB) else {
            let code = errno
            let holder = RunLock.holder(descriptor)
            close(descriptor)
            if code == EWOULDBLOCK {
                if let failure = company() { throw failure }
                let word = ShellWord.quoted(path)
                throw Failure(
                    .unavailable,
                    "\(path) is being run by another process\(holder): "
                        + (role == .helper
                            ? "it lets nobody join now; try again"
                            : "join in with `evolve worker --store \(word)`, or look with `evolve status \(word)`"))
            }
            throw Failure(
                .unavailable, "the store's lock \(file) cannot be taken: \(String(cString: strerror(code)))")
        }
        if role != .helper {
            // For the message above only; a failure to write it costs nothing.
            let name = "pid \(getpid())"
            if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, name, name.utf8.count, 0) }
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Lets helpers join.
    /// - Throws: `Failure(.unavailable)` when another owner has come in between, which the kernel does not rule out.
    func share(_ path: String) throws {
        try descriptor.withLock { descriptor in
            guard let open = descriptor, flock(open, LOCK_SH | LOCK_NB) == 0 else {
                throw Failure(.unavailable, "\(path) has just been taken up by another process; `evolve inspect` works")
            }
        }
    }

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

    /// A killed process may take a moment to go: it is given one.
    private static func take(_ descriptor: Int32, _ operation: Int32) -> Bool {
        for _ in 0..<10 {
            if flock(descriptor, operation) == 0 { return true }
            guard errno == EWOULDBLOCK else { return false }
            usleep(30_000)
        }
        return flock(descriptor, operation) == 0
    }

    /// The last owner, if it lives: those who helped it may have outlived it.
    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let name = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        guard let id = name.split(separator: " ").last.flatMap({ pid_t($0) }), kill(id, 0) == 0 || errno != ESRCH else {
            return ""
        }
        return " (\(name))"
    }
}
