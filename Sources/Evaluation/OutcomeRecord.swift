import ActivationCodegen
import EvolveTypes
import Foundation

/// What the networks of one kernel came to, kept on disk: a line of JSON for each.
///
/// A file is named by everything that decides an outcome beside task and seed: the kernel's text and how it was compiled,
/// network, training and points of the suite, and the trainer (`TrainerIdentity`). A line names the task by its contents,
/// so a suite that gets another task or other scoring keeps what it has.
///
/// Any number of processes may read and append: lines are written whole, under a lock. A line that cannot be read (a
/// disk that was full) is one network to train again.
struct OutcomeRecord: Sendable {
    private struct Line: Codable {
        var task: String
        var seed: UInt64
        var rate: Double?
        var outcome: TrainingOutcome
    }

    private struct Settings: Encodable {
        var points: SuitePolicy.Points
        var network: SuitePolicy.Network
        var training: SuitePolicy.Training
    }

    private struct TaskFacts: Encodable {
        var name: String
        var target: SuitePolicy.Target
        var shift: TaskShift?
        /// Digest of the table that it reads.
        var table: String?
    }

    private let file: URL
    /// Of each task of the suite: a name that changes with what is in it.
    private let tasks: [String]

    /// - Parameters:
    ///   - directory: made when something is written.
    ///   - trainer: see `TrainerIdentity`.
    init(directory: URL, kernel: KernelSource, suite: SuitePolicy, trainer: String) throws {
        let settings = Settings(points: suite.points, network: suite.network, training: suite.training)
        let facts = [kernel.hash, trainer, Digest.hex(try CanonicalJSON.encode(settings))]
        file = directory.appending(path: Digest.hex(facts.joined(separator: " ")) + ".jsonl")
        tasks = try suite.tasks.map { task in
            var facts = TaskFacts(name: task.name, target: task.target, shift: task.shift)
            if case .table(let rows) = task.target {
                facts.table = suite.tables?.first { $0.path == rows.table }.map { Digest.hex($0.text) }
            }
            return String(Digest.hex(try CanonicalJSON.encode(facts)).prefix(32))
        }
    }

    /// Everything that is known of the suite's tasks.
    func outcomes() -> [NetworkRequest: TrainingOutcome] {
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return [:] }
        // The time of the last use: what is not used goes first.
        utimensat(AT_FDCWD, file.path, nil, 0)
        let places = Dictionary(tasks.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let decoder = JSONDecoder()
        return bytes.split(separator: UInt8(ascii: "\n")).reduce(into: [:]) { found, text in
            guard let line = try? decoder.decode(Line.self, from: text), let task = places[line.task] else { return }
            found[NetworkRequest(task: task, seed: line.seed, rate: line.rate)] = line.outcome
        }
    }

    /// A cache that cannot be written is slow, not wrong: failures are let go.
    func keep(_ outcomes: [(NetworkRequest, TrainingOutcome)]) {
        var bytes = Data()
        for (network, outcome) in outcomes {
            let line = Line(task: tasks[network.task], seed: network.seed, rate: network.rate, outcome: outcome)
            guard let text = try? CanonicalJSON.encode(line) else { continue }
            bytes += text + [UInt8(ascii: "\n")]
        }
        let folder = file.deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX) == 0 else { return }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try? handle.write(contentsOf: bytes)
    }
}

/// Outcomes kept on disk, bounded in bytes: the least recently used files go first.
package struct OutcomeCache: Sendable {
    package static let limit = 512 << 20

    let directory: URL

    package init(directory: URL, limit: Int = OutcomeCache.limit) {
        self.directory = directory
        BoundedFolder.trim(directory, to: limit)
    }
}
