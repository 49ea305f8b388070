import EvolveTypes
import RunStore

/// What the whole journal comes to, slot by slot.
package struct RunHistory: Sendable {
    package struct Point: Hashable, Sendable {
        package var slot: CandidateID
        /// Of its first evaluation, dB.
        package var gain: Double
    }

    /// Slots that have been added.
    package private(set) var slots = 0
    /// New candidates with a first score.
    package private(set) var scored = 0
    /// New candidates that fell behind in the race.
    package private(set) var racedOut = 0
    /// Where the best first score so far rose.
    package private(set) var best: [Point] = []
    package private(set) var lowest = 0.0
    /// What the proposals are made of.
    package private(set) var census = ProposalCensus()
    private var scores = Thinned()
    private var races = Thinned()

    package init() {}

    /// First scores of new candidates; of many, the best of each stretch of slots.
    package var points: [Point] { scores.points }
    /// New candidates that fell behind in the race: their means over the few networks they were trained on; thinned likewise.
    package var raced: [Point] { races.points }

    /// - Parameter record: of the next slot.
    mutating func add(_ record: SlotRecord) {
        slots = record.slot + 1
        census.add(record)
        guard record.variation != "seed", let gain = record.verdict.score?.gain.mean else { return }
        let point = Point(slot: record.slot, gain: gain)
        switch record.verdict {
        case .racedOut:
            racedOut += 1
            races.add(point)
        case .scored:
            scored += 1
            lowest = min(lowest, gain)
            if best.last.map({ gain > $0.gain }) ?? true { best.append(point) }
            scores.add(point)
        default: break
        }
    }

    /// To be called when nothing is added for a while: what waits to be read is read once, and not at each look.
    mutating func finish() { census.readAll() }

    /// At most so many points: of each stretch of slots, the longer the more there are, the best is kept.
    private struct Thinned: Sendable {
        private(set) var points: [Point] = []
        private var stretch = 1

        private static let most = 1_000

        mutating func add(_ point: Point) {
            if let last = points.last, stretch > 1, last.slot / stretch == point.slot / stretch {
                if point.gain > last.gain { points[points.count - 1] = point }
            } else {
                points.append(point)
            }
            guard points.count > Self.most else { return }
            let all = points
            points = []
            stretch *= 2
            for point in all { add(point) }
        }
    }
}
