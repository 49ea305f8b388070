import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore
import Testing

@Suite struct DefinitionLoaderTests {
    private let content: SampleContent

    init() throws { content = try SampleContent() }

    @Test("a run is loaded with everything its files say")
    func loadsRun() throws {
        let policy = try content.loader.run(named: "sample").policy
        #expect(policy.name == "sample")
        #expect(policy.topology == .ring && policy.migrationInterval == 5)
        #expect(policy.slots == 30 && policy.lookahead == 4 && policy.seed == .max && policy.maxMinutes == 2.5)
        #expect(policy.models.facts.map(\.name) == ["small-local"] && policy.models.budget == .unlimited)
        #expect(policy.bandit == nil)
        #expect(
            policy.verification
                == RunPolicy.VerificationPolicy(
                    candidates: 2, retestSeeds: 3, heldoutSeeds: 4, rates: [0.5, 1]))
        #expect(policy.retest == RetestPolicy(share: 0.25, seeds: 1, most: 6) && policy.trainingSteps == nil)
        #expect(policy.literature.map(\.name) == ["gelu"])
        #expect(try policy.literature == [content.loader.known("gelu")])
        #expect(policy.islands.map(\.name) == ["north", "south"])
        let north = try #require(policy.islands.first)
        #expect(north.seeds.map(\.name) == ["elu", "relu"])
        #expect(north.seeds.last?.source == SampleContent.files["Islands/north/seeds/relu.c"])
        #expect(north.prompts[.rewrite] == SampleContent.files["Islands/north/prompts/rewrite.md"])
        #expect(north.prompts[.idea] == SampleContent.files["Islands/prompts/idea.md"])
        #expect(north.voice == "Think of the north.\n" && north.goals == ["smoother", "another tail"])
        #expect(
            north.operators == [
                IslandPolicy.OperatorShare(kind: .modelRewrite, weight: 0.5),
                IslandPolicy.OperatorShare(kind: .treeMutation, weight: 1),
            ])
        #expect(north.sampling == IslandPolicy.Sampling(temperature: 0.7, maxTokens: 99, repairs: 1))
        #expect(north.grammar == IslandPolicy.Grammar(functions: 6, numbers: 5, forms: 4, lines: 3))
        #expect(
            north.selection
                == IslandPolicy.Selection(parents: 2, inspirations: 1, temperature: 1.5, uniform: 0.25))
        let south = policy.islands[1]
        #expect(south.sampling.temperature == Schedule(from: 1, to: 0.5, period: 20))
        #expect(south.selection.pool == .latest && south.prompts.isEmpty, "it asks no model")
    }

    @Test("what was tried often is told where the island says so and a prompt has the slot; 0 is as if left out")
    func loadsTried() throws {
        let bytes = try CanonicalJSON.encode(content.loader.run(named: "sample").policy)
        try content.replace("uniform: 0.25", with: "uniform: 0.25, tried: 0", in: "Islands/north/island.yaml")
        #expect(try CanonicalJSON.encode(content.loader.run(named: "sample").policy) == bytes)
        try content.replace("uniform: 0.25", with: "uniform: 0.25, tried: 3", in: "Islands/north/island.yaml")
        #expect(
            content.complaint()
                == "Islands/north/island.yaml: 'tried' is told through the slot '{{tried}}', which no prompt of this island has"
        )
        try content.replace("{{goal}}", with: "{{goal}}{{tried}}", in: "Islands/north/prompts/rewrite.md")
        let telling = try #require(try content.loader.run(named: "sample").policy.islands.first)
        #expect(telling.selection.tried == 3 && telling.countsMotifs)
        try content.replace(
            "tree-mutation: 1", with: "tree-mutation: 1\n  tail-graft: 0.5", in: "Islands/north/island.yaml")
        let grafting = try #require(try content.loader.run(named: "sample").policy.islands.first)
        #expect(grafting.operators.last == IslandPolicy.OperatorShare(kind: .tailGraft, weight: 0.5))
        #expect(grafting.selection.tried == nil && grafting.countsMotifs)
    }

    @Test("the list of models is loaded with everything it says")
    func loadsModels() throws {
        let models = try content.loader.models()
        #expect(models.map(\.name) == ["dear-chat", "gone-messages", "large-chat", "small-local"])
        let large = models[2]
        #expect(large.form == .chat && large.model == "vendor/large" && large.base == "https://api.example.com/v1")
        #expect(large.key == "EXAMPLE_API_KEY" && large.context == 128_000 && large.output == 4_096)
        #expect(large.thinking == 900 && large.limit(ofAnswer: 99) == 999)
        #expect(large.price == ModelFacts.Price(input: 0.5, output: 2))
        #expect(
            large.traits
                == APITraits(constraint: .schema, omits: [.temperature, .stop], limitsCompletion: true))
        #expect(
            large.licence?.attribution == "Built with Large" && large.licence?.obligations == ["show it", "name it"])
        #expect(models[1].retired == "2026-03-09" && models[1].licence == nil)
        #expect(models[3].file == ModelFacts.File(path: "models/small.gguf", bytes: 7, quantisation: "Q8_0", memory: 9))
    }

    @Test("what models may cost, and how their yield counts, is said by the run's file")
    func loadsBudgets() throws {
        try content.replace(
            "[small-local]",
            with: """
                [{name: large-chat, dollars: 2.5, requests: 10}, small-local]
                budget: {tokens: 1000000}
                bandit: {most: 3, memory: 200, steps-per-token: 250, steps-per-dollar: 1e8}
                """, in: "Runs/sample.yaml")
        let policy = try content.loader.run(named: "sample").policy
        #expect(policy.models.choices.map(\.budget) == [Budget(requests: 10, dollars: 2.5), .unlimited])
        #expect(policy.models.budget == Budget(tokens: 1_000_000))
        #expect(policy.bandit == BanditPolicy(most: 3, memory: 200, stepsPerToken: 250, stepsPerDollar: 1e8))
    }

    @Test("a run that wants longer answers than a model gives is refused, thinking included")
    func longAnswers() throws {
        try content.replace("[small-local]", with: "[large-chat]", in: "Runs/sample.yaml")
        #expect(content.complaint() == nil)
        try content.replace("max-tokens: 99", with: "max-tokens: 3300", in: "Islands/north/island.yaml")
        #expect(
            content.complaint()
                == "Runs/sample.yaml: the island north wants answers of up to 4200 tokens, thinking included, but large-chat gives "
                + "at most 4096: lower max-tokens")
        try content.replace("[small-local]", with: "[dear-chat]", in: "Runs/sample.yaml")
        try content.replace("max-tokens: 99", with: "max-tokens: 8990", in: "Islands/north/island.yaml")
        #expect(content.complaint()?.contains("+ answer 8990 = ") == true)
        #expect(content.complaint()?.contains("> 9000 tokens of context, even without inspirations") == true)
    }

    @Test("a suite is loaded with everything its file says")
    func loadsSuite() throws {
        let suite = try content.loader.suite(named: "small")
        let expected = SuitePolicy(
            name: "small", costLimit: 50,
            points: SuitePolicy.Points(train: 64, inDistribution: 32, outOfDistribution: 16),
            network: SuitePolicy.Network(hidden: [8, 4]),
            training: SuitePolicy.Training(optimiser: .sgd, rate: 0.003, schedule: .constant, batch: 16, steps: 10),
            scoring: SuitePolicy.Scoring(seeds: 2, clip: 20),
            racing: SuitePolicy.Racing(
                stages: [SuitePolicy.Racing.Stage(tasks: 3, seeds: 1, margin: 1.5)], rivals: 2, confidence: 0.8),
            tasks: [
                task("polynomials/inputs2-degree3-seed7", .search, .polynomial(inputs: 2, degree: 3, seed: 7)),
                task("polynomials/inputs1-degree2-seed8", .heldout, .polynomial(inputs: 1, degree: 2, seed: 8)),
                task("harmonics/fourier4-seed1", .search, .fourier(terms: 4, seed: 1)),
                task("harmonics/sphere2-seed1", .heldout, .sphericalHarmonics(degree: 2, seed: 1)),
                task(
                    "feynman/I.12.1", .search,
                    .feynman(
                        SuitePolicy.Equation(
                            id: "I.12.1", formula: "mu*Nn", variables: ["mu", "Nn"], low: [1, 1], high: [5, 5]))),
                task(
                    "feynman/I.6.2", .heldout,
                    .feynman(
                        SuitePolicy.Equation(
                            id: "I.6.2", formula: "exp(-(theta/sigma)**2/2)", variables: ["sigma", "theta"],
                            low: [1, 0.5], high: [3, 3.5]))),
            ])
        #expect(suite == expected)
    }

    private func task(_ name: String, _ split: SuitePolicy.Split, _ target: SuitePolicy.Target) -> SuitePolicy.Task {
        let family = name.split(separator: "/").first.map(String.init) ?? ""
        return SuitePolicy.Task(name: name, family: family, split: split, target: target)
    }

    @Test("every file read is kept with its exact bytes and hash, and nothing else is")
    func keepsFiles() throws {
        let files = try content.loader.run(named: "sample").files
        #expect(
            Set(files.map(\.path))
                == Set(SampleContent.files.keys)
                .subtracting([
                    "Islands/north/seeds/notes.txt", "Fitness/library/relu.c", "Islands/prompts/rewrite.md",
                ]))
        #expect(Set(files.map(\.path)).count == files.count)
        for file in files {
            #expect(file.bytes == Data(try #require(SampleContent.files[file.path]).utf8))
            #expect(file.sha256 == Digest.hex(file.bytes))
        }
    }

    @Test("a policy comes back from its canonical JSON unchanged, and loads to the same JSON again")
    func roundTrips() throws {
        let policy = try content.loader.run(named: "sample").policy
        let json = try CanonicalJSON.encode(policy)
        #expect(try CanonicalJSON.decode(RunPolicy.self, from: json) == policy)
        #expect(try CanonicalJSON.encode(content.loader.run(named: "sample").policy) == json)
    }

    @Test("the script of a scripted model lies beside the run and is kept under the name the policy gives it")
    func keepsScript() throws {
        try content.replace(
            "[small-local]", with: "[{script: answers/one.txt}]", in: "Runs/sample.yaml")
        try content.write("float activation(float x) { return x; }\n", to: "Runs/answers/one.txt")
        let run = try content.loader.run(named: "sample")
        #expect(run.policy.models.facts == [.scripted("Runs/answers/one.txt", name: "script/one.txt")])
        #expect(run.files.contains { $0.path == "Runs/answers/one.txt" })
    }

    @Test("a run's file may lie anywhere; islands and suite come from the content folder")
    func loadsForeignFile() throws {
        let elsewhere = try SampleContent()
        try elsewhere.write(try #require(SampleContent.files["Runs/sample.yaml"]), to: "mine.yaml")
        try elsewhere.remove("Islands")
        let run = try content.loader.run(file: elsewhere.root.appendingPathComponent("mine.yaml"))
        #expect(run.policy.name == "mine")
        #expect(run.files.first?.path == "mine.yaml")
    }

    @Test("an unknown run, suite or file is answered with what there is")
    func namesWhatThereIs() throws {
        try content.write("", to: "Runs/other.yaml")
        #expect(throws: Failure(.badInput, "there is no run 'sampel' in Runs; did you mean 'sample'?")) {
            try content.loader.run(named: "sampel")
        }
        #expect(throws: Failure(.badInput, "there is no run 'quickstart' in Runs; known runs: other, sample")) {
            try content.loader.run(named: "quickstart")
        }
        #expect(throws: Failure(.badInput, "there is no suite 'laboratory' in Fitness; known suites: small")) {
            try content.loader.suite(named: "laboratory")
        }
        #expect(throws: Failure(.badInput, "there is no file absent.yaml")) {
            try content.loader.run(file: URL(fileURLWithPath: "/absent.yaml"))
        }
    }
}
