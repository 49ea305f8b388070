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

        /// - Parameter value: in words of ours.
        init(name: String, value: String) {
            self.name = name
            self.value = value.typeset
        }
    }

    struct Command {
        var what: String
        var line: String
    }

    /// A text that is folded up.
    struct Document {
        /// Of its place in the page.
        var anchor: String
        var title: String
        /// What is left out of it.
        var omission: String?
        var text: String
    }

    var name: String
    var phase: String
    var conclusion: ConclusionPart
    var facts: [Fact]
    var champion: ChampionPart?
    var attributions: [String]
    var gains: Figure?
    var heat: HeatMap?
    var findings: [FindingPart]
    /// Whether some side fits best at the highest or lowest rate tried.
    var hasEdges: Bool
    /// Not all duels are fought.
    var isVerifying: Bool
    /// Gains of single networks are cut here, dB.
    var clip: String
    var families: [FamilyPart]
    var lineage: LineagePart?
    var front: FrontPart?
    var islands: [IslandPart]
    var migrations: [MigrationPart]
    var archives: [ArchivePart]
    /// What slopes of archives are called.
    var slopes: String
    var operators: [OperatorPart]
    var arms: [ArmPart]
    var variety: VarietyPart?
    var reasons: [RunSummary.Complaint]
    var spend: [SpendPart]
    var settings: [Fact]
    var digest: String
    /// Its first digits.
    var shortDigest: String
    var documents: [Document]
    var commands: [Command]
    var version: String

    /// How far it is, for a list of runs.
    package let overview: RunOverview

    /// A picture with its key.
    struct Figure {
        var svg: String
        var caption: String
        var keys: [Plot.Key]

        init(_ plot: Plot, caption: String, _ gnuplot: Gnuplot) async throws {
            svg = try await gnuplot.draw(plot)
            keys = plot.keys
            self.caption = caption.typeset
        }
    }

    /// Characters of what a model says of its function: it may be endless.
    static let longestIdea = 300

    /// - Parameters:
    ///   - course: of the whole run.
    ///   - store: as commands take it.
    ///   - seconds: in which anyone was at the run; nil = not known.
    ///   - program: what makes the page.
    package init(
        _ run: RunReader, course: RunHistory, store: String, seconds: Double? = nil, program: Program, gnuplot: Gnuplot
    ) async throws {
        let summary = try run.summary()
        let population = try run.population()
        let subject = summary.champion?.id ?? summary.best?.id
        overview = RunOverview(summary)
        let isVerifying = summary.phase == .verifying
        self.isVerifying = isVerifying
        name = summary.name
        phase = summary.phase.rawValue
        conclusion = ConclusionPart(summary)
        facts = Self.facts(summary, run, seconds: seconds)
        champion = try await subject.asyncMap {
            try await ChampionPart($0, summary.champion, in: run, gnuplot: gnuplot)
        }
        attributions = try Set(
            ([subject].compactMap(\.self) + summary.familyChampions.map(\.id)).flatMap { try run.attributions(of: $0) }
        ).sorted()
        gains = try await Plot.gains(course, summary).asyncMap { plot in
            try await Figure(plot, caption: plot.caption, gnuplot)
        }
        heat = HeatMap(summary, in: run)
        let champions = [summary.champion].compactMap(\.self) + summary.familyChampions
        findings = summary.findings.enumerated().map { place, row in
            let champion = champions.first { $0.id == row.candidate && $0.family == row.family }
            return FindingPart(row, place: place, twins: champion?.sameUpToScale ?? [])
        }
        hasEdges = summary.findings.flatMap(\.duels).contains(where: \.isAtTheEdge)
        clip = Figures.plain(run.policy.suite.scoring.clip)
        let lineage = try subject.flatMap { LineagePart(try Lineage(of: $0, in: run)) }
        self.lineage = lineage
        let links = CandidateLinks(subject: subject, lineage: lineage, families: summary.familyChampions)
        families = summary.familyChampions.enumerated().map {
            FamilyPart($1, place: $0, links: links, findings: isVerifying ? [] : summary.findings)
        }
        let map = ArchiveMap(population)
        let points = GainCostFront(population)
        let picture = try await Plot.front(
            map.islands.flatMap(\.holders), points, champion: summary.champion,
            reference: Self.referenceCost(run.policy)
        ).asyncMap { try await Figure($0, caption: $0.caption, gnuplot) }
        front = picture.map { FrontPart(points, figure: $0, champion: summary.champion?.id, links: links) }
        islands = summary.islands.map { IslandPart($0, links: links) }
        migrations = MigrationPart.parts(summary.islands)
        archives = map.islands.map { ArchivePart($0, links: links) }
        slopes = ArchiveCell.Slope.limits
        operators = summary.proposals.map { OperatorPart($0) }
        arms = summary.arms.map { ArmPart($0) }
        variety = VarietyPart(ProposalTail(course.census))
        reasons = summary.complaints
        spend = SpendPart.parts(summary)
        settings = Self.settings(run.policy)
        digest = summary.digest
        shortDigest = summary.digest.prefix(12) + " …"
        documents = try Self.documents(run)
        commands = Self.commands(summary, run, store: store, command: program.command)
        version = program.version
    }

    private static func referenceCost(_ policy: RunPolicy) -> Double? {
        guard let program = policy.literature.first(where: { $0.name == RunPolicy.reference }),
            case .compiled(let compiled) = ActivationPipeline().compile(program.source)
        else { return nil }
        return compiled.cost.total
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

/// A run in a line of a list.
package struct RunOverview: Hashable, Sendable {
    /// Candidate, and what is believed of it or what verification found; nil = no candidate yet.
    package var best: String?

    package init(_ summary: RunSummary) {
        if summary.phase == .complete, let champion = summary.champion, let finding = champion.finding {
            best = "candidate \(champion.id): \(finding.rawValue) than GELU"
        } else {
            best = summary.best.map { "candidate \($0.id), believed \(Figures.belief($0.believed))".typeset }
        }
    }
}

extension Optional {
    func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
