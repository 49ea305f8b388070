import EvolveTypes
import Foundation

/// A candidate that is remembered, with what is believed of it now.
struct Standing: Sendable {
    /// With all the evidence there is of it by now.
    var candidate: Candidate
    private(set) var readings: Beliefs.Readings = []
    /// By title, in the order of `Beliefs.titles`.
    private(set) var beliefs: [Shrinkage.Belief?] = []
    /// Lists that name it; with the last one it is forgotten.
    var places = 0

    init(_ candidate: Candidate) { self.candidate = candidate }

    mutating func read(_ beliefs: Beliefs) {
        readings = beliefs.readings(candidate.evidence)
        believe(beliefs)
    }

    mutating func believe(_ beliefs: Beliefs) { self.beliefs = beliefs.beliefs(readings) }

    /// - Parameter title: index of the title that counts.
    func elite(_ title: Int = 0) -> Elite? { beliefs[title].map { Elite(candidate, $0) } }

    func rank(_ title: Int = 0) -> Rank? {
        beliefs[title].map { Rank(gain: $0.mean, cost: candidate.cost, id: candidate.id) }
    }
}

/// Standings as a kept state has them: without what is believed, which follows.
struct PackedStandings: Codable, Sendable {
    var standings: [Standing]

    init(_ standings: [Standing]) { self.standings = standings }

    init(from decoder: any Decoder) throws {
        var reader = PackedReader(try decoder.singleValueContainer().decode(Data.self))
        standings = []
        while !reader.isAtEnd { standings.append(try Standing(&reader)) }
    }

    func encode(to encoder: any Encoder) throws {
        var writer = PackedWriter()
        for standing in standings { standing.pack(&writer) }
        var container = encoder.singleValueContainer()
        try container.encode(writer.data)
    }
}

extension Standing {
    fileprivate init(_ reader: inout PackedReader) throws {
        let (id, source, cost) = (try reader.int(), try reader.text(), try reader.double())
        let cell = try ArchiveCell(&reader)
        let isSeed = try reader.int() == 1
        let evidence = try Evidence(&reader)
        self.init(
            Candidate(id: id, source: source, cost: cost, cell: cell, isSeed: isSeed, evidence: evidence))
        places = try reader.int()
        readings = try Beliefs.readings(&reader)
    }

    fileprivate func pack(_ writer: inout PackedWriter) {
        writer.put(candidate.id)
        writer.put(candidate.source)
        writer.put(candidate.cost)
        candidate.cell.pack(&writer)
        writer.put(candidate.isSeed ? 1 : 0)
        candidate.evidence.pack(&writer)
        writer.put(places)
        Beliefs.pack(readings, &writer)
    }
}

extension ArchiveCell {
    init(_ reader: inout PackedReader) throws {
        self.init(
            left: try reader.choice(), right: try reader.choice(), oscillation: try reader.choice(),
            cost: try reader.choice())
    }

    func pack(_ writer: inout PackedWriter) {
        for side in [left, right] { writer.put(side.rawValue) }
        writer.put(oscillation.rawValue)
        writer.put(cost.rawValue)
    }
}

/// A place in an order of candidates: higher gain first, then lower cost, then the earlier one.
struct Rank: Hashable, Comparable, Sendable {
    var gain: Double
    var cost: Double
    var id: CandidateID

    /// Is before.
    static func < (left: Rank, right: Rank) -> Bool {
        if left.gain != right.gain { return left.gain > right.gain }
        if left.cost != right.cost { return left.cost < right.cost }
        return left.id < right.id
    }
}

/// The few best of some kind, best first.
///
/// More are kept than count, because what is believed changes: who loses its place gives it to the next. Who falls out at
/// the end is forgotten for good, and a run of any length stays as small as its archive.
struct Ranking: Sendable {
    private(set) var ranks: [Rank] = []
    /// Who has so many betters is dropped.
    let depth: Int
    /// Whether who costs more than oneself is no better.
    let isPareto: Bool

    init(depth: Int, isPareto: Bool = false) {
        self.depth = depth
        self.isPareto = isPareto
    }

    var ids: [CandidateID] { ranks.map(\.id) }

    func contains(_ id: CandidateID) -> Bool { ranks.contains { $0.id == id } }

    /// Those that count: the first or, on a Pareto front, all that are cheaper than their betters.
    var front: [Rank] {
        guard isPareto else { return Array(ranks.prefix(1)) }
        var cheapest = Double.infinity
        return ranks.filter { rank in
            defer { cheapest = min(cheapest, rank.cost) }
            return rank.cost < cheapest
        }
    }

    /// - Returns: who falls out.
    mutating func insert(_ rank: Rank) -> [CandidateID] {
        ranks.insert(rank, at: ranks.firstIndex { rank < $0 } ?? ranks.count)
        return cut()
    }

    @discardableResult
    mutating func remove(_ id: CandidateID) -> Bool {
        guard let place = ranks.firstIndex(where: { $0.id == id }) else { return false }
        ranks.remove(at: place)
        return true
    }

    /// As it was kept.
    mutating func restore(_ ids: [CandidateID], _ rank: (CandidateID) -> Rank?) { ranks = ids.compactMap(rank) }

    /// Beliefs have changed.
    mutating func sort(_ rank: (CandidateID) -> Rank?) { ranks = ids.compactMap(rank).sorted() }

    private mutating func cut() -> [CandidateID] {
        guard ranks.count > depth else { return [] }
        guard isPareto else {
            defer { ranks.removeLast(ranks.count - depth) }
            return ranks[depth...].map(\.id)
        }
        let out = ranks.indices.filter { place in
            ranks[..<place].count { $0.cost <= ranks[place].cost } >= depth
        }
        defer { for place in out.reversed() { ranks.remove(at: place) } }
        return out.map { ranks[$0].id }
    }
}
