import Engine
import EvolveTypes
import Foundation
import PlayedRuns
import Population
import Reporting
import RunStore
import Synchronization
import Testing

/// Counts the slots and answers that are read out of a store, and lets on as many snapshots as it is told.
private final class CountingStore: RunStore {
    private let store: InMemoryRunStore
    private let hasSnapshot: Bool
    private let count = Mutex(0)
    var read: Int { count.withLock { $0 } }

    init(_ store: InMemoryRunStore, hasSnapshot: Bool = true) {
        self.store = store
        self.hasSnapshot = hasSnapshot
    }

    private func counted<Record>(_ records: [Record]) -> [Record] {
        count.withLock { $0 += records.count }
        return records
    }

    func manifest() -> RunManifest { store.manifest() }
    func slotCount() -> Int { store.slotCount() }
    func slots(from first: Int, most: Int) -> [SlotRecord] { counted(store.slots(from: first, most: most)) }
    func slot(_ number: Int) -> SlotRecord? { counted([store.slot(number)])[0] }
    func firstSlots(behaving fingerprints: [String]) -> [String: CandidateID] {
        store.firstSlots(behaving: fingerprints)
    }
    func chain(before number: Int) throws -> String { try store.chain(before: number) }
    func answers(after place: AnswerPlace?, most: Int) -> [AnswerRecord] {
        counted(store.answers(after: place, most: most))
    }
    func answers(of slot: Int) -> [AnswerRecord] { counted(store.answers(of: slot)) }
    func answerTotals() -> [String: AnswerTotal] { store.answerTotals() }
    func verifications() -> [VerificationRecord] { store.verifications() }
    func amendments() -> [AmendmentRecord] { store.amendments() }
    func snapshot() -> Snapshot? { hasSnapshot ? store.snapshot() : nil }
    func openCalls(of slot: Int) -> [CallRecord] { store.openCalls(of: slot) }

    // A look at a run writes nothing.
    private struct Written: Error {}
    func commit(_ records: [SlotRecord]) throws { throw Written() }
    func begin(_ calls: [CallRecord]) throws -> [Int] { throw Written() }
    func record(_ answers: [AnswerRecord]) throws -> [Bool] { throw Written() }
    func record(_ verification: VerificationRecord) throws { throw Written() }
    func record(_ amendment: AmendmentRecord) throws { throw Written() }
    func keep(_ snapshot: Snapshot) throws { throw Written() }
}

@Suite("What a look at a run costs")
struct RunReaderCostTests {
    private static func seen(_ store: InMemoryRunStore, hasSnapshot: Bool) throws -> [Data] {
        let reader = try RunReader(CountingStore(store, hasSnapshot: hasSnapshot))
        let panel = try reader.progress(budget: Budget(dollars: 5)).panel(at: 0)
        return [try CanonicalJSON.encode(reader.summary()), Data(panel.joined().utf8)]
    }

    @Test("What a snapshot and the slots behind it say is what all slots say, wherever it was kept", arguments: 0..<6)
    func cutPoints(seed: UInt64) throws {
        var stream = RandomStream(key: ["cuts", "\(seed)"])
        var run = try PlayedRun(seed: seed, slots: 400)
        let cut = 1 + stream.index(below: 300)
        let amendment = 1 + stream.index(below: 300)
        try run.go(to: min(cut, amendment))
        try run.keep()
        if amendment < cut { try run.amend(["third", "first"]) }
        try run.go(to: cut)
        try run.keep()
        if amendment >= cut {
            try run.go(to: amendment)
            try run.amend(["third"])
            #expect(try Self.seen(run.store, hasSnapshot: true) == Self.seen(run.store, hasSnapshot: false))
            try run.keep()
        }
        try run.go(to: 400)
        #expect(try Self.seen(run.store, hasSnapshot: true) == Self.seen(run.store, hasSnapshot: false))
        try run.verify()
        #expect(try Self.seen(run.store, hasSnapshot: true) == Self.seen(run.store, hasSnapshot: false))
        let summary = try RunReader(run.store).summary()
        #expect(summary.phase == .complete && summary.champion != nil && summary.models.count >= 2)

        // As it was read out of the records themselves.
        let (slots, answers) = (run.store.slots(from: 0), run.store.answers())
        #expect(summary.trainingSteps == slots.reduce(0) { $0 + $1.trainingSteps })
        #expect(summary.proposals.reduce(0) { $0 + $1.proposed } == 400)
        for yield in summary.proposals {
            let own = slots.filter { ($0.standIn ?? $0.variation) == yield.variation }
            #expect(yield.verdicts == Dictionary(own.map { ($0.verdict.name, 1) }, uniquingKeysWith: +))
        }
        for model in summary.models {
            let own = answers.filter { $0.model == model.name }
            #expect(model.calls == own.count && model.failures == own.count { $0.failure != nil })
            #expect(model.spend == own.map(\.spend).reduce(Spend(), +))
        }
        #expect(summary.model.faults[AnswerRecord.lost] == answers.count { $0.fault == AnswerRecord.lost })
    }

    @Test("The models that wrote a champion's ancestors are known without a walk through them")
    func attributions() throws {
        var run = try PlayedRun(seed: 7, slots: 3_000)
        try run.go(to: 1_500, keeping: 700)
        try run.amend(["third", "first"])
        try run.go(to: 3_000, keeping: 700)
        try run.verify()
        let reader = try RunReader(run.store)
        let summary = try reader.summary()
        let champions = [summary.champion].compactMap(\.self) + summary.familyChampions
        #expect(champions.count == 3 && champions.contains { $0.attributions != nil })
        for champion in champions { #expect(try (champion.attributions ?? []) == reader.attributions(of: champion.id)) }
        let state = try reader.state()
        for island in state.population.islands.indices {
            for elite in state.population.archive(of: island).elites {
                #expect(try state.authors(of: elite.id) == Self.authors(of: elite.id, reader))
            }
        }
    }

    private static func authors(of id: CandidateID, _ reader: RunReader) throws -> [String] {
        var (open, seen, models) = ([id], Set([id]), Set<String>())
        while let next = open.popLast() {
            let record = try reader.record(of: next)
            if record.standIn == nil, let model = record.model { models.insert(model) }
            open += record.parents.filter { seen.insert($0).inserted }
        }
        return models.sorted()
    }

    @Test("A summary reads the slots behind the snapshot and a few more, in a run of any length")
    func bounded() throws {
        var run = try PlayedRun(seed: 1, slots: 6_000)
        var reads: [Int] = []
        for count in [1_100, 3_100, 6_000] {
            try run.go(to: count, keeping: 1_000)
            // What was planned before the amendment is in no snapshot.
            if count == 3_100 { try run.amend(["third"]) }
            if count == 6_000 { try run.verify() }
            let store = CountingStore(run.store)
            let reader = try RunReader(store)
            _ = try reader.summary()
            _ = try reader.progress(budget: .unlimited)
            reads.append(store.read)
        }
        #expect(reads[0] < 120 && reads[1] < 120 && reads[2] < 20, "\(reads)")
    }

    @Test("A journal that is read on from where it was read to comes to what it comes to as a whole, thinned or not")
    func course() throws {
        var run = try PlayedRun(seed: 6, slots: 5_000)
        try run.go(to: 1_500)
        let first = try RunReader(run.store).course()
        try run.go(to: 5_000)
        let (joined, whole) = (try RunReader(run.store).course(from: first), try RunReader(run.store).course())
        #expect(first.slots == 1_500 && joined.slots == 5_000)
        #expect(joined.points == whole.points && joined.raced == whole.raced && joined.best == whole.best)
        let (tail, read) = (ProposalTail(joined.census), try ProposalTail(run.store))
        #expect(TailText.render(tail) == TailText.render(read) && TailText.render(tail).contains("motifs"))
        #expect(whole.scored > 1_000 && whole.points.count <= 1_000)
        // What is thinned still has the best.
        #expect(whole.points.map(\.gain).max() == whole.best.last?.gain)
    }
}
