import Definitions
import EvolveTypes
import Foundation
import Testing

/// One spoiled place, and exactly what is said about it.
struct Mistake: CustomTestStringConvertible, Sendable {
    var file: String
    var old: String
    var new: String
    /// "line:column: message", one per line.
    var complaint: String

    init(_ file: String, _ old: String, _ new: String, _ complaint: String) {
        self.file = file
        self.old = old
        self.new = new
        self.complaint = complaint
    }

    var testDescription: String { "\(old) → \(new)" }

    func check() throws {
        let content = try SampleContent()
        try content.replace(old, with: new, in: file)
        #expect(content.complaint() == complaint.split(separator: "\n").map { "\(file):\($0)" }.joined(separator: "\n"))
    }
}

@Suite struct DefinitionMistakeTests {
    @Test("mistakes in a run's file", arguments: run)
    func inRun(mistake: Mistake) throws { try mistake.check() }

    @Test("mistakes in an island's file", arguments: island)
    func inIsland(mistake: Mistake) throws { try mistake.check() }

    @Test("mistakes in the texts of prompts", arguments: prompt)
    func inPrompt(mistake: Mistake) throws { try mistake.check() }

    @Test("mistakes in the list of models", arguments: models)
    func inModels(mistake: Mistake) throws { try mistake.check() }

    @Test("mistakes in a suite", arguments: suite)
    func inSuite(mistake: Mistake) throws { try mistake.check() }

    @Test("mistakes in the Feynman table", arguments: table)
    func inTable(mistake: Mistake) throws { try mistake.check() }

    private static let runFile = "Runs/sample.yaml"
    static let run = [
        Mistake(
            runFile, "slots: 30", "slotz: 30",
            "2:1: 'slots' is missing\n6:1: unknown key 'slotz'; did you mean 'slots'?"),
        Mistake(
            runFile, "seed: ", "colour: red\nseed: ",
            "8:1: unknown key 'colour'; known keys: suite, islands, literature, topology, migration-interval, "
                + "reset-interval, slots, lookahead, seed, max-minutes, training-steps, retest, models, budget, bandit, verification"
        ),
        Mistake(
            runFile, "seed: ", "slots: 3\nseed: ", "6:1: 'slots' is given more than once in this mapping; keep one"),
        Mistake(runFile, "slots: 30", "slots: many", "6:8: 'slots' must be a whole number, not 'many'"),
        Mistake(runFile, "slots: 30", "slots: \"30\"", "6:8: 'slots' must be a whole number, not '30'"),
        Mistake(runFile, "slots: 30", "slots:", "6:7: 'slots' must be a whole number, but nothing is given"),
        Mistake(runFile, "slots: 30", "slots: 3.5", "6:8: 'slots' must be a whole number, not '3.5'"),
        Mistake(runFile, "slots: 30", "slots: [30]", "6:8: 'slots' must be a whole number, not a list"),
        Mistake(runFile, "slots: 30", "slots: 0", "6:8: 'slots' is 0; it must be from 1 to 10000000"),
        Mistake(runFile, "lookahead: 4", "lookahead: -1", "7:12: 'lookahead' is -1; it must be from 1 to 10000"),
        Mistake(
            runFile, "seed: 18446744073709551615", "seed: 18446744073709551616",
            "8:7: 'seed' must be a whole number, not '18446744073709551616'"),
        Mistake(
            runFile, "max-minutes: 2.5", "max-minutes: 0",
            "9:14: 'max-minutes' is 0.0; it must be from 0.01 to 1000000.0"),
        Mistake(runFile, "max-minutes: 2.5", "max-minutes: nan", "9:14: 'max-minutes' must be a number, not 'nan'"),
        Mistake(runFile, "suite: small", "suite: smal", "2:8: there is no suite 'smal'; did you mean 'small'?"),
        Mistake(runFile, "suite: small", "suite: ../small", "2:8: there is no suite '../small'; did you mean 'small'?"),
        Mistake(runFile, "suite: small", "suite: 12", "2:8: 'suite' must be a text, not '12'; put it in quotes"),
        Mistake(
            runFile, "[north, south]", "[north, equator]",
            "3:18: there is no island 'equator'; known islands: north, south"),
        Mistake(runFile, "[north, south]", "[north, north]", "3:18: the island 'north' is listed twice"),
        Mistake(
            runFile, "[gelu]", "[gelu, tanh]", "12:20: there is no activation 'tanh'; known activations: gelu, relu"),
        Mistake(runFile, "[gelu]", "[gelu, gelu]", "12:20: the activation 'gelu' is listed twice"),
        Mistake(runFile, "[gelu]", "[relu]", "12:13: 'literature' must list gelu, the reference of all gains"),
        Mistake(runFile, "[north, south]", "north", "3:10: 'islands' must be a list, not 'north'"),
        Mistake(runFile, "[north, south]", "[]", "3:10: 'islands' is an empty list; it needs at least one item"),
        Mistake(
            runFile, "topology: ring", "topology: rng",
            "4:11: 'topology' must be one of ring, star, isolated, not 'rng'; did you mean 'ring'?"),
        Mistake(
            runFile, "topology: ring", "topology: mesh",
            "4:11: 'topology' must be one of ring, star, isolated, not 'mesh'"),
        Mistake(
            runFile, "seed: ", "reset-interval: 0\nseed: ",
            "8:17: 'reset-interval' is 0; it must be from 1 to 1000000"),
        Mistake(runFile, "[small-local]", "small-local", "10:9: 'models' must be a list, not 'small-local'"),
        Mistake(
            runFile, "[small-local]", "[small-lokal]",
            "10:10: there is no model 'small-lokal'; did you mean 'small-local'?"),
        Mistake(
            runFile, "[small-local]", "[small-local, small-local]", "10:23: the model 'small-local' is listed twice"),
        Mistake(
            runFile, "[small-local]", "[gone-messages]",
            "10:10: 'gone-messages' is not served any more since 2026-03-09"),
        Mistake(
            runFile, "[small-local]", "[{name: small-local, tokns: 5}]",
            "10:30: unknown key 'tokns'; did you mean 'tokens'?"),
        Mistake(
            runFile, "[small-local]", "[{script: \"\"}]", "10:19: 'script' must be a text, but nothing is given"),
        Mistake(
            runFile, "[small-local]", "[{script: a.txt}]",
            "10:19: there is no file 'a.txt' beside the run's file"),
        Mistake(
            runFile, "[small-local]", "[{name: dear-chat, dollars: 1}]",
            "10:9: dollars cannot be counted: the price of 'dear-chat' is not known; give tokens or requests instead"),
        Mistake(
            runFile, "[small-local]", "[dear-chat]\nbudget: {dollars: 1}",
            "11:9: dollars cannot be counted: the price of 'dear-chat' is not known; give tokens or requests instead"),
        Mistake(
            runFile, "[small-local]", "[small-local]\nbudget: {dollars: -1}",
            "11:19: 'dollars' is -1.0; it must be from 0.0 to 1000000000.0"),
        Mistake(
            runFile, "[small-local]",
            "[small-local]\nbandit: {most: 0.5, memory: 10, steps-per-token: 1, steps-per-dollar: 1}",
            "11:16: 'most' is 0.5; it must be from 1.0 to 1000.0"),
        Mistake(
            runFile, "topology: ring", "topology: ri\u{1}ng",
            "4:13: this is not valid YAML: control characters are not allowed"),
        Mistake(runFile, "retest-seeds: 3, ", "", "11:15: 'retest-seeds' is missing"),
        Mistake(
            runFile, "models: [small-local]", "models: [small-local",
            "11:13: this is not valid YAML: did not find expected ',' or ']'"),
        Mistake(runFile, "# A sample.", "a: b\n---", "2:1: this is not valid YAML: but found another document"),
        Mistake(
            runFile, "slots: 30\nlookahead: 4", "slots: 0\nlookahead: x",
            "6:8: 'slots' is 0; it must be from 1 to 10000000\n7:12: 'lookahead' must be a whole number, not 'x'"),
    ]

    private static let islandFile = "Islands/north/island.yaml"
    static let island = [
        Mistake(
            islandFile, "model-rewrite", "model-rewrit",
            "2:3: unknown key 'model-rewrit'; did you mean 'model-rewrite'?"),
        Mistake(
            islandFile, "model-rewrite", "seed",
            "2:3: unknown key 'seed'; known keys: model-rewrite, model-edit, model-crossover, model-idea, model-simplify, "
                + "tree-mutation, tree-crossover, tail-graft, grammar-sampling, constant-tuning"),
        Mistake(islandFile, "tree-mutation: 1", "constant-tuning: 1", "1:1: 'tuning' is missing"),
        Mistake(
            islandFile, "sampling:", "tuning: {trials: 24, networks: 8}\nsampling:",
            "4:9: 'tuning' belongs to the operator constant-tuning, which has no weight here"),
        Mistake(
            islandFile, "tree-mutation: 1", "constant-tuning: 0\ntuning: {trials: 24, networks: 8}",
            "4:9: 'tuning' belongs to the operator constant-tuning, which has no weight here"),
        Mistake(
            islandFile, "tree-mutation: 1", "constant-tunin: 1\ntuning: {trials: 24, networks: 8}",
            "3:3: unknown key 'constant-tunin'; did you mean 'constant-tuning'?"),
        Mistake(
            islandFile, "tree-mutation: 1", "constant-tuning: 1\ntuning: {trials: 1, network: 8}",
            "4:9: 'networks' is missing\n4:18: 'trials' is 1; it must be from 2 to 10000\n"
                + "4:21: unknown key 'network'; did you mean 'networks'?"),
        Mistake(islandFile, "0.5", "-0.5", "2:18: 'model-rewrite' is -0.5; it must be from 0.0 to 1000000.0"),
        Mistake(islandFile, "0.5", "half", "2:18: 'model-rewrite' must be a number, not 'half'"),
        Mistake(
            islandFile, "0.5\n  tree-mutation: 1", "0\n  tree-mutation: 0",
            "2:3: the weights of 'operators' sum to 0; give at least one operator a positive weight"),
        Mistake(
            islandFile, "temperature: 0.7", "temperature: 7", "4:25: 'temperature' is 7.0; it must be from 0.0 to 2.0"),
        Mistake(islandFile, "max-tokens: 99", "max-tokens: 0", "4:42: 'max-tokens' is 0; it must be from 1 to 100000"),
        Mistake(islandFile, "lines: 3", "lines: 5", "5:54: 'lines' is 5; it must be from 0 to 4"),
        Mistake(islandFile, "forms: 4, ", "", "5:10: 'forms' is missing"),
        Mistake(islandFile, "uniform: 0.25", "uniform: 1.25", "6:69: 'uniform' is 1.25; it must be from 0.0 to 1.0"),
        Mistake(islandFile, "repairs: 1", "repairs: 2", "4:55: 'repairs' is 2; it must be from 0 to 1"),
        Mistake(islandFile, "inspirations: 1, ", "", "6:12: 'inspirations' is missing"),
        Mistake(
            islandFile, "temperature: 1.5", "temperature: {from: 1, to: 0, period: 0}",
            "6:69: 'to' is 0.0; it must be from 0.001 to 1000.0\n"
                + "6:80: 'period' is 0; it must be from 1 to 1000000"),
        Mistake(
            islandFile, "selection: {", "selection: {pool: sedes, ",
            "6:19: 'pool' must be one of elites, seeds, latest, not 'sedes'; did you mean 'seeds'?"),
        Mistake(
            islandFile, "uniform: 0.25", "uniform: 0.25, tried: 21", "6:82: 'tried' is 21; it must be from 0 to 20"),
        Mistake(
            islandFile, "tree-mutation: 1", "tail-graft: -1",
            "3:15: 'tail-graft' is -1.0; it must be from 0.0 to 1000000.0"),
        Mistake(islandFile, "goals: [smoother, \"another tail\"]", "", "1:1: 'goals' is missing"),
        Mistake(islandFile, "parents: 2", "parents: 0", "6:22: 'parents' is 0; it must be from 1 to 20"),
        Mistake(
            islandFile, "selection: {parents: 2, inspirations: 1, temperature: 1.5, uniform: 0.25}", "selection: 3",
            "6:12: 'selection' must be a mapping of keys and values, not '3'"),
    ]

    private static let promptFile = "Islands/north/prompts/rewrite.md"
    static let prompt = [
        Mistake(promptFile, "{{rules}}", "{{rule}}", "1:8: unknown slot '{{rule}}'; did you mean 'rules'?"),
        Mistake(
            promptFile, "{{rules}}", "{{weather report}}",
            "1:8: unknown slot '{{weather report}}'; known slots: rules, limit, voice, instructions, parents, goal, functions, tried"
        ),
        Mistake(promptFile, "{{goal}}", "{{goal}", "3:1: this '{{' has no '}}' on its line"),
        Mistake(
            promptFile, "{{parents}}", "nothing",
            "4:1: the slot '{{parents}}' is missing: without it the model does not know what it is about"),
        Mistake(
            promptFile, "Seen: {{parents}}", "é {{parents}} {{errors}}",
            "2:15: unknown slot '{{errors}}'; known slots: rules, limit, voice, instructions, parents, goal, functions, tried"
        ),
        Mistake(
            "Islands/prompts/idea.md", "{{cell}}", "{{cost}}",
            "1:13: unknown slot '{{cost}}'; known slots: rules, limit, voice, instructions, parents, cell, functions, tried\n"
                + "2:1: the slot '{{cell}}' is missing: without it the model does not know what it is about"),
        Mistake(
            "Islands/prompts/system.md", "You", "{{rules}}", "1:1: unknown slot '{{rules}}'; there are none"),
    ]

    private static let modelsFile = "Islands/models.yaml"
    static let models = [
        Mistake(
            modelsFile, "form: local", "form: script",
            "2:9: 'form' must be one of local, chat, messages, not 'script'"),
        Mistake(
            modelsFile, "continues: true", "continues: false",
            "7:14: a grammar needs a server that goes on from the beginning of an answer: continues: true"),
        Mistake(
            modelsFile, "models/small.gguf", "../small.gguf",
            "3:16: 'path' must lead to a file below the folder local-model of the program's home"),
        Mistake(
            modelsFile, "bytes: 7", "sha256: 7f",
            "3:43: 'sha256' must be 64 digits and letters a to f, not '7f'"),
        Mistake(
            modelsFile, "  constraint: grammar\n  continues: true", "  constraint: gramar\n  continues: yes",
            "6:15: 'constraint' must be one of grammar, schema, text, not 'gramar'; did you mean 'grammar'?\n"
                + "7:14: 'continues' must be true or false, not 'yes'"),
        Mistake(
            modelsFile, "https://api.example.com/v1", "https://api.example.com/v1/",
            "13:9: 'base' must be an address such as https://api.example.com/v1, without a slash at its end"),
        Mistake(
            modelsFile, "https://api.example.com/v1", "https://me:secret@api.example.com/v1",
            "13:9: 'base' must hold no password: it is written into every run; name an environment variable as 'key'"),
        Mistake(
            modelsFile, "EXAMPLE_API_KEY", "sk-123",
            "14:8: 'key' must be the name of an environment variable, in capitals, such as OPENAI_API_KEY; never the key itself"
        ),
        Mistake(
            modelsFile, "[context, output, thinking, price]", "[context, output, thinking]",
            "18:10: 'price' has no source: name it in 'of' of one of the 'sources'"),
        Mistake(
            modelsFile, "[context, output, thinking, price]", "[context, output, thinking, prise, price]",
            "25:40: 'prise' is no key that has a source; did you mean 'price'?"),
        Mistake(
            modelsFile, "date: 2026-10-01", "date: October",
            "25:92: 'date' must be a date such as 2026-11-25, not 'October'"),
        Mistake(modelsFile, "  model: old\n", "", "28:3: 'model' is missing"),
    ]

    private static let suiteFile = "Fitness/small/suite.yaml"
    static let suite = [
        Mistake(
            suiteFile, "cost-limit: 50", "cost-limit: 0", "1:13: 'cost-limit' is 0.0; it must be from 1.0 to 1000000.0"),
        Mistake(
            suiteFile, "cost-limit: 50", "cost-limit: 50\nallow: layers",
            "2:8: 'allow' must be one of elementwise, layer, not 'layers'; did you mean 'layer'?"),
        Mistake(suiteFile, "train: 64, ", "", "2:9: 'train' is missing"),
        Mistake(suiteFile, "train: 64", "train: 8", "4:67: 'batch' is 16, more than the 8 training points of a task"),
        Mistake(suiteFile, "[8, 4]", "[8, wide]", "3:23: an item of 'hidden' must be a whole number, not 'wide'"),
        Mistake(suiteFile, "[8, 4]", "[0]", "3:20: an item of 'hidden' is 0; it must be from 1 to 4096"),
        Mistake(
            suiteFile, "optimiser: sgd", "optimiser: adm",
            "4:23: 'optimiser' must be one of adam, sgd, not 'adm'; did you mean 'adam'?"),
        Mistake(suiteFile, "steps: 10", "steps: 0", "4:78: 'steps' is 0; it must be from 1 to 10000000"),
        Mistake(
            suiteFile, "{tasks: 3, seeds: 1, margin: 1.5}", "{tasks: 4, seeds: 1, margin: 1.5}",
            "6:27: 'tasks' is 4, more than the 3 search tasks of the suite"),
        Mistake(
            suiteFile, "{tasks: 3, seeds: 1, margin: 1.5}", "{tasks: 0, seeds: 1, margin: 1.5}",
            "6:27: 'tasks' is 0; it must be from 1 to 10000"),
        Mistake(
            suiteFile, "{tasks: 3, seeds: 1, margin: 1.5}", "{tasks: 3, seeds: 3, margin: 1.5}",
            "6:37: 'seeds' is 3, more than the 2 of 'scoring'"),
        Mistake(
            suiteFile, "{tasks: 3, seeds: 1, margin: 1.5}",
            "{tasks: 3, seeds: 1, margin: 1.5}, {tasks: 2, seeds: 2, margin: 1.5}",
            "6:54: a stage must have more networks than the one before, and no fewer tasks or seeds"),
        Mistake(
            suiteFile, "confidence: 0.8", "confidence: 80",
            "6:78: 'confidence' is 80.0; it must be from 0.5 to 0.9999"),
        Mistake(
            suiteFile, "polynomials:", "polynomial:",
            "8:3: unknown key 'polynomial'; did you mean 'polynomials'?"),
        Mistake(suiteFile, "degree: 3", "degree: 0", "9:34: 'degree' is 0; it must be from 1 to 12"),
        Mistake(suiteFile, "{inputs: 2, ", "{", "9:14: 'inputs' is missing"),
        Mistake(
            suiteFile, "fourier: 4, ", "",
            "12:14: an item of 'harmonics' has either 'fourier' (terms) or 'sphere' (degree)"
        ),
        Mistake(
            suiteFile, "[I.12.1]", "[I.12.2]",
            "15:14: there is no Feynman equation 'I.12.2'; did you mean 'I.12.1'?"
        ),
        Mistake(
            suiteFile, "[I.6.2]", "[I.12.1]",
            "16:15: the task 'feynman/I.12.1' is listed twice; search and held-out tasks must all differ"),
        Mistake(suiteFile, "    heldout: [I.6.2]\n", "", "15:5: 'heldout' is missing"),
        Mistake(suiteFile, "[I.6.2]", "[]", "16:14: 'heldout' is an empty list; it needs at least one item"),
    ]

    private static let tableFile = "Fitness/feynman.csv"
    static let table = [
        Mistake(tableFile, "id,formula", "name,formula", "1:1: the first line must be 'id,formula,variables,low,high'"),
        Mistake(tableFile, ",1 1,5 5", ",1 1", "3:1: a row needs 5 fields (id, formula, variables, low, high)"),
        Mistake(
            tableFile, ",1 1,5 5", ",1,5 5", "3:1: 'I.12.1' needs one low and one high number for each of its variables"
        ),
        Mistake(tableFile, ",1 1,5 5", ",1 1,5 1", "3:1: 'I.12.1' has a low that is not below its high"),
        Mistake(tableFile, "I.12.1", "I.6.2", "3:1: the equation 'I.6.2' is listed twice"),
    ]
}
