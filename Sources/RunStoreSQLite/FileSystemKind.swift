import EvolveTypes
import Foundation

/// Whether SQLite's locks can be trusted where a file is: over a network they cannot, and two writers would damage the store.
package enum FileSystemKind {
    private static let network: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "gpfs", "beegfs", "9p", "ocfs2", "gfs2",
        "panfs",
        "fuse.sshfs", "fuse.ceph", "fuse.glusterfs", "fuse.juicefs", "fuse.s3fs", "fuse.mfs",
    ]

    /// No disks, but views into the kernel.
    private static let kernel: Set<String> = [
        "proc", "sysfs", "cgroup", "cgroup2", "debugfs", "tracefs", "securityfs", "configfs", "pstore", "bpf", "devpts",
        "mqueue", "efivarfs", "binfmt_misc", "nsfs", "selinuxfs", "fusectl",
    ]

    /// The kind of network file system that holds the path (or the folder that it is to be made in); nil = a local one, or
    /// nothing is known.
    package static func networkName(of path: String) -> String? {
        name(of: path).flatMap { network.contains($0) ? $0 : nil }
    }

    /// The same for those that keep no files.
    static func kernelName(of path: String) -> String? { name(of: path).flatMap { kernel.contains($0) ? $0 : nil } }

    private static func name(of path: String) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().resolvingSymlinksInPath()
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
        return name(of: folder.path, mounts: mounts)
    }

    /// - Parameters:
    ///   - folder: absolute, without links.
    ///   - mounts: as the kernel lists them in /proc/self/mountinfo; of several on one point the last counts.
    static func networkName(of folder: String, mounts: String) -> String? {
        name(of: folder, mounts: mounts).flatMap { network.contains($0) ? $0 : nil }
    }

    private static func name(of folder: String, mounts: String) -> String? {
        var best: (length: Int, kind: String)?
        for line in mounts.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 6, let mark = words.firstIndex(of: "-"), mark + 1 < words.count else { continue }
            let point = words[4].replacing("\\040", with: " ")
            guard folder == point || point == "/" || folder.hasPrefix(point + "/"), point.count >= best?.length ?? 0
            else { continue }
            best = (point.count, String(words[mark + 1]))
        }
        return best?.kind
    }

    /// - Parameter name: what `networkName` says.
    static func requireLocal(_ path: String, name: String?) throws {
        guard let name else { return }
        throw Failure(
            .unavailable,
            "\(path) is on a network file system (\(name)), where SQLite's locks cannot be trusted: use a local disk, or "
                + "--store postgresql://… ; EVOLVE_NETWORK_STORE=allow if only one process will ever write to it")
    }
}
