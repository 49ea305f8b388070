import EvolveTypes
import RunStore

/// The journal, a line per slot.
package enum JournalText {
    package static func line(_ record: SlotRecord) -> String {
        let parents = record.parents.isEmpty ? "" : " of \(record.parents.map(String.init).joined(separator: ","))"
        var parts = [
            "slot \(record.slot)", record.island,
            record.variation + (record.standIn.map { " (\($0) stood in)" } ?? "") + parents, record.verdict.name,
        ]
        switch record.verdict {
        case .scored(let score), .retested(let score): parts.append(Figures.estimate(score.gain))
        case .racedOut(let score):
            parts.append(
                "\(Figures.gain(score.gain.mean)) dB on \(score.tasks.reduce(0) { $0 + $1.gains.count }) networks")
        default: if let reason = record.verdict.reason { parts.append(reason) }
        }
        if let idea = record.idea { parts.append("“\(idea)”") }
        return parts.joined(separator: "  ")
    }
}
