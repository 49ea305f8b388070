import EvolveTypes
import RunStore

/// The journal, a line per slot.
package enum JournalText {
    package static func line(_ record: SlotRecord) -> String {
        var parts = ["slot \(record.slot)", record.island, record.variation]
        if !record.parents.isEmpty { parts.append("of \(record.parents.map(String.init).joined(separator: ","))") }
        parts.append(record.verdict.name)
        switch record.verdict {
        case .scored(let score): parts.append(Figures.estimate(score.gain))
        case .racedOut(let score): parts.append("\(Figures.gain(score.gain.mean)) dB on the first look")
        default: if let reason = record.verdict.reason { parts.append(reason) }
        }
        return parts.joined(separator: "  ")
    }
}
