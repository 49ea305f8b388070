import EvolveTypes
import Foundation

/// What a run has proposed so far, by the small pieces that functions are made of (`Motif`): how often each was proposed,
/// what came of it, and a candidate that has it. The head of it is what is proposed over and over; the tail, what seldom is.
///
/// A function of the committed slots, in their order. A proposal counts half as much after `memory` further ones: a motif is
/// frequent if it is frequent now, and to gain over the parents of long ago says little of gaining over those of today.
///
/// Of more than `most` motifs some are forgotten: never the more frequent half, which is the head; of the others first
/// those without a donor, which cannot be drawn, then those that are believed to bring least. One that comes up again
/// begins anew. So a commit costs the same in a run of any length.
package struct MotifTally: Sendable {
    package struct Entry: Hashable, Sendable {
        /// Proposals that had it.
        package internal(set) var proposals = 0.0
        /// Those of them that were measured.
        package internal(set) var measured = 0.0
        /// Decibels that these are believed to have gained over their best parents, summed.
        package internal(set) var gain = 0.0
        /// The scored candidate with it of whom most is believed; seed programs may be.
        package internal(set) var donor: Elite?
        /// The numbers are as of so many proposals of the run.
        var age = 0
    }

    /// Proposals of the run that were read.
    package internal(set) var proposals = 0
    /// By motif.
    var entries: [String: Entry] = [:]
    /// Over all proposals, whatever their motifs.
    var all = Entry()

    /// Proposals after which one counts half as much.
    package static let memory = 1_000.0
    package static let most = 512
    /// With fewer proposals nothing is frequent or rare yet.
    static let fewest = 30
    /// Measured candidates of average gain that every motif is taken to have had before its first.
    static let prior = 4.0
    /// Of the softmax over gains, in decibels.
    static let temperature = 0.5
    /// Decibels either way that a candidate counts for at most: how far a failed edit has spoilt it says nothing of a motif.
    static let clip = 3.0

    package init() {}

    package var motifs: [String] { entries.keys.sorted() }

    package var count: Int { entries.count }

    package var donors: Set<CandidateID> { Set(entries.values.compactMap(\.donor?.id)) }

    /// As things stand; nil = not known, or forgotten.
    package subscript(motif: String) -> Entry? { entries[motif]?.faded(to: proposals) }

    // MARK: Taking in

    /// - Parameters:
    ///   - motifs: of one function, each once.
    ///   - gain: decibels that it is believed to gain over its best parent; nil = it was not measured.
    ///   - donor: the candidate that it became, if that was scored.
    ///   - isProposal: false for a seed program, which may give but is proposed by nobody.
    package mutating func add(_ motifs: [String], gain: Double?, donor: Elite?, isProposal: Bool) {
        if isProposal {
            proposals += 1
            all.count(gain, at: proposals)
        }
        for motif in motifs {
            var entry = entries[motif] ?? Entry()
            if isProposal { entry.count(gain, at: proposals) }
            if let donor, entry.donor.map({ Elite.isBetter(donor, $0) }) ?? true { entry.donor = donor }
            entries[motif] = entry
        }
        if entries.count > Self.most { forget() }
    }

    /// Other things are believed of candidates that the population remembers.
    mutating func renew(_ elite: (CandidateID) -> Elite?) {
        for (motif, entry) in entries {
            if let donor = entry.donor.flatMap({ elite($0.id) }) { entries[motif]?.donor = donor }
        }
    }

    /// A candidate that breeds no more.
    mutating func lose(_ id: CandidateID) {
        for (motif, entry) in entries where entry.donor?.id == id { entries[motif]?.donor = nil }
    }

    private mutating func forget() {
        let ranked = ranked
        func worth(_ entry: Entry) -> Double { entry.donor == nil ? -.infinity : excess(entry) }
        let order = ranked.dropFirst(Self.most / 2).map { (motif: $0.motif, worth: worth($0.entry)) }
            .sorted { ($1.worth, $0.motif) < ($0.worth, $1.motif) }
        // An eighth at once, so that it is seldom done.
        for (motif, _) in order.dropFirst(Self.most * 3 / 8) { entries[motif] = nil }
    }

    // MARK: Head and tail

    /// Most frequent first.
    private var ranked: [(motif: String, entry: Entry)] {
        entries.map { (motif: $0.key, entry: $0.value.faded(to: proposals)) }
            .sorted { ($1.entry.proposals, $0.motif) < ($0.entry.proposals, $1.motif) }
    }

    /// The motifs that are proposed most often now, those first; none as long as little is known.
    /// - Parameter counts: which motifs are of interest.
    package func head(_ count: Int, where counts: (String) -> Bool) -> [String] {
        guard proposals >= Self.fewest else { return [] }
        return ranked.filter { $0.entry.proposals > 0 && counts($0.motif) }.prefix(count).map(\.motif)
    }

    /// Whether there is anything to draw.
    package var hasTail: Bool { proposals >= Self.fewest && entries.values.contains { $0.donor != nil } }

    /// Draws a motif and a candidate that has it, the rarer and the better the likelier: in proportion to
    /// exp((g − ḡ) / T) / (1 + n), where n is how often it was proposed, g the mean of what candidates with it gained, drawn
    /// towards the mean ḡ of all by `prior` candidates that gained ḡ, and T the temperature.
    package func drawTail(_ stream: inout RandomStream) -> (motif: String, donor: Elite)? {
        guard proposals >= Self.fewest else { return nil }
        // In a fixed order: what is drawn depends on it.
        let tail = entries.filter { $0.value.donor != nil }.sorted { $0.key < $1.key }
        let weights = tail.map { item in
            let entry = item.value.faded(to: proposals)
            return exp(excess(entry) / Self.temperature) / (1 + entry.proposals)
        }
        guard let place = stream.pick(weights: weights), let donor = tail[place].value.donor else { return nil }
        return (tail[place].key, donor)
    }

    /// What candidates with the motif are believed to gain beyond the mean of all, decibels; of an entry as things stand.
    private func excess(_ entry: Entry) -> Double {
        let mean = all.measured > 0 ? all.gain / all.measured : 0
        return (entry.gain - entry.measured * mean) / (entry.measured + Self.prior)
    }
}

extension MotifTally.Entry {
    func faded(to age: Int) -> Self {
        guard age > self.age else { return self }
        var entry = self
        let keep = exp2(-Double(age - self.age) / MotifTally.memory)
        entry.proposals *= keep
        entry.measured *= keep
        entry.gain *= keep
        entry.age = age
        return entry
    }

    mutating func count(_ gain: Double?, at age: Int) {
        self = faded(to: age)
        proposals += 1
        guard let gain else { return }
        measured += 1
        self.gain += min(MotifTally.clip, max(-MotifTally.clip, gain))
    }
}
