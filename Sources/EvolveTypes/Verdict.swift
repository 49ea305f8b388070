/// What became of a proposal. A failure is a case of its own, never a score.
package enum Verdict: Codable, Hashable, Sendable {
    /// Trained on every search task and seed of the suite.
    case scored(Score)
    /// Fell behind in the race; not trained further.
    case racedOut(Score)
    /// No candidate: an earlier one, the slot's only parent, on further seeds of the search tasks.
    case retested(Score)
    /// The text is not a program of the language.
    case refused([Diagnostic])
    /// A valid program over the suite's cost limit.
    case tooCostly(cost: Double, limit: Double)
    /// A valid program whose value or derivative is not finite, or disagrees with finite differences, somewhere.
    case unsound(String)
    /// Behaves as an earlier candidate does; that one's verdict holds.
    case duplicate(of: CandidateID)
    /// Training stopped being finite on most networks.
    case diverged(String)
    /// The worker process died while training it.
    case crashed(String)
    /// The worker process was ended at its time limit.
    case timedOut(String)
    /// The operator gave no program: the model failed, or no tree edit was found.
    case unanswered(String)

    package var score: Score? {
        switch self {
        case .scored(let score), .racedOut(let score), .retested(let score): score
        default: nil
        }
    }

    /// Of all cases.
    package static let names = [
        "scored", "raced out", "re-tested", "refused", "too costly", "unsound", "duplicate", "diverged", "crashed",
        "timed out", "unanswered",
    ]

    /// The case's name, for counting and for the journal.
    package var name: String {
        switch self {
        case .scored: "scored"
        case .racedOut: "raced out"
        case .retested: "re-tested"
        case .refused: "refused"
        case .tooCostly: "too costly"
        case .unsound: "unsound"
        case .duplicate: "duplicate"
        case .diverged: "diverged"
        case .crashed: "crashed"
        case .timedOut: "timed out"
        case .unanswered: "unanswered"
        }
    }
}
