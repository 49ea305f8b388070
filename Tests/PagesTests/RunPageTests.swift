import Engine
import Evaluation
import EvolveTypes
import Foundation
import Labs
import Pages
import PlayedRuns
import Population
import Reporting
import RunStore
import Testing

@Suite("Pages of runs")
struct RunPageTests {
    private static let gnuplot = try? Gnuplot { "/usr/bin/\($0)" }

    private static func document(_ store: any RunStore) async throws -> String {
        let reader = try RunReader(store)
        let page = try await RunPage(
            reader, course: reader.course(), store: "r.evolve",
            program: RunPage.Program(command: "evolve", version: "0"),
            gnuplot: try #require(gnuplot, "no gnuplot"))
        return try page.document()
    }

    private static func played(_ slots: Int, isVerified: Bool = false) throws -> InMemoryRunStore {
        var run = try PlayedRun(seed: 4, slots: max(slots, 40))
        try run.go(to: slots)
        if isVerified { try run.verify() }
        return run.store
    }

    @Test(
        "the page of a verified run holds the function, its gains with intervals, its lineage and how to run it again")
    func complete() async throws {
        let store = try Self.played(120, isVerified: true)
        let summary = try RunReader(store).summary()
        let champion = try #require(summary.champion)
        let text = try await Self.document(store)
        for part in [
            "Champion: candidate \(champion.id)", "id=\"curve-title\"", "id=\"slope-title\"", "id=\"gains-title\"",
            "id=\"front-title\"",
            "How varied proposals are", "Gains on held-out tasks", "Duels", "Lineage", "Archive of one",
            "tree-mutation", summary.digest, "worst quarter", "one → two", "120 of 120; ended by its slots",
            "evolve run played --replay r.evolve", "evolve run played --seed 4 --slots 120",
            "Built with second (second)",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let row = try #require(summary.heldout.first?.gain)
        #expect(text.contains(Self.typeset(Figures.interval(row))))
        // Points have no halo that would cover what is behind them.
        #expect(!text.contains("color=\"white\""))
        // A part that is missing is left out, and does not show what stands further out.
        #expect(!text.contains("· of") && text.components(separatedBy: "held</small>").count > 2)
        #expect(text.contains("<a href=\"#duel-"))
    }

    private static func typeset(_ text: String) -> String {
        text.replacing("-", with: "−").replacing(", ", with: ",\u{A0}").replacing(" dB", with: "\u{A0}dB")
    }

    @Test("the conclusion stands beside the figures that it rests on; before there is one, what is believed does")
    func conclusion() async throws {
        let store = try Self.played(120, isVerified: true)
        let summary = try RunReader(store).summary()
        let champion = try #require(summary.champion)
        let row = try #require(
            summary.findings.first { $0.candidate == champion.id && $0.family == nil && $0.isReference })
        let conclusion = try Self.section("conclusion", of: await Self.document(store))
        for duel in row.duels {
            let gain = try #require(duel.gain)
            #expect(conclusion.contains(Self.typeset(Figures.gain(gain.mean) + " dB")), "\(conclusion)")
            #expect(conclusion.contains(Self.typeset(Figures.interval(gain))), "\(conclusion)")
        }
        #expect(conclusion.contains("p\u{A0}\(Figures.probability(row.p).replacing(" ", with: "\u{A0}"))"))
        #expect(conclusion.contains("corrected for \(row.champions) champions") && conclusion.contains("intervals"))
        let open = try Self.section("conclusion", of: await Self.document(Self.played(30)))
        #expect(open.contains("Best so far: candidate") && open.contains("±") && !open.contains("intervals"))
        // One of several duels is no verdict.
        let half = InMemoryRunStore(manifest: store.manifest())
        try half.commit(store.slots(from: 0))
        for record in store.verifications()
        where record.index <= (store.verifications().firstIndex { $0.duel != nil } ?? 0) {
            try half.record(record)
        }
        let verifying = try await Self.document(half)
        let chosen = try Self.section("conclusion", of: verifying)
        #expect(
            chosen.contains("are being verified") && chosen.contains("Chosen by the re-tests: candidate"), "\(chosen)")
        #expect(!chosen.contains("GELU on tasks") && verifying.contains("Not all are fought yet"))
        let none = try Self.section("conclusion", of: await Self.document(Self.played(0)))
        #expect(!none.contains("decibels") && none.contains("nothing is verified yet"))
    }

    private static func section(_ name: String, of text: String) throws -> String {
        let begin = try #require(text.range(of: "<section id=\"\(name)\""))
        let end = try #require(text.range(of: "</section>", range: begin.upperBound..<text.endIndex))
        return String(text[begin.lowerBound..<end.lowerBound])
    }

    @Test("definitions stand there uncut, the policy too; of a huge file it is said how much is left out")
    func documents() async throws {
        var manifest = try Self.played(0).manifest()
        let long = String(repeating: "0123456789\r\n", count: 20_000)
        let huge = String(repeating: "9876543210\n", count: 30_000)
        manifest.definitions = [
            DefinitionFile(path: "Fitness/long.csv", bytes: Data(long.utf8)),
            DefinitionFile(path: "Fitness/huge.csv", bytes: Data(huge.utf8)),
        ]
        let text = try await Self.document(InMemoryRunStore(manifest: manifest))
        #expect(text.components(separatedBy: "0123456789\n").count == 20_001)
        #expect(text.contains("The first 262,144 of 330,000 bytes; the store has all of them."))
        #expect(text.components(separatedBy: "of them.</p>").count == 2)
        #expect(text.contains("&quot;verification&quot;") && text.contains("&quot;heldoutSeeds&quot;"))
    }

    @Test("a run without anything, with one candidate, going on, and of 10,000 candidates has a page of its own size")
    func sizes() async throws {
        let empty = try await Self.document(Self.played(0))
        #expect(empty.contains("Nothing has been proposed yet") && empty.contains("nothing is verified yet"))
        #expect(!empty.contains("<svg"))
        let one = try await Self.document(Self.played(1))
        #expect(one.contains("1 of 40"))
        let some = try await Self.document(Self.played(30))
        #expect(some.contains("Best so far: candidate") && some.contains("Not verified"))
        let begin = ContinuousClock.now
        let many = try await Self.document(Self.played(10_000))
        #expect(many.utf8.count < 1_500_000 && ContinuousClock.now - begin < .seconds(60), "\(many.utf8.count)")
    }

    private static let hostile =
        #"<script>window.hacked=true;document.title="hacked"</script>"#
        + #"</style><img src=x onerror="window.hacked=true"><svg onload=alert(1)> {{{style}}} "'><a href="javascript:alert(1)">x</a>"#
        + "\u{202E}desrever\u{2066}\u{7}\u{1B}[31m" + String(repeating: "W", count: 600)

    /// A run whose model has written what it should not.
    private static func attacked() throws -> InMemoryRunStore {
        let original = try played(30)
        let store = InMemoryRunStore(manifest: original.manifest())
        for var record in original.slots(from: 0) {
            record.idea = hostile
            if let source = record.source { record.source = "// \(hostile)\n/* \(hostile) */ \(source)" }
            // What else became of a slot would change the plans of those behind it.
            if case .unanswered = record.verdict {
                record.verdict =
                    record.slot.isMultiple(of: 2)
                    ? .unanswered(hostile) : .refused([Diagnostic(line: 1, column: 1, hostile)])
            }
            try store.commit(record)
        }
        return store
    }

    @Test("what a model wrote stays text")
    func hostility() async throws {
        let text = try await Self.document(Self.attacked())
        #expect(text.contains("&lt;script&gt;window.hacked") && text.contains("{{{style}}}"))
        #expect(!text.contains("<script") && !text.contains("<img") && !text.contains("<svg onload"))
        #expect(!text.contains("href=\"javascript"))
        #expect(text.components(separatedBy: "</style>").count == 2)
        // Nothing steers a terminal or turns what is read around it; an idea without end is cut.
        for scalar in ["\u{202E}", "\u{2066}", "\u{7}", "\u{1B}"] { #expect(!text.contains(scalar)) }
        #expect(text.contains("\u{FFFD}desrever"))
        #expect(text.split(separator: "\n").allSatisfy { !$0.contains("class=\"idea\"") || $0.count < 2_000 })
    }

    @Test(
        "in a browser: nothing is executed, loaded or complained of; light, dark, narrow and printed",
        .enabled(if: BrowserLab.isUsable, "scripts/setup --tests"), .timeLimit(.minutes(5)))
    func browser() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let stores: KeyValuePairs<String, any RunStore> = [
            "empty": try Self.played(0), "one": try Self.played(1), "verified": try Self.played(120, isVerified: true),
            "many": try Self.played(10_000), "hostile": try Self.attacked(),
        ]
        var files: [String] = []
        for (name, store) in stores {
            let file = folder.appending(path: "\(name).html")
            try await Self.document(store).write(to: file, atomically: true, encoding: .utf8)
            files.append(file.path)
        }
        let said = try BrowserLab.run("check.py", files)
        #expect(said.contains("empty.html 0\n") && said.contains("verified.html 4\n"), "\(said)")
    }

    @Test("without gnuplot it is said what to install")
    func missing() {
        #expect(
            throws: Failure(
                .unavailable, "pictures are drawn by gnuplot, which is not on PATH: install the package gnuplot-nox")
        ) {
            try Gnuplot { _ in nil }
        }
    }
}
