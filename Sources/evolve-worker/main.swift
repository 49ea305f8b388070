import CTrainer
import Evaluation
import EvolveTypes
import Foundation

// `evolve-worker PARENT-PID`: trains candidates for a `WorkerPool`, which starts it and speaks `WorkerLine`s with it.
//
// It is a process of its own so that compiled kernels run far from the program that searches. It builds and keeps the
// data sets, and never runs a kernel itself: for each it forks a process that has them too, and is locked in
// (docs/threat-model.md). So it has one thread, and does early what would need the operating system later on. It dies with
// its parent, cannot take more memory than its setup says, and never writes a core dump.

guard CommandLine.arguments.count == 2, let parent = Int32(CommandLine.arguments[1]) else {
    FileHandle.standardError.write(Data("evolve-worker is started by evolve; run `evolve --help`\n".utf8))
    exit(Failure.Kind.misuse.rawValue)
}
guard evt_process_confine(parent) == EVT_OK else { exit(Failure.Kind.unavailable.rawValue) }

// Replies get a descriptor of their own, so that nothing a library prints can be taken for one.
let replies = FileHandle(fileDescriptor: dup(STDOUT_FILENO))
dup2(STDERR_FILENO, STDOUT_FILENO)

evt_init()
evt_flush_denormals()

guard let first = readLine(), let setup = try? WorkerLine.decode(WorkerSetup.self, from: first.utf8),
    evt_process_limit_memory(Int64(setup.memoryLimit)) == EVT_OK
else { exit(Failure.Kind.badInput.rawValue) }

warmUp()
var service = TrainingService(setup)
try replies.write(contentsOf: Data(WorkerLine.encode(WorkerReply(id: 0, result: .ready))))
while let line = readLine() {
    // The parent sends only jobs; anything else means that the two are not of one build.
    guard let job = try? WorkerLine.decode(WorkerJob.self, from: line.utf8) else {
        exit(Failure.Kind.internalError.rawValue)
    }
    let reply = WorkerReply(id: job.id, result: service.serve(job))
    try replies.write(contentsOf: Data(WorkerLine.encode(reply)))
}
