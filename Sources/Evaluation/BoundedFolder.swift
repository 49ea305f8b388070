import Foundation

/// A folder of files that may each be made again, and together take so much space at most. A file's time of modification is
/// that of its last use.
package enum BoundedFolder {
    /// Deletes the least recently used until the others take no more than `limit` bytes.
    package static func trim(_ folder: URL, to limit: Int) {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        var entries = files.compactMap { file in
            (try? file.resourceValues(forKeys: keys)).map {
                (file: file, bytes: $0.fileSize ?? 0, used: $0.contentModificationDate ?? .distantPast)
            }
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        entries.sort { $0.used < $1.used }
        for entry in entries where total > limit {
            unlink(entry.file.path)
            total -= entry.bytes
        }
    }
}
