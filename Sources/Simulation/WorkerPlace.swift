import Engine
import EvolveTypes
import RunStore

/// A place for a worker: one after the other lives in it.
struct WorkerPlace {
    /// A slot under way.
    struct Job {
        var claim: TaskClaim
        var slot: PlayedSlot
        var begun: Double
        /// When the model's answers are there.
        var asked: Double
        var hasTwin = false
    }

    var stream: RandomStream
    /// Counts lives; events of earlier ones are void.
    private(set) var life = 0
    private(set) var worker: WorkerID = 0
    var leader: RunLeader?
    var job: Job?
    /// Of the last sign of life.
    var renewed = 0.0
    /// When one that is cut off comes back; nil = it never was.
    var wakes: Double?

    init(number: Int, seed: UInt64) {
        stream = RandomStream(key: ["\(seed)", "\(number)", "place"])
    }

    mutating func begin(as worker: WorkerID, at now: Double) {
        self.worker = worker
        renewed = now
    }

    mutating func end() {
        life += 1
        leader = nil
        job = nil
        wakes = nil
    }
}
