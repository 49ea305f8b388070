import Engine
import EvolveTypes
import Foundation
import PlayedRuns
import Reporting
import RunStore
import Testing

/// Every view of runs whose ideas are long, foreign and hostile.
@Suite("Views on a terminal")
struct ViewTests {
    private static let views: [(String, @Sendable (RunReader, any RunStore) throws -> String)] = [
        ("summary", { reader, _ in SummaryText.render(try reader.summary()) }),
        ("end", { reader, _ in EndText.render(try reader.summary(), path: "run.evolve", command: "evolve") }),
        ("islands", { reader, _ in ArchiveText.render(ArchiveMap(try reader.population())) }),
        ("front", { reader, _ in FrontText.render(GainCostFront(try reader.population())) }),
        ("tail", { _, store in TailText.render(try ProposalTail(store)) }),
        (
            "cards and lineages",
            { reader, store in
                var texts: [String] = []
                for id in 0..<(try store.slotCount()) {
                    texts.append(CardText.render(try CandidateCard(id, in: reader)))
                    texts.append(LineageText.render(try Lineage(of: id, in: reader)))
                }
                return texts.joined(separator: "\n")
            }
        ),
        (
            "journal",
            { _, store in
                var lines: [String] = []
                try store.forEachSlot { lines += JournalText.lines($0) }
                return lines.joined(separator: "\n")
            }
        ),
    ]

    @Test(
        "No line is wider than 80 columns, and nothing of what others wrote steers the terminal",
        arguments: views.indices, [0, 3, 60])
    func fits(view: Int, slots: Int) throws {
        var run = try PlayedRun(seed: 3, slots: 60)
        try run.go(to: slots)
        if slots == 60 { try run.verify() }
        let (name, render) = Self.views[view]
        let text = try render(try RunReader(run.store), run.store)
        for line in text.split(separator: "\n") where !line.hasPrefix("digest") {
            #expect(Ink.width(String(line)) <= 80, "\(name): \(line)")
        }
        let steering = text.unicodeScalars.filter {
            $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format)
        }
        #expect(steering.isEmpty, "\(name)")
        if name == "journal", slots == 60 { #expect(text.contains("�[31m�red� <script>") && text.contains("渦巻き")) }
    }

    @Test("Similar functions fit too, with stores, scales and parts", arguments: [false, true], [false, true])
    func similar(parts: Bool, upToScale: Bool) throws {
        let formula = String(repeating: "x·sigmoid(x) + ", count: 9) + "1"
        let entry =
            #"{"store": "/a/long/path/to/some/run-of-november.evolve", "id": 123456, "distance": 0.00012345, "verdict": "raced out", "gain": {"mean": -1, "low": -2, "high": 0}, "formula": "\#(formula)", "inputScale": -0.000012345, "outputScale": -12345.6"#
        let text =
            #"{"compared": 2524, "leftOut": 12, "isFar": true, "upToScale": \#(upToScale), "parts": \#(parts), "entries": [\#(entry), "part": "sin(x)"}, \#(entry)}]}"#
        let similar = try JSONDecoder().decode(SimilarFunctions.self, from: Data(text.utf8))
        let lines = SimilarText.render(similar).split(separator: "\n").map(String.init)
        for line in lines { #expect(Ink.width(line) <= 80, "\(line)") }
        #expect(lines.contains { $0.contains("sin(x)  in  x·sigmoid(x)") } == parts)
        #expect(lines.contains { $0.contains("−1.23e+04·f(−1.23e−05·x)") } == upToScale)
    }

    @Test("A crossover's other parent is told with all that it came from, once")
    func branches() throws {
        var run = try PlayedRun(seed: 3, slots: 300)
        try run.go(to: 300)
        let reader = try RunReader(run.store)
        var crossings = 0
        for id in 0..<300 {
            let lineage = try Lineage(of: id, in: reader)
            let told = lineage.steps.map(\.id) + lineage.steps.flatMap(\.branches).map(\.id)
            #expect(Set(told).count == told.count)
            let parents = lineage.steps.flatMap(\.parents) + lineage.steps.flatMap(\.branches).flatMap(\.parents)
            #expect(Set(parents).isSubset(of: told), "nobody is missing")
            crossings += lineage.steps.flatMap(\.branches).count
        }
        #expect(crossings > 20)
    }

    @Test("Where elites come from is counted of all of them, and migrations are named by their islands")
    func flow() throws {
        var run = try PlayedRun(seed: 3, slots: 300)
        try run.go(to: 300)
        let reader = try RunReader(run.store)
        let (summary, map) = (try reader.summary(), ArchiveMap(try reader.population()))
        for (island, archive) in zip(summary.islands, map.islands) {
            let origins = island.origins
            #expect(origins.seeds + origins.own + origins.others == archive.holders.count)
            #expect(origins.seeds == archive.holders.count(where: \.isSeed))
            let others = try archive.holders.filter { !$0.isSeed }.count {
                try reader.record(of: $0.id).island != island.name
            }
            #expect(origins.others == others)
            // Slots of the other island at which it sends its best: every 20th.
            let other = summary.islands.first { $0.name != island.name }
            #expect(island.arrivals.map(\.from) == [other?.name] && island.arrivals[0].came == (other?.slots ?? 0) / 20)
        }
    }

    @Test("What the re-tests say is in what is believed, on every view alike")
    func oneBelief() throws {
        var run = try PlayedRun(seed: 3, slots: 60)
        try run.go(to: 60)
        let before = try RunReader(run.store).summary().best
        try run.verify()
        let reader = try RunReader(run.store)
        let champion = try #require(try reader.summary().champion)
        #expect(champion.id != before?.id || champion.believed != before?.believed)
        #expect(try CandidateCard(champion.id, in: reader).believed == champion.believed)
    }

    @Test("Long lines are broken between words, long words behind operators, comments as comments")
    func wrapping() {
        #expect(Wrapping.lines("aa bb cc dd", first: "- ", then: "  ", width: 7) == ["- aa bb", "  cc dd"])
        #expect(Wrapping.lines("", first: "- ") == ["- "])
        let formula = Wrapping.lines("0.5·(x+sin(x))·tanh(x·y)+1", width: 12)
        #expect(formula.joined() == "0.5·(x+sin(x))·tanh(x·y)+1" && formula.allSatisfy { $0.count <= 12 })
        #expect(formula[0].hasSuffix("·") || formula[0].hasSuffix("(") || formula[0].hasSuffix(")"))
        let source = "// one two three four\n    return alpha * beta * gamma;\n"
        #expect(
            Wrapping.source(source, indent: 2, width: 20) == [
                "  // one two three", "  // four", "      return alpha *", "          beta *", "          gamma;",
            ])
    }
}
