import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Population
import RunStore

/// All that is known of one candidate.
package struct CandidateCard: Codable, Sendable {
    package var id: CandidateID
    package var island: String
    package var variation: String
    package var parents: [CandidateID]
    package var model: String?
    /// Lines that the licences of models want shown, that wrote it or an ancestor of it; nil = none.
    package var attributions: [String]?
    package var idea: String?
    package var source: String?
    package var formula: String?
    /// The formula in LaTeX's mathematics.
    package var latex: String?
    /// Its trained numbers, with the values that they have at first.
    package var trainables: [Trainable]?
    package var cost: Double?
    /// Its niche of the archive; nil when it was not measured.
    package var cell: ArchiveCell?
    /// Where they sit; nil when it did not compile.
    package var costs: CostTable?
    /// Found by evaluating it; nil of one that reads its layer.
    package var properties: FunctionProperties?
    package var canonicalHash: String?
    package var fingerprint: String?
    /// What is the same up to input and output scale; nil when that is not known.
    package var nearDuplicates: NearDuplicates?
    package var verdict: String
    /// Why it was not scored, in one sentence; nil when it was.
    package var reason: String?
    package var score: Score?
    package var retest: Score?
    package var heldout: Score?
    /// What its verifications found, over all tasks and by family.
    package var findings: [Findings.Row]
    /// What is believed of its gain on search tasks; nil when it was not trained to the end.
    package var believed: Shrinkage.Belief?
    /// First parents up to the seed program, nearest first.
    package var lineage: [CandidateID]
    /// Shown to the model besides the parents.
    package var inspirations: [CandidateID]?
    /// The prompt and the answer, when a model proposed it; of the last question, if there were two.
    package var prompt: String?
    package var answer: String?

    package struct Trainable: Codable, Hashable, Sendable {
        package var name: String
        package var initial: Double
    }

    /// - Parameter library: known activations that the candidate is compared with up to scale, as with others of the run;
    ///   nil = it is not compared.
    package init(_ id: CandidateID, in run: RunReader, library: [NamedProgram]? = []) throws {
        let record = try run.record(of: id)
        self.id = id
        island = record.island
        variation = record.standIn ?? record.variation
        parents = record.parents
        model = record.model
        let attributions = try run.attributions(of: id)
        self.attributions = attributions.isEmpty ? nil : attributions
        inspirations = record.inspirations
        idea = record.idea
        source = record.source
        if let text = record.source, case .compiled(let compiled) = ActivationPipeline().compile(text) {
            formula = compiled.formula
            latex = compiled.latex
            trainables = compiled.program.parameters.map { Trainable(name: $0.name, initial: $0.initial) }
            costs = CostTable(compiled)
            properties = FunctionProperties(compiled.gradient)
        }
        cost = record.cost
        if let descriptor = record.descriptor, let cost = record.cost { cell = ArchiveCell(descriptor, cost: cost) }
        canonicalHash = record.canonicalHash
        fingerprint = record.fingerprint
        nearDuplicates = try library.flatMap { try NearDuplicates(of: record, in: run, library: $0) }
        verdict = record.verdict.name
        reason = Self.reason(record.verdict, run.policy.suite.racing)
        score = record.verdict.score
        retest =
            run.verifications.first { $0.stage == .retest && $0.candidate == id && $0.family == nil }?.verdict.score
        heldout = run.verifications.first { $0.stage == .heldout && $0.candidate == id }?.verdict.score
        findings = run.findings.rows.filter { $0.candidate == id }
        believed = try run.population().elite(id).map { Shrinkage.Belief(mean: $0.gain, deviation: $0.deviation) }
        lineage = try Self.lineage(of: record, in: run)
        let recorded = try run.answers(of: id).last { $0.model == record.model }
        prompt = recorded?.prompt
        answer = recorded?.text
    }

    /// Of a source that compiles.
    static func formula(of source: String) -> String? {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else { return nil }
        return compiled.formula
    }

    private static func reason(_ verdict: Verdict, _ racing: SuitePolicy.Racing) -> String? {
        guard case .racedOut(let score) = verdict else { return verdict.reason }
        let networks = score.tasks.reduce(0) { $0 + $1.gains.count }
        let margin = racing.stages.first { $0.tasks * $0.seeds == networks }?.margin
        guard let margin, score.gain.mean < -margin else { return "surely behind its island's elites" }
        return "more than \(Figures.cost(margin)) dB behind GELU after \(networks) networks"
    }

    private static func lineage(of record: SlotRecord, in run: RunReader) throws -> [CandidateID] {
        var path: [CandidateID] = []
        var current = record
        // The last parent is the one that was edited: the others only lent parts or inspiration.
        while let parent = current.parents.last {
            path.append(parent)
            current = try run.record(of: parent)
        }
        return path
    }
}

extension Verdict {
    /// Why there is no score, in one sentence; nil when there is one.
    package var reason: String? {
        switch self {
        case .scored, .retested: nil
        case .racedOut: "fell behind in the race"
        case .refused(let diagnostics):
            diagnostics.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "; ")
        case .tooCostly(let cost, let limit):
            "costs \(Figures.cost(cost)) operations per element, the limit is \(Figures.cost(limit))"
        case .unsound(let reason), .diverged(let reason), .crashed(let reason), .timedOut(let reason),
            .unanswered(let reason):
            reason
        case .duplicate(let original): "behaves as candidate \(original)"
        }
    }
}
