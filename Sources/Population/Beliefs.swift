import EvolveTypes
import Foundation

/// What is believed of gains, over all tasks and within each family, from all that the run has measured.
///
/// How noisy gains are is summed over everything. How true gains are spread is fitted to a sample, each measured candidate as
/// likely in it as any other (Vitter 1985, algorithm R), so that a fit costs the same in a run of any length; as long as the
/// run is no larger than the sample, that is everything. Both are made anew when the evidence has grown by a twentieth;
/// in between, a candidate's own new evidence counts at once. All depends on what was committed, never on time.
package struct Beliefs: Codable, Sendable {
    /// A measured candidate, by what it says of each title; nil = it has no evidence of that kind.
    package typealias Readings = [Reading?]

    /// nil = over all tasks; then the families in alphabetical order.
    package let titles: [String?]
    private let rule: SelectionRule
    /// Search tasks of each title.
    private let tasks: [Int]
    /// Of everything that was trained, raced out or not.
    private var sums = SeedNoise()
    /// As of the last fit.
    private var noise = SeedNoise()
    /// Of each title.
    private var spreads: [Shrinkage]
    private var sampled: [CandidateID] = []
    private var sampledReadings = PackedReadings()
    /// Candidates measured so far.
    private var measured = 0
    private var changes = 0
    private var fitted = 0
    /// Changes at the last fit that began from nothing.
    private var refitted = 0

    private static let most = 1024

    /// - Parameter families: of each search task of the suite.
    package init(rule: SelectionRule, families: [String]) {
        self.rule = rule
        titles = [nil] + Set(families).sorted()
        tasks = titles.map { title in families.count { title == nil || $0 == title } }
        spreads = titles.map { _ in Shrinkage([]) }
    }

    package var families: [String] { titles.compactMap(\.self) }

    package func readings(_ evidence: Evidence) -> Readings {
        zip(titles, tasks).map { Reading(evidence.of(family: $0), rule: rule, tasks: $1) }
    }

    package func beliefs(_ readings: Readings) -> [Shrinkage.Belief?] {
        zip(readings, spreads).map { reading, spread in reading.map { spread.belief(noise.observation($0)) } }
    }

    /// Takes in what was measured of a candidate.
    /// - Parameters:
    ///   - evidence: all there is of it by now.
    ///   - former: what there was of it before; nil = it is new.
    /// - Returns: whether what is believed of everyone has changed.
    package mutating func learn(_ evidence: Evidence, of id: CandidateID, former: Evidence? = nil) -> Bool {
        guard !evidence.tasks.isEmpty else { return false }
        if let former { sums.remove(former) }
        sums.add(evidence)
        keep(readings(evidence), of: id, isNew: former == nil)
        changes += 1
        guard changes * 20 >= fitted * 21 else { return false }
        fit()
        return true
    }

    private mutating func keep(_ readings: Readings, of id: CandidateID, isNew: Bool) {
        guard isNew else {
            if let place = sampled.lastIndex(of: id) { sampledReadings.all[place] = readings }
            return
        }
        measured += 1
        if sampled.count < Self.most {
            sampled.append(id)
            sampledReadings.all.append(readings)
            return
        }
        let place = Self.draw(id, below: measured)
        guard place < Self.most else { return }
        sampled[place] = id
        sampledReadings.all[place] = readings
    }

    /// A number that depends on the candidate alone (Steele, Lea and Flood 2014, SplitMix64).
    private static func draw(_ id: CandidateID, below bound: Int) -> Int {
        var bits = UInt64(truncatingIfNeeded: id) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((bits ^ (bits >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
    }

    private mutating func fit() {
        fitted = changes
        noise = sums
        // From nothing now and then, so that no early mistake is carried on for ever.
        let isFresh = changes < 64 || changes >= 2 * refitted
        if isFresh { refitted = changes }
        for title in titles.indices {
            let observations = sampledReadings.all.compactMap { $0[title].map(noise.observation) }
            if isFresh { spreads[title] = Shrinkage(observations) } else { spreads[title].update(observations) }
        }
    }
}

/// Kept as bytes.
private struct PackedReadings: Codable, Sendable {
    var all: [Beliefs.Readings] = []

    init() {}

    init(from decoder: any Decoder) throws {
        var reader = PackedReader(try decoder.singleValueContainer().decode(Data.self))
        while !reader.isAtEnd { all.append(try Beliefs.readings(&reader)) }
    }

    func encode(to encoder: any Encoder) throws {
        var writer = PackedWriter()
        for readings in all { Beliefs.pack(readings, &writer) }
        var container = encoder.singleValueContainer()
        try container.encode(writer.data)
    }
}

extension Beliefs {
    static func pack(_ readings: Readings, _ writer: inout PackedWriter) {
        writer.put(readings.count)
        for reading in readings {
            writer.put(reading == nil ? 0 : 1)
            guard let reading else { continue }
            for number in [
                reading.gain, reading.seedShare, reading.betweenTasks, reading.squares, reading.freedom,
            ] { writer.put(number) }
        }
    }

    static func readings(_ reader: inout PackedReader) throws -> Readings {
        try (0..<reader.count()).map { _ in
            guard try reader.int() == 1 else { return nil }
            return Reading(
                gain: try reader.double(), seedShare: try reader.double(), betweenTasks: try reader.double(),
                squares: try reader.double(), freedom: try reader.double())
        }
    }
}
