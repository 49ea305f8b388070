import ArgumentParser
import EvolveTypes
import Foundation
import Slurm

/// What is asked of Slurm, said on the command line.
struct JobOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Tasks to submit: so many workers' machines at most.", valueName: "n"))
    var array = 1

    @Option(help: "Time limit of a task as Slurm writes it (default: the partition's). It starts again after it.")
    var time: String?

    @Option(help: "Partition (default: the cluster's).")
    var partition: String?

    @Option(help: "Account to charge (default: yours).")
    var account: String?

    @Option(help: "Quality of service (default: yours).")
    var qos: String?

    @Option(help: ArgumentHelp("Processors of a task, and worker processes that train on them.", valueName: "n"))
    var cpus = 1

    @Option(help: "Memory of a task as Slurm writes it (default: the partition's).")
    var mem: String?

    @Option(
        help: ArgumentHelp(
            "Seconds before the time limit at which a task stops; answers under way get up to 20 of them.",
            valueName: "seconds"))
    var signalSeconds = 120

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A line of shell for before the worker, such as 'module load gcc'; repeatable.", valueName: "line"))
    var setup: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A further option of sbatch, such as '--constraint=avx2'; repeatable.", valueName: "option"))
    var sbatch: [String] = []

    @Option(help: ArgumentHelp("The program evolve on the nodes (default: this one).", valueName: "path"))
    var program: String?

    @Option(
        help: ArgumentHelp(
            "Where tasks write, %A the job and %a the task (default: evolve-RUN-%A_%a.log in this folder).",
            valueName: "path"))
    var log: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of silence after which a worker is taken for dead (default: 30).", valueName: "seconds"))
    var lease: Double?

    @Flag(help: "Share a file among the tasks, all on one node that --sbatch=--nodelist=NODE names.")
    var forceFileStore = false

    func validate() throws {
        if let lease, !(lease > 0) { throw ValidationError("--lease must be positive.") }
    }

    /// Throws for a store that the tasks cannot share.
    func check(_ place: StorePlace) throws {
        guard case .file(let path) = place else { return }
        guard forceFileStore else {
            throw Failure(
                .misuse,
                "\(path) is a file, and tasks on several nodes would share it: the locks of SQLite are not to be trusted on a "
                    + "network's file system. Use --store postgresql://HOST/DATABASE; or --force-file-store on one node"
            )
        }
        let pins = sbatch.contains { option in ["--nodelist=", "-w"].contains { option.hasPrefix($0) } }
        guard array == 1 || pins else {
            throw Failure(
                .misuse,
                "--force-file-store with --array \(array) needs one node for all tasks: add --sbatch=--nodelist=NODE")
        }
    }

    /// Variables that say where things are, and hold no secret: the script is to work for itself.
    private static let kept = [
        "EVOLVE_ROOT", "EVOLVE_HOME", "PGHOST", "PGPORT", "PGUSER", "PGSSLMODE", "PGSSLROOTCERT", "PGPASSFILE",
        "PGSERVICEFILE",
    ]

    func script(for place: StorePlace, run name: String, _ installation: Installation) -> BatchScript {
        let address = place.forOthers
        let program = program ?? installation.program
        var words = [program, "worker", "--store", address].map(BatchScript.Word.literal)
        if let lease { words += ["--lease", String(lease)].map(BatchScript.Word.literal) }
        words += [.literal("--workers"), .variable("SLURM_CPUS_PER_TASK")]
        let jobName = BatchScript.jobName("evolve-\(name)")
        var script = BatchScript(
            title: title(place, address, name), jobName: jobName, tasks: array, log: log ?? "\(jobName)-%A_%a.log",
            command: words)
        script.time = time
        script.partition = partition
        script.account = account
        script.qos = qos
        script.processors = cpus
        script.memory = mem
        script.notice = signalSeconds
        script.options = sbatch
        script.variables = Self.kept.compactMap { name in
            installation.environment[name].flatMap { $0.isEmpty ? nil : .init(name: name, value: $0) }
        }
        script.setUp = setup
        return script
    }

    private func title(_ place: StorePlace, _ address: String, _ name: String) -> [String] {
        let password = [
            "The database's password is not in here. The nodes look for it in ~/.pgpass (mode 600), in the file that",
            "PGPASSFILE names, or in the service of PGSERVICEFILE.",
        ]
        return [
            "Workers for the run \(name) in", "  \(address)",
            "written by `evolve submit`; submit it again as often as you like: sbatch FILE.",
        ] + (place.isShared ? password : [])
    }
}
