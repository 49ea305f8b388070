import Engine
import EvolveTypes
import Exporting

extension ExportedFunction.Origin {
    /// Of a candidate of a run, with what was found of it.
    package init(_ card: CandidateCard, in run: RunReader) throws {
        let suite = run.policy.suite.name
        var findings: [String] = []
        if let score = card.score {
            let label = ["raced out": "In the race", "re-tested": "Its re-test"][card.verdict] ?? "First score"
            findings.append("\(label): \(Figures.estimate(score.gain)), mean over search tasks of the suite \(suite)")
        }
        if let retest = card.retest {
            findings.append("Re-test with fresh seeds: \(Figures.estimate(retest.gain))")
        }
        if let heldout = card.heldout {
            findings.append("On held-out tasks, which the search never saw: \(Figures.estimate(heldout.gain))")
        }
        for row in card.findings where row.family == nil {
            findings.append(
                "Against \(row.opponent), each side at its best learning rate: \(row.finding.rawValue), "
                    + "p \(Figures.probability(row.p))")
        }
        if !findings.isEmpty {
            findings.append(
                "Gains are in decibels of out-of-distribution error against \(RunPolicy.reference.uppercased()), "
                    + "with 95 % intervals; positive = better.")
        }
        let models = try Self.models(behind: card.id, in: run)
        let maker: Maker = card.variation == "seed" ? .seed : models.isEmpty ? .search : .model
        self.init(
            maker, name: "run \(run.manifest.name), seed \(run.manifest.seed)", models: models, candidate: card.id,
            digest: try run.digest(),
            findings: findings, attributions: card.attributions ?? [])
    }

    /// The language models that proposed the candidate or an ancestor of it.
    private static func models(behind id: CandidateID, in run: RunReader) throws -> [String] {
        var (open, seen, models) = ([id], Set([id]), Set<String>())
        while let next = open.popLast() {
            let record = try run.record(of: next)
            if record.standIn == nil, let model = record.model { models.insert(model) }
            open += record.parents.filter { seen.insert($0).inserted }
        }
        return models.sorted()
    }
}
