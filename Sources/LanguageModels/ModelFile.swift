import EvolveTypes
import Foundation
import Glibc

/// A model's weights on disk, and what they must be.
package struct ModelFile: Hashable, Sendable {
    package var path: String
    /// nil = not known.
    package var bytes: Int?
    /// Lower-case hexadecimal; nil = not known: then the content is taken as it is.
    package var sha256: String?
    /// How to get it.
    package var advice: String

    package init(path: String, bytes: Int?, sha256: String?, advice: String = "run scripts/setup") {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.advice = advice
    }

    /// Checks the file's content against `sha256`. What passed is noted in a stamp beside the file (size, time of last
    /// change, hash), so that it is read once and not before every run.
    ///
    /// - Throws: `Failure(.unavailable)` that says what to do.
    package func verify() throws {
        guard let found = Self.signature(of: path) else {
            throw Failure(.unavailable, "the local model \(path) is missing; \(advice)")
        }
        guard let sha256 else { return }
        let stamp = "\(found.text) \(sha256)\n"
        if (try? String(contentsOfFile: stampPath, encoding: .utf8)) == stamp { return }
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else {
            throw Failure(.unavailable, "the local model \(path) cannot be read; check its permissions")
        }
        let hash = Digest.hex(content)
        guard hash == sha256 else {
            throw Failure(
                .unavailable,
                "\(path) (\(found.size) bytes" + (bytes.map { ", should be \($0)" } ?? "")
                    + ") has SHA-256 \(hash), expected \(sha256); delete it and \(advice)")
        }
        // A folder that cannot be written costs only the next run's time.
        try? stamp.write(toFile: stampPath, atomically: true, encoding: .utf8)
    }

    private var stampPath: String { path + ".verified" }

    /// Size and time of last change. The change time (ctime) is used because, unlike mtime, no program can set it.
    private static func signature(of path: String) -> (size: Int, text: String)? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        return (size, "\(size) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec) \(status.st_ino)")
    }
}
