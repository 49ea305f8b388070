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
            "Champion: candidate \(champion.id)", "id=\"curves-title\"", "id=\"gains-title\"", "id=\"front-title\"",
            "How varied proposals are", "Gains on held-out tasks", "Duels", "Lineage", "Archive of one",
            "tree-mutation", summary.digest,
            "evolve run played --replay r.evolve", "Built with second (second)",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let row = try #require(summary.heldout.first?.gain)
        #expect(text.contains("[\(String(format: "%+.2f", row.low)), \(String(format: "%+.2f", row.high))]"))
        // A part that is missing is left out, and does not show what stands further out.
        #expect(!text.contains("· of") && text.components(separatedBy: "held</small>").count > 2)
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
        #expect(said.contains("empty.html 0\n") && said.contains("verified.html 3\n"), "\(said)")
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
