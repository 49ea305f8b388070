import EvolveTypes
import RunStore

/// What an onlooker may want to show while a run goes on. Nothing in the run depends on who listens.
package enum RunEvent: Sendable {
    /// The search starts or goes on with this many slots already committed; `seconds` are left of the run's time limit.
    case searching(committed: Int, of: Int, seconds: Double?)
    case answered(AnswerRecord)
    /// The model has failed too often and is not asked for so many seconds.
    case modelPaused(model: String, seconds: Double, reason: String)
    /// A paused model has answered again.
    case modelRecovered(model: String)
    case committed(SlotRecord)
    /// The search is over, or the first part of the verification; this many measurements follow.
    case verifying(VerificationPart, steps: Int)
    case verified(VerificationRecord)
    /// This worker has done a task; whoever leads will commit it.
    case worked(Work)
    /// This worker was taken for dead, and joins again.
    case rejoining
    /// It is to stop, and so many answers of models are waited for, for so many seconds at most.
    case stopping(calls: Int, seconds: Double)

    package enum VerificationPart: String, Sendable {
        /// Of the best candidates, on search tasks: they say who is champion.
        case retests = "re-tests"
        /// Of champions, their opponents and the literature, on held-out tasks.
        case heldout = "held-out tasks"
    }

    package enum Work: Sendable {
        case slot(SlotRecord)
        case verification(VerificationRecord)
    }
}

/// How a session of a run ended.
package enum RunEnding: Hashable, Sendable {
    /// Search and verification are done.
    case complete
    /// Stopped by request; resumable.
    case stopped
}
