import CSandbox
import EvolveTypes

/// The layers that lock a kernel in (docs/threat-model.md).
package struct Isolation: OptionSet, Codable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No new privileges, and no capabilities but, for root, reading of others' files.
    package static let privileges = Isolation(rawValue: UInt32(EVT_PRIVILEGES))
    package static let limits = Isolation(rawValue: UInt32(EVT_LIMITS))
    package static let landlock = Isolation(rawValue: UInt32(EVT_LANDLOCK))
    package static let seccomp = Isolation(rawValue: UInt32(EVT_SECCOMP))
    /// A process for every kernel. Without it the layers above are left out too: kernels run in the worker itself.
    package static let process = Isolation(rawValue: UInt32(EVT_ALL_LAYERS) + 1)
    package static let full: Isolation = [.privileges, .limits, .landlock, .seccomp, .process]

    /// What this machine has of it.
    package var available: IsolationReport {
        let found = evt_sandbox_probe(rawValue & UInt32(EVT_ALL_LAYERS))
        return IsolationReport(
            layers: Isolation(rawValue: found.layers).union(intersection(.process)), landlockABI: found.landlock_abi)
    }
}

package struct IsolationReport: Codable, Hashable, Sendable {
    /// Those that are on.
    package var layers: Isolation
    /// Version of the machine's Landlock; 0 = none.
    package var landlockABI: Int32

    package struct Line: Sendable {
        package var name: String
        package var isOn: Bool
        package var detail: String
    }

    /// One a layer, outermost first.
    package var lines: [Line] {
        [
            line(.process, "process", "each kernel in one of its own, empty environment, no open files", ""),
            line(.privileges, "no_new_privs", "no new privileges, no capabilities (root: but reading files)", ""),
            line(.limits, "rlimits", "memory, processor time, files, processes", ""),
            line(
                .landlock, "Landlock", "ABI \(landlockABI): \(landlockReach)",
                "this kernel has none, or it is switched off: code that runs while a kernel is loaded may read files"),
            line(
                .seccomp, "seccomp", "a few system calls; no sockets, no fork, no exec, no new executable memory",
                "this kernel has none: kernels may make system calls, within the other layers"),
        ]
    }

    private var landlockReach: String {
        switch landlockABI {
        case ..<4: "files"
        case ..<6: "files, TCP"
        default: "files, TCP, abstract sockets, signals"
        }
    }

    private func line(_ layer: Isolation, _ name: String, _ on: String, _ off: String) -> Line {
        let isOn = layers.contains(layer)
        return Line(name: name, isOn: isOn, detail: isOn ? on : off)
    }
}
