import Foundation

/// A content folder whose runs end in seconds: two islands, six small tasks, a scripted model.
enum TinyContent {
    /// Writes it into the program's folder and points the program at it.
    static func install(in evolve: EvolveProgram, slots: Int = 24) throws -> EvolveProgram {
        for (path, text) in files(slots: slots) { _ = try evolve.write(text, to: "content/\(path)") }
        var program = evolve
        program.environment["EVOLVE_ROOT"] = evolve.folder.appending(path: "content").path
        program.environment["EVOLVE_HOME"] = evolve.folder.appending(path: "home").path
        return program
    }

    private static func files(slots: Int) -> [String: String] {
        let relu = "// ReLU\nfloat activation(float x) { return fmaxf(x, 0.0f); }\n"
        let gelu = "// GELU\nfloat activation(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678f)); }\n"
        let sine = "// x + sin x\nfloat activation(float x) { return x + sinf(x); }\n"
        return [
            "Runs/tiny.yaml": run(slots: slots),
            "Runs/answers.txt": answers,
            "Fitness/tiny/suite.yaml": suite,
            // The same but for its tasks.
            "Fitness/csv.yaml": String(suite[..<(suite.firstRange(of: "tasks:\n")?.lowerBound ?? suite.endIndex)]),
            "Fitness/feynman.csv": "id,formula,variables,low,high\nI.12.1,mu*Nn,mu Nn,1 1,5 5\n",
            "Fitness/library/gelu.c": gelu,
            "Fitness/library/relu.c": relu,
            "Islands/a/island.yaml": island,
            "Islands/models.yaml": "{}\n",
            "Islands/prompts/system.md": "You write C.\n",
            "Islands/prompts/rules.md": "Write a function.\n",
            "Islands/prompts/language.md": "Write a function.\n",
            "Islands/prompts/rewrite.md": "{{rules}}\n{{parents}}\n{{goal}}\n",
            "Islands/prompts/edit.md": "{{marked}}\n",
            "Islands/prompts/crossover.md": "{{parents}}\n",
            "Islands/prompts/idea.md": "{{parents}}\n{{cell}}\n",
            "Islands/prompts/simplify.md": "{{parents}}\n{{cost}}\n",
            "Islands/prompts/repair.md": "{{source}}\n{{errors}}\n",
            "Islands/a/voice.md": "",
            "Islands/a/seeds/gelu.c": gelu,
            "Islands/a/seeds/relu.c": relu,
            "Islands/b/island.yaml": island,
            "Islands/b/voice.md": "Be brief.\n",
            "Islands/b/seeds/gelu.c": gelu,
            "Islands/b/seeds/sine.c": sine,
        ]
    }

    private static func run(slots: Int) -> String {
        """
        suite: tiny
        islands: [a, b]
        literature: [gelu, relu]
        topology: ring
        migration-interval: 4
        slots: \(slots)
        lookahead: 6
        seed: 5
        models: [{script: answers.txt}]
        retest: {share: 0.2, seeds: 1, most: 4}
        verification: {candidates: 2, retest-seeds: 2, heldout-seeds: 2, rates: [0.5, 1]}

        """
    }

    /// Enough answers for any run of these tests: functions, prose and nonsense.
    private static let answers = (0..<120).map { index in
        switch index % 6 {
        case 0: "I would rather not."
        case 1: "float activation(float x) { return sine(x); }"
        default:
            "Sure!\n```c\n// ripple \(index)\nfloat activation(float x) {\n    return x * sigmoid(x) + 0.\(index + 10)f * sinf(x);\n}\n```"
        }
    }.joined(separator: "\n---\n")

    private static let island = """
        operators:
          model-rewrite: 1
          tree-mutation: 1
          tree-crossover: 0.5
        sampling: {temperature: 0.8, max-tokens: 100, repairs: 1}
        goals: [better, other]
        grammar: {functions: 5, numbers: 6, forms: 3, lines: 2}
        selection: {parents: 2, inspirations: 1, temperature: 1.0, uniform: 0.2}

        """

    private static let suite = """
        cost-limit: 300
        points: {train: 64, in-distribution: 64, out-of-distribution: 64}
        network: {hidden: [8, 8]}
        training: {optimiser: adam, rate: 3e-3, schedule: cosine, batch: 32, steps: 60}
        scoring: {seeds: 1, clip: 20}
        racing: {stages: [{tasks: 2, seeds: 1, margin: 6}], rivals: 3, confidence: 0.9}
        tasks:
          polynomials:
            search: [{inputs: 1, degree: 3, seed: 1}, {inputs: 2, degree: 2, seed: 2}]
            heldout: [{inputs: 1, degree: 2, seed: 3}]
          harmonics:
            search: [{fourier: 2, seed: 1}, {sphere: 2, seed: 2}]
            heldout: [{sphere: 3, seed: 3}]

        """
}
