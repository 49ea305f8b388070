import EvolveTypes
import Foundation
import Population
import Testing

@Suite("The tally of motifs")
struct MotifTallyTests {
    private static func elite(_ id: Int, gain: Double) -> Elite {
        Elite(
            id: id, source: "s\(id)", gain: gain, cost: 5,
            cell: ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap), isSeed: false)
    }

    private struct Proposal {
        var motifs: [String]
        var gain: Double?
        var donor: Elite?
        var isProposal: Bool
    }

    private static func history(_ count: Int, motifs: Int, key: String) -> [Proposal] {
        var stream = RandomStream(key: ["tally", key])
        return (0..<count).map { slot in
            let names = Set((0..<5).map { _ in "m\(min(stream.index(below: motifs), stream.index(below: motifs)))" })
            let gain = stream.uniform() < 0.7 ? 10 * stream.uniform() - 6 : nil
            return Proposal(
                motifs: names.sorted(), gain: gain,
                donor: stream.uniform() < 0.4 ? gain.map { elite(slot, gain: $0) } : nil,
                isProposal: stream.index(below: 12) > 0)
        }
    }

    private static func tally(_ history: some Sequence<Proposal>) -> MotifTally {
        history.reduce(into: MotifTally()) { tally, item in
            tally.add(item.motifs, gain: item.gain, donor: item.donor, isProposal: item.isProposal)
        }
    }

    @Test("holds what a recount of everything comes to, the latest counting most", arguments: 0..<3)
    func recount(round: Int) throws {
        let history = Self.history(2_500, motifs: 80, key: "recount \(round)")
        let tally = Self.tally(history)
        let now = history.count(where: \.isProposal)
        #expect(tally.proposals == now)
        #expect(tally.motifs == Set(history.flatMap(\.motifs)).sorted())
        for motif in tally.motifs {
            var (place, proposals, measured, gain) = (0, 0.0, 0.0, 0.0)
            var donors: [Elite] = []
            for item in history {
                if item.isProposal { place += 1 }
                guard item.motifs.contains(motif) else { continue }
                donors += item.donor.map { [$0] } ?? []
                guard item.isProposal else { continue }
                let weight = exp2(-Double(now - place) / 1_000)
                proposals += weight
                if let own = item.gain {
                    measured += weight
                    gain += weight * min(3, max(-3, own))
                }
            }
            let entry = try #require(tally[motif])
            #expect(abs(entry.proposals - proposals) < 1e-9 * (1 + proposals))
            #expect(abs(entry.measured - measured) < 1e-9 * (1 + measured))
            #expect(abs(entry.gain - gain) < 1e-9 * (1 + abs(gain)))
            #expect(entry.donor == donors.min(by: Elite.isBetter))
        }
    }

    @Test(
        "is bounded: who is frequent, and who is rare and good, stay; of the rest who has no donor or brought little goes"
    )
    func bounded() {
        var tally = MotifTally()
        tally.add(["good"], gain: 3, donor: Self.elite(1, gain: 3), isProposal: true)
        for slot in 2..<2_000 {
            // Two that nobody has seen before, of one of which nothing came.
            let (name, gain) = slot.isMultiple(of: 2) ? ("even", -1.0) : ("odd", -2.0)
            tally.add(
                ["frequent", "\(name) \(slot)"], gain: gain, donor: Self.elite(slot, gain: gain), isProposal: true)
            tally.add(["frequent", "failed \(slot)"], gain: nil, donor: nil, isProposal: true)
            #expect(tally.count <= 512)
        }
        let motifs = tally.motifs
        #expect(tally["frequent"] != nil && tally["good"]?.donor?.id == 1)
        #expect(tally["failed 2"] == nil && tally["odd 3"] == nil)
        #expect(motifs.count { $0.hasPrefix("even") } > 2 * motifs.count { $0.hasPrefix("odd") })
        #expect(motifs.contains { $0.hasPrefix("even 18") || $0.hasPrefix("even 19") }, "new ones come in")
        #expect(tally.head(1) { _ in true } == ["frequent"])
    }

    @Test("that was kept goes on as the one it was made of")
    func kept() throws {
        let history = Self.history(1_500, motifs: 900, key: "kept")
        for count in [0, 1, 700, 1_200] {
            var whole = Self.tally(history.prefix(count))
            let bytes = try CanonicalJSON.encode(whole)
            var again = try CanonicalJSON.decode(MotifTally.self, from: bytes)
            #expect(try CanonicalJSON.encode(again) == bytes)
            for item in history.dropFirst(count) {
                whole.add(item.motifs, gain: item.gain, donor: item.donor, isProposal: item.isProposal)
                again.add(item.motifs, gain: item.gain, donor: item.donor, isProposal: item.isProposal)
            }
            #expect(try CanonicalJSON.encode(again) == CanonicalJSON.encode(whole))
            for number in 0..<20 {
                var (one, two) = (RandomStream(key: ["kept", "\(number)"]), RandomStream(key: ["kept", "\(number)"]))
                #expect(again.drawTail(&one)?.motif == whole.drawTail(&two)?.motif)
            }
        }
        #expect(throws: (any Error).self) {
            try CanonicalJSON.decode(MotifTally.self, from: Data("\"AAAA\"".utf8))
        }
    }

    @Test("A rare motif of which good came is drawn oftenest; a frequent one of which none came, hardly ever")
    func tail() {
        var tally = MotifTally()
        func add(_ motif: String, _ times: Int, gain: Double) {
            for _ in 0..<times {
                let donor = Self.elite(tally.proposals, gain: gain)
                tally.add([motif], gain: gain, donor: donor, isProposal: true)
            }
        }
        add("frequent, bad", 60, gain: -2)
        add("frequent, good", 60, gain: 1)
        add("rare, bad", 4, gain: -2)
        add("rare, good", 4, gain: 1)
        for _ in 0..<4 { tally.add(["rare, no donor"], gain: 2, donor: nil, isProposal: true) }
        var counts: [String: Int] = [:]
        for number in 0..<2_000 {
            var stream = RandomStream(key: ["tail", "\(number)"])
            counts[tally.drawTail(&stream)?.motif ?? "none", default: 0] += 1
        }
        func count(_ motif: String) -> Int { counts[motif, default: 0] }
        #expect(count("rare, good") > 3 * count("frequent, good"))
        #expect(count("rare, good") > 3 * count("rare, bad"))
        #expect(count("rare, good") > 30 * count("frequent, bad"))
        #expect(count("rare, no donor") == 0 && count("none") == 0)
    }

    @Test("says nothing of head and tail before there is enough to be frequent or rare among")
    func early() {
        var tally = MotifTally()
        var stream = RandomStream(key: ["early"])
        tally.add(["a"], gain: nil, donor: Self.elite(0, gain: 0), isProposal: false)
        for slot in 1..<30 {
            tally.add(["a"], gain: 1, donor: Self.elite(slot, gain: 1), isProposal: true)
            #expect(!tally.hasTail && tally.drawTail(&stream) == nil && tally.head(3) { _ in true }.isEmpty)
        }
        tally.add(["b"], gain: nil, donor: nil, isProposal: true)
        #expect(tally.hasTail && tally.drawTail(&stream)?.motif == "a")
        #expect(tally.head(3) { _ in true } == ["a", "b"] && tally.head(3) { $0 == "b" } == ["b"])
    }

    @Test("A set of cells holds those that it was made of, and no other")
    func cells() throws {
        var all: [ArchiveCell] = []
        for left in ArchiveCell.Slope.allCases {
            for right in ArchiveCell.Slope.allCases {
                for oscillation in ArchiveCell.Oscillation.allCases {
                    all += ArchiveCell.CostClass.allCases.map {
                        ArchiveCell(left: left, right: right, oscillation: oscillation, cost: $0)
                    }
                }
            }
        }
        var stream = RandomStream(key: ["cells"])
        let some = Set(all.filter { _ in stream.uniform() < 0.3 })
        let set = try CanonicalJSON.decode(CellSet.self, from: CanonicalJSON.encode(CellSet(some)))
        #expect(set == CellSet(some) && all.count == 300)
        for cell in all { #expect(set.contains(cell) == some.contains(cell)) }
    }
}
