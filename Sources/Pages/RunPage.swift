import ActivationCompiler
import Engine
import EvolveTypes
import Foundation
import Mustache
import Population
import Reporting
import RunStore

/// All that a page says of a run, in the words that the template inserts.
package struct RunPage: Sendable {
    /// What makes the page, and how it is called in a shell.
    package struct Program: Sendable {
        var command: String
        var version: String

        package init(command: String, version: String) {
            self.command = command
            self.version = version
        }
    }

    struct Fact {
        var name: String
        var value: String
    }

    struct Command {
        var what: String
        var line: String
    }

    /// A text that is folded up.
    struct Document {
        var title: String
        var text: String
    }

    var name: String
    var phase: String
    var conclusion: Conclusion
    var facts: [Fact]
    var champion: ChampionPart?
    var attributions: [String]
    var gains: Figure?
    var heat: HeatMap?
    var findings: [FindingPart]
    /// Whether some side fits best at the highest or lowest rate tried.
    var hasEdges: Bool
    var families: [FamilyPart]
    var lineage: LineagePart?
    var front: Figure?
    var archives: [ArchivePart]
    var operators: [OperatorPart]
    var arms: [ArmPart]
    var variety: VarietyPart?
    var reasons: [RunHistory.Reason]
    var spend: [SpendPart]
    var settings: [Fact]
    var documents: [Document]
    var commands: [Command]
    var version: String

    struct Conclusion {
        /// A class of the page's style.
        var kind: String
        var sentence: String
        var more: [String]
    }

    struct Figure {
        var svg: String
        var caption: String
    }

    /// - Parameters:
    ///   - course: of the whole run.
    ///   - store: as commands take it; a file by its name alone.
    ///   - program: what makes the page.
    package init(
        _ run: RunReader, course: RunHistory, store: String, program: Program, gnuplot: Gnuplot
    ) async throws {
        let summary = try run.summary()
        let population = try run.state().population
        let subject = summary.champion?.id ?? summary.best?.id
        name = summary.name
        phase = summary.phase.rawValue
        conclusion = Conclusion(summary)
        facts = Self.facts(summary, run)
        champion = try await subject.asyncMap {
            try await ChampionPart($0, summary.champion, in: run, gnuplot: gnuplot)
        }
        attributions = try Set(
            ([subject].compactMap(\.self) + summary.familyChampions.map(\.id)).flatMap { try run.attributions(of: $0) }
        ).sorted()
        gains = try await Plot.gains(course, champion: summary.champion).asyncMap { plot in
            Figure(svg: try await gnuplot.draw(plot), caption: Self.caption(course, summary))
        }
        heat = HeatMap(summary)
        findings = summary.findings.map { FindingPart($0) }
        hasEdges = summary.findings.flatMap(\.duels).contains(where: \.isAtTheEdge)
        families = summary.familyChampions.map { FamilyPart($0) }
        lineage = try subject.flatMap { LineagePart(try Lineage(of: $0, in: run)) }
        let map = ArchiveMap(population)
        front = try await Plot.front(map.islands.flatMap(\.holders), GainCostFront(population)).asyncMap { plot in
            Figure(
                svg: try await gnuplot.draw(plot),
                caption:
                    "Gain that is believed of each elite on search tasks, after all its seeds and all that the run has "
                    + "tried, against its static cost. Nothing cheaper is believed to gain more than what is on the front."
            )
        }
        archives = map.islands.map { ArchivePart($0, cells: map.cells) }
        operators = summary.proposals.map { OperatorPart($0) }
        arms = summary.arms.map { ArmPart($0) }
        variety = VarietyPart(ProposalTail(course.census))
        reasons = course.reasons
        spend = SpendPart.parts(summary)
        settings = Self.settings(run.policy)
        documents = try Self.documents(run)
        commands = Self.commands(summary, store: store, command: program.command)
        version = program.version
    }

    private static func facts(_ summary: RunSummary, _ run: RunReader) -> [Fact] {
        let date = run.manifest.createdAt.formatted(.iso8601)
        return [
            Fact(
                name: "slots",
                value: "\(Figures.count(summary.slots.committed)) of \(Figures.count(summary.slots.total))"),
            Fact(name: "suite", value: run.policy.suite.name),
            Fact(name: "models", value: run.history.everything.map(\.name).sorted().joined(separator: ", ")),
            Fact(name: "training", value: "\(Figures.count(summary.trainingSteps)) optimiser steps on candidates"),
            Fact(name: "seed", value: "\(summary.seed)"),
            Fact(name: "begun", value: date),
            Fact(name: "digest", value: summary.digest),
        ].filter { !$0.value.isEmpty }
    }

    private static func caption(_ course: RunHistory, _ summary: RunSummary) -> String {
        var text =
            "Each new candidate when it was first scored, as far as it is above the lower edge. The best of many first scores is "
            + "too high: it was lucky, too."
        if summary.champion?.retestGain != nil {
            text += " At the right, what fresh seeds made of the champion, with 95 % intervals."
        }
        if course.slots > 1_000 { text += " Of neighbouring slots, the best is drawn." }
        return text
    }

    private static func settings(_ policy: RunPolicy) -> [Fact] {
        let suite = policy.suite
        let search = suite.tasks.filter { $0.split == .search }
        let heldout = suite.tasks.filter { $0.split == .heldout }
        let hidden = suite.network.hidden.map(String.init).joined(separator: ", ")
        let training = suite.training
        let stages = suite.racing.stages.map {
            "\(Figures.count($0.tasks, "task")) × \(Figures.count($0.seeds, "seed")), out at \(Figures.plain($0.margin)) dB behind"
        }
        let verification = policy.verification
        return [
            Fact(
                name: "tasks",
                value: "\(search.count) to search on, \(heldout.count) held out; families: "
                    + Set(suite.tasks.map(\.family)).sorted().joined(separator: ", ")),
            Fact(
                name: "data",
                value:
                    "\(suite.points.train) points to train on, \(suite.points.inDistribution) to test inside their range, "
                    + "\(suite.points.outOfDistribution) outside"),
            Fact(name: "network", value: "hidden layers of \(hidden) units"),
            Fact(
                name: "training",
                value:
                    "\(training.optimiser.rawValue), rate \(Figures.plain(training.rate)) (\(training.schedule.rawValue)), "
                    + "\(Figures.count(training.steps)) steps of \(training.batch) samples"),
            Fact(
                name: "gain",
                value:
                    "10·log10(loss of GELU / loss), outside the training range, the same data and initial weights for "
                    + "both; clipped at ±\(Figures.plain(suite.scoring.clip)) dB; mean over tasks, \(suite.scoring.seeds) "
                    + "seeds each"),
            Fact(name: "race", value: stages.isEmpty ? "none" : stages.joined(separator: "; ")),
            Fact(name: "cost limit", value: "\(Figures.plain(suite.costLimit)) operations per element"),
            Fact(
                name: "verification",
                value:
                    "\(verification.candidates) candidates again with \(verification.retestSeeds) fresh seeds a search task; "
                    + "champions with \(verification.heldoutSeeds) fresh seeds a held-out task; learning rates "
                    + verification.rates.map(Figures.multiple).joined(separator: ", ")),
            Fact(
                name: "islands",
                value: policy.islands.map(\.name).joined(separator: ", ") + "; \(policy.topology.rawValue)"),
            Fact(name: "lookahead", value: "\(policy.lookahead)"),
        ]
    }

    /// Longer files are cut: a page is to be read.
    private static let longest = 32_768

    private static func documents(_ run: RunReader) throws -> [Document] {
        let policy = try JSONSerialization.jsonObject(with: run.manifest.policy)
        let pretty = try JSONSerialization.data(
            withJSONObject: policy, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let files = run.manifest.definitions.map { file in
            (title: "\(file.path), SHA-256 \(file.sha256)", text: String(decoding: file.bytes, as: UTF8.self))
        }
        return (files + [(title: "All that was resolved of them", text: String(decoding: pretty, as: UTF8.self))]).map {
            let isLong = $0.text.count > longest
            return Document(title: $0.title, text: isLong ? $0.text.prefix(longest) + "\n… cut here" : $0.text)
        }
    }

    private static func commands(_ summary: RunSummary, store: String, command: String) -> [Command] {
        var commands = [
            Command(
                what: summary.phase == .complete
                    ? "The run again, with the answers that it recorded: no model is asked, and the digest is compared"
                    : "The run so far again, with the answers that it recorded: no model is asked",
                line: "\(command) run \(summary.name) --replay \(store)"),
            Command(what: "Everything that this page says, in a terminal", line: "\(command) inspect \(store)"),
        ]
        if summary.champion != nil {
            commands.append(Command(what: "The champion's card", line: "\(command) inspect \(store) champion"))
            commands.append(
                Command(
                    what: "The champion for PyTorch", line: "\(command) export \(store) --to pytorch -o champion.py"))
        }
        if summary.phase != .complete {
            commands.append(Command(what: "Go on with it", line: "\(command) resume \(store)"))
        }
        return commands
    }

    // MARK: - As HTML

    /// A whole page that needs nothing but itself.
    package func document() throws -> String { try Templates.shared.render(Whole(page: self), "page") }

    /// What changes while the run goes on.
    package func content() throws -> String { try Templates.shared.render(self, "run") }

    private struct Whole {
        var page: RunPage
        var policy = Pages.contentPolicy
        var style = Templates.style
    }
}

extension Optional {
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
