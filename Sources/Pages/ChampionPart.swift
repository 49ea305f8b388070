import ActivationCompiler
import Engine
import EvolveTypes
import Reporting
import RunStore

/// The function that the page is about.
struct ChampionPart {
    var title: String
    var note: String?
    var idea: String?
    var formula: String?
    /// Where trainable numbers start.
    var trainables: String?
    var latex: String?
    var source: String
    var twins: String?
    var facts: [RunPage.Fact]
    var properties: [RunPage.Fact]
    var costs: [CostRow]
    var curves: [RunPage.Figure]
    /// What the curves show.
    var curvesCaption: String?
    /// It is no function of one element.
    var readsLayer: Bool

    struct CostRow {
        var cost: String
        var text: String
    }

    /// - Parameters:
    ///   - champion: what the run's summary says of it; nil = it is not verified.
    /// - Returns: nil of a candidate without a text.
    init?(_ id: CandidateID, _ champion: RunSummary.Champion?, in run: RunReader, gnuplot: Gnuplot) async throws {
        let card = try CandidateCard(id, in: run, library: nil)
        guard let source = card.source else { return nil }
        let isVerified = champion != nil
        title = isVerified ? "Champion: candidate \(id)" : "Best so far: candidate \(id)"
        note = isVerified ? nil : "Not verified: its gain rests on the search's own tasks and may be luck."
        idea = card.idea?.cut(to: RunPage.longestIdea)
        formula = card.formula
        trainables = Self.trainables(source)
        latex = card.latex
        self.source = source
        let known = run.policy.literature + run.policy.rivals.map(\.program) + run.policy.islands.flatMap(\.seeds)
        let twins = isVerified ? champion?.sameUpToScale ?? [] : NearDuplicates.names(of: source, in: known)
        self.twins =
            twins.isEmpty ? nil : "Up to the scale of input and output the same as " + twins.joined(separator: ", ")
        facts = Self.facts(card)
        properties = card.properties?.rows.map { RunPage.Fact(name: $0.0, value: $0.1) } ?? []
        costs =
            (card.costs?.lines ?? []).count > 1
            ? card.costs?.lines.map { CostRow(cost: Figures.cost($0.total), text: $0.text) } ?? [] : []
        curves = []
        for plot in Plot.curves(of: source, named: "candidate \(id)") {
            curves.append(try await RunPage.Figure(plot, caption: plot.caption, gnuplot))
        }
        curvesCaption =
            curves.isEmpty
            ? nil
            : "The function and its derivative beside GELU's and ReLU's"
                + (trainables == nil ? "." : "; trainable numbers at their first values.")
        readsLayer = curves.isEmpty && card.formula != nil
    }

    /// "a = 1.5, b = 1"; nil of a function without any.
    private static func trainables(_ source: String) -> String? {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else { return nil }
        let parameters = compiled.program.parameters.map { "\($0.name) = \(Figures.plain($0.initial))".typeset }
        return parameters.isEmpty ? nil : parameters.joined(separator: ", ")
    }

    private static func facts(_ card: CandidateCard) -> [RunPage.Fact] {
        var facts = [(String, String)]()
        facts.append(("island", card.island))
        facts.append(("proposed by", card.proposer))
        if let cost = card.cost { facts.append(("cost", "\(Figures.cost(cost)) operations per element")) }
        if let cell = card.cell {
            facts.append(
                ("archive cell", ArchiveText.place(cell)))
        }
        if let score = card.score {
            facts.append(("first score", Figures.estimate(score.gain) + ", by which it entered: too high on average"))
        }
        if let believed = card.believed {
            facts.append(
                (
                    "believed",
                    Figures.belief(believed) + ", search tasks: all its seeds, shrunk; ± one deviation by seed"
                ))
        }
        if let gain = card.retest?.gain {
            facts.append(("re-test", Figures.estimate(gain) + ", search tasks, fresh seeds"))
        }
        if let heldout = card.heldout {
            facts.append(("held-out", Figures.estimate(heldout.gain) + ", at the suite's learning rate"))
            facts.append(
                ("worst quarter", Figures.gain(heldout.tail) + " dB, mean over the worst quarter of those tasks"))
            let losing = LosingTasks.lines(heldout).map { $0.replacing("  ", with: " ") }
            if !losing.isEmpty { facts.append(("loses most on", losing.joined(separator: ", "))) }
            facts.append(("inside the range", Figures.estimate(heldout.inDistribution) + ", held-out tasks"))
        }
        return facts.map { RunPage.Fact(name: $0.0, value: $0.1) }
    }
}
