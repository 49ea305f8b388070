import ActivationCompiler
import ActivationParser
import EvolveTypes
import LanguageModels
import Population
import Testing

@testable import Mutation

@Suite("Edits by a model")
struct ModelEditTests {
    private static let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)

    private static func request(_ source: String, slot: Int, constrained: Bool = true) -> ModelRequest {
        var facts = ModelFacts.scripted("none", name: "m")
        if !constrained { facts.traits = APITraits(constraint: .text) }
        let policy = IslandPolicy(
            name: "i", seeds: [], prompts: [.edit: "{{parents}}\n{{goal}} {{functions}}\n{{marked}}"],
            goals: ["smoother"],
            operators: [], sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 99),
            grammar: IslandPolicy.Grammar(functions: 4, numbers: 4, forms: 3, lines: 1),
            selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0))
        let parent = Elite(id: 1, source: source, gain: 0.5, cost: 9, cell: cell, isSeed: true)
        return Proposer(
            roster: ModelRoster([]), runSeed: 1, pipeline: ActivationPipeline(), deadline: 9
        ).requests(
            SlotPlan(slot: slot, island: 0, variation: .modelEdit, model: "m", parents: [parent]), policy: policy,
            facts: facts)[0]
    }

    @Test("a hole keeps everything but one expression, which may be put back", arguments: TreeSeeds.sources)
    func holes(source: String) throws {
        let tree = try #require(SourceParser.parse(source).tree)
        var places: Set<String> = []
        for number in 0..<40 {
            var stream = RandomStream(key: ["hole", "\(number)"])
            let hole = try #require(TreeHole.cut(tree, stream: &stream))
            #expect(hole.before.hasSuffix("(") && hole.after.hasPrefix(")"))
            let whole = hole.before + hole.old + hole.after
            guard case .compiled(let restored) = ActivationPipeline().compile(whole),
                case .compiled(let original) = ActivationPipeline().compile(source)
            else {
                Issue.record("it does not compile: \(whole)")
                continue
            }
            #expect(restored.fingerprint == original.fingerprint)
            #expect(
                ["x", "v", "x_in"].contains(hole.variables.first)
                    && hole.marked.contains("/* from here */ \(hole.old) /* to here */"))
            places.insert(hole.before)
        }
        #expect(places.count > 1)
    }

    @Test(
        "each text of an edit's grammar is a program of the language, and most are sound and new",
        arguments: TreeSeeds.sources)
    func texts(source: String) throws {
        var (fingerprints, sound): (Set<String>, Int) = ([], 0)
        for slot in 0..<60 {
            let tree = try #require(SourceParser.parse(source).tree)
            var stream = RandomStream(key: ["edit", "\(slot)"])
            let hole = try #require(TreeHole.cut(tree, stream: &stream))
            let offer = GrammarOffer.drawn(
                functions: 5, numbers: 5, forms: 3, lines: 0, wanted: [], layer: false, stream: &stream)
            let grammar = Grammar.edits(
                offer, head: hole.before, variables: hole.variables, old: hole.old)
            let text = grammar.sample(&stream) + hole.after
            #expect(text.hasPrefix(hole.before))
            #expect(grammar.gbnf.split(separator: "\n").allSatisfy { !$0.prefix { $0 != ":" }.contains("_") })
            let parsed = SourceParser.parse(text)
            #expect(parsed.program != nil || parsed.diagnostics.contains { $0.message.contains("x") }, "\(text)")
            if case .compiled(let candidate) = ActivationPipeline().compile(text) {
                sound += 1
                fingerprints.insert(candidate.fingerprint)
            }
        }
        #expect(sound >= 45, "\(sound) of 60 are sound")
        #expect(fingerprints.count >= 30, "\(fingerprints.count) differ")
    }

    @Test("a model that goes on is begun up to the place; one that does not is shown it")
    func requests() throws {
        let source = "// GELU\nfloat activation(float x)\n{\n    return 0.5f * x * (1.0f + erff(x * 0.7f));\n}\n"
        let begun = Self.request(source, slot: 3)
        let prefill = try #require(begun.prefill)
        #expect(
            prefill.hasPrefix("// Edit of GELU: smoother\nfloat activation(float x)\n{\n    return ")
                && prefill.hasSuffix("("))
        #expect(begun.grammar?.contains("edit ::= ") == true && !begun.user.contains("from here"))
        let shown = Self.request(source, slot: 3, constrained: false)
        #expect(shown.grammar == nil && shown.user.contains("/* from here */") && shown.user.contains("/* to here */"))
        #expect(Set((0..<30).compactMap { Self.request(source, slot: $0).prefill }).count > 3)
    }
}
