import EvolveTypes
import RunStore

/// The journal, slot by slot: a line each, which goes on farther in where it is long.
package enum JournalText {
    package static func lines(_ record: SlotRecord, _ ink: Ink = .plain) -> [String] {
        Wrapping.lines(text(record, ink), first: "", then: "    ")
    }

    /// All on one line.
    package static func line(_ record: SlotRecord) -> String { text(record, .plain) }

    private static func text(_ record: SlotRecord, _ ink: Ink) -> String {
        let parents = record.parents.isEmpty ? "" : " of \(record.parents.map(String.init).joined(separator: ","))"
        var parts = [
            "slot \(record.slot)", record.island,
            record.variation + (record.standIn.map { " (\($0) stood in)" } ?? "") + parents, record.verdict.name,
        ]
        switch record.verdict {
        case .scored(let score), .retested(let score): parts.append(Figures.estimate(score.gain))
        case .racedOut(let score):
            parts.append(
                "\(Figures.gain(score.gain.mean)) dB on "
                    + Figures.count(score.tasks.reduce(0) { $0 + $1.gains.count }, "network"))
        default: if let reason = record.verdict.reason { parts.append(Ink.legible(reason)) }
        }
        if let idea = record.idea { parts.append(ink.dim("“\(Ink.legible(idea))”")) }
        return parts.joined(separator: "  ")
    }
}
