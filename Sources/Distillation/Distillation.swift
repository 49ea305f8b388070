import EvolveTypes
import Mutation

/// `Distillation`: what runs teach about changing functions, as a short list of sentences for a prompt (prompt-level distillation,
/// arXiv 2602.21103).
///
/// Steps: journal → examples (`RunExamples`: parent, child, paired gain with interval) → what changed (`Delta`) → sentences
/// (`Teacher`) → groups (`Grouping`) → instructions (`Drafting`) → closed loop (`Revision`) → another suite → token budget.
///
/// Invariants:
/// - Parents are dealt out to three parts: half are learned from, a quarter revises the list, and a quarter is looked at once, at the
///   end. A parent's changes are never in two of them.
/// - Whether a change is good is told against the other changes of the same parent (`Measure`), never by itself.
/// - The same stores give the same list, whatever else goes on: parts are drawn from a keyed stream. (A model's words are its own.)
/// - Nothing is written: neither to a store, nor to the list's file, which is the command's.
///
/// It is not a search policy: no run reads a store through it. An island names the file, and a person may edit that.
package struct Distillation: Sendable {
    package struct Settings: Sendable {
        /// What the list may take in a prompt, at a token for every three bytes.
        package var tokens: Int
        /// Cosine distance of neighbours, and how many make a group.
        package var reach: Double
        package var least: Int

        package init(tokens: Int = 300, reach: Double = 0.4, least: Int = 6) {
            (self.tokens, self.reach, self.least) = (tokens, reach, least)
        }
    }

    private let settings: Settings
    private let teacher: any Teacher

    package init(_ settings: Settings = Settings(), teacher: any Teacher = StatisticalTeacher()) {
        (self.settings, self.teacher) = (settings, teacher)
    }

    /// - Parameters:
    ///   - runs: of one suite.
    ///   - others: of other suites; none = the list stays untested elsewhere.
    /// - Throws: `Failure(.badInput)` when there is nothing to learn from, or when suites are mixed up.
    package func distill(_ runs: [RunExamples], testing others: [RunExamples] = []) async throws -> Distillate {
        try Self.check(runs, others)
        let examples = runs.joined
        let parts = Parts(examples, of: runs)
        let draft = try await Drafting(learning: parts.learning, settings: settings, teacher: teacher).run()
        let revised = Revision(learning: parts.learning, revising: parts.revising).revise(draft.instructions)
        var list = revised.list
        var dropped = draft.dropped + revised.dropped
        for place in list.indices {
            let (pattern, advice) = (list[place].pattern, list[place].advice)
            list[place].families = parts.learning.families(pattern, advice)
            list[place].from = Self.origins(of: list[place], parts.learning.examples, runs)
            list[place].tests.append(Instruction.Test(on: Self.unseen, measure: parts.unseen.measure(pattern, advice)))
        }
        let elsewhere = Self.bySuite(others)
        for suite in elsewhere {
            for place in list.indices {
                let measure = suite.siblings.measure(list[place].pattern, list[place].advice)
                list[place].tests.append(Instruction.Test(on: suite.words, measure: measure))
            }
            list.removeAll { instruction in
                guard let measure = instruction.tests.last?.measure, measure.isThere,
                    !instruction.advice.agrees(measure.lead)
                else { return false }
                dropped.append(Dropped(text: instruction.text, why: "does not hold on \(suite.words)"))
                return true
            }
        }
        list = fitting(list, &dropped)
        let tests =
            [ListTest(list, on: Self.unseen, parts.unseen)]
            + elsewhere.map { ListTest(list, on: $0.words, $0.siblings) }
        return Distillate(
            runs: runs.map(Distillate.Run.init), testRuns: others.map(Distillate.Run.init), teacher: teacher.name,
            labels: Distillate.Labels(examples),
            parts: Distillate.Parts(
                learning: parts.learning.parents.count, revising: parts.revising.parents.count,
                unseen: parts.unseen.parents.count),
            groups: draft.groups, noise: draft.noise, patterns: draft.patterns, drafts: draft.instructions.count,
            rounds: revised.rounds, instructions: list, dropped: dropped, tests: tests, tokens: Self.tokens(of: list),
            tokenLimit: settings.tokens)
    }

    private static let unseen = "parents that nothing was learned from"

    private static func check(_ runs: [RunExamples], _ others: [RunExamples]) throws {
        guard let first = runs.first else { throw Failure(.misuse, "name a store to learn from") }
        let all = runs + others
        for (place, run) in all.enumerated() {
            if let twin = all[..<place].first(where: { $0.digest == run.digest }) {
                throw Failure(.badInput, "\(twin.store) and \(run.store) hold the same run: name it once")
            }
        }
        for run in all where run.examples.isEmpty {
            throw Failure(
                .badInput,
                run.slots == 0
                    ? "\(run.store) is empty: no slot of its run has been committed yet"
                    : "\(run.store) has nothing to learn from: none of its \(run.slots) slots trained a change of another candidate"
            )
        }
        for run in runs where run.suiteDigest != first.suiteDigest {
            throw Failure(
                .badInput,
                "\(first.store) and \(run.store) are of different suites, \(first.suite) and \(run.suite): learn from one, and "
                    + "give the other as --test")
        }
        for run in others where run.suiteDigest == first.suiteDigest {
            throw Failure(
                .badInput,
                "\(run.store) is of the suite that \(first.store) is of, \(first.suite): --test wants a run of another suite"
            )
        }
        if !runs.flatMap(\.examples).contains(where: { $0.label != .undecided }) {
            throw Failure(
                .badInput,
                "\(runs.map(\.store).joined(separator: ", ")): no change is decided, every gain's interval holds 0; a longer run, or "
                    + "more seeds, would tell")
        }
    }

    private static func origins(
        of instruction: Instruction, _ examples: [Example], _ runs: [RunExamples]
    ) -> [Instruction.Origin] {
        let label: Example.Label = instruction.advice == .prefer ? .improved : .worse
        let slots = Dictionary(
            grouping: examples.filter { $0.label == label && instruction.pattern.matches($0) }, by: \.parent.run)
        return slots.sorted { $0.key < $1.key }.map {
            Instruction.Origin(run: runs[$0.key].digest, slots: $0.value.map(\.slot).sorted())
        }
    }

    private static func bySuite(_ others: [RunExamples]) -> [(words: String, siblings: Siblings)] {
        var suites: [String] = []
        for run in others where !suites.contains(run.suiteDigest) { suites.append(run.suiteDigest) }
        return suites.map { digest in
            let runs = others.filter { $0.suiteDigest == digest }
            return ("the suite \(runs[0].suite)", Siblings(runs.joined, clip: runs.clip))
        }
    }

    /// The strongest, as many as there is room for.
    private func fitting(_ list: [Instruction], _ dropped: inout [Dropped]) -> [Instruction] {
        var kept: [Instruction] = []
        for instruction in list.sorted(by: { ($1.strength, $0.text) < ($0.strength, $1.text) }) {
            if kept.contains(where: { $0.text == instruction.text }) {
                dropped.append(Dropped(text: instruction.text, why: "is there already, in the same words"))
            } else if Self.tokens(of: kept + [instruction]) <= settings.tokens {
                kept.append(instruction)
            } else {
                dropped.append(Dropped(text: instruction.text, why: "no room in \(settings.tokens) tokens"))
            }
        }
        return kept
    }

    private static func tokens(of list: [Instruction]) -> Int { (Prompt.listed(list.map(\.text)).utf8.count + 2) / 3 }
}

/// Examples, dealt out by their parents.
private struct Parts {
    var learning, revising, unseen: Siblings

    init(_ examples: [Example], of runs: [RunExamples]) {
        let dealt = Dictionary(grouping: examples) { example in
            var stream = RandomStream(key: ["distillation", runs[example.parent.run].digest, "\(example.parent.id)"])
            return stream.index(below: 4)
        }
        let clip = runs.clip
        learning = Siblings((dealt[0] ?? []) + (dealt[1] ?? []), clip: clip)
        revising = Siblings(dealt[2] ?? [], clip: clip)
        unseen = Siblings(dealt[3] ?? [], clip: clip)
    }
}

extension Distillate.Run {
    fileprivate init(_ run: RunExamples) {
        self.init(
            store: run.store, name: run.name, seed: run.seed, suite: run.suite, slots: run.slots,
            examples: run.examples.count, digest: run.digest)
    }
}

extension Distillate.Labels {
    fileprivate init(_ examples: [Example]) {
        self.init(
            improved: examples.count { $0.label == .improved }, worse: examples.count { $0.label == .worse },
            undecided: examples.count { $0.label == .undecided })
    }
}
