import Foundation

/// A Slurm cluster of two virtual nodes, node1 and node2, for tests (scripts/lab/slurm).
package final class SlurmLab: Sendable {
    /// Whether tests that need a cluster run. `scripts/test` sets EVOLVE_REQUIRE_SLURM: then a missing one is a failure.
    package static let isUsable =
        ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_SLURM"] == "1"
        || ["/usr/sbin/slurmctld", "/usr/sbin/slurmd"].allSatisfy { FileManager.default.fileExists(atPath: $0) }

    private static let started = Result { SlurmLab(try LabScript.start("slurm")) }

    /// The process's cluster.
    package static func shared() throws -> SlurmLab { try started.get() }

    private let script: LabScript

    private init(_ script: LabScript) { self.script = script }

    /// SLURM_CONF, for programs that a test starts itself.
    package var environment: [String: String] { script.environment }
    /// A folder that jobs may write to; it goes with the cluster.
    package var folder: String { script.folder }

    /// Runs a program (`srun`, `sbatch`, …) against the cluster; gives its standard output, throws unless it succeeds.
    package func run(_ program: String, _ arguments: String...) throws -> String { try script.run(program, arguments) }

    /// The node's daemons and jobs die at once, as if its power went.
    package func killNode(_ node: String) throws { try script("node-kill", node) }
    /// Only its slurmd dies: jobs run on unseen, and are started again elsewhere.
    package func orphanNode(_ node: String) throws { try script("node-orphan", node) }
    package func startNode(_ node: String) throws { try script("node-start", node) }
    package func killController() throws { try script("controller-kill") }
    package func startController() throws { try script("controller-start") }
}
