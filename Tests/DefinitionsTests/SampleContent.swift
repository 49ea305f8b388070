import Definitions
import EvolveTypes
import Foundation
import Testing

/// A small valid content folder in a temporary place; a test spoils one thing in it.
final class SampleContent {
    let root: URL

    init() throws {
        root = URL(fileURLWithPath: NSTemporaryDirectory() + "evolve-content-" + UUID().uuidString)
        for (path, text) in Self.files { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var loader: DefinitionLoader { DefinitionLoader(root: root) }

    func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

    func write(_ bytes: Data, to path: String) throws {
        let url = root.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: url)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: root.appendingPathComponent(path)) }

    /// Replaces the one place where `old` stands in the file.
    func replace(_ old: String, with new: String, in path: String) throws {
        let text = try #require(Self.files[path])
        #expect(text.components(separatedBy: old).count == 2, "'\(old)' must stand once in \(path)")
        try write(text.replacingOccurrences(of: old, with: new), to: path)
    }

    /// What a person is told when the run is loaded; nil when it loads.
    func complaint() -> String? {
        do {
            _ = try loader.run(named: "sample")
            return nil
        } catch let failure as Failure {
            return failure.kind == .badInput ? failure.message : "\(failure.kind): \(failure.message)"
        } catch {
            return "not a Failure: \(error)"
        }
    }

    static let files = [
        "Runs/sample.yaml": """
        # A sample.
        suite: small
        islands: [north, south]
        topology: ring
        migration-interval: 5
        slots: 30
        lookahead: 4
        seed: 18446744073709551615
        max-minutes: 2.5
        models: [small-local]
        verification: {candidates: 2, retest-seeds: 3, heldout-seeds: 4, rates: [0.5, 1]}
        literature: [gelu]
        retest: {share: 0.25, seeds: 1, most: 6}

        """,
        "Islands/north/island.yaml": """
        operators:
          model-rewrite: 0.5
          tree-mutation: 1
        sampling: {temperature: 0.7, max-tokens: 99, repairs: 1}
        grammar: {functions: 6, numbers: 5, forms: 4, lines: 3}
        selection: {parents: 2, inspirations: 1, temperature: 1.5, uniform: 0.25}
        goals: [smoother, "another tail"]

        """,
        "Islands/north/voice.md": "Think of the north.\n",
        "Islands/north/prompts/rewrite.md": "Rules: {{rules}}\nSeen: {{parents}}\n{{goal}}\n",
        "Islands/prompts/system.md": "You write C.\n",
        "Islands/prompts/rules.md": "Short rules. {{limit}}\n",
        "Islands/prompts/language.md": "Long rules. {{limit}}\n",
        "Islands/prompts/rewrite.md": "Not the north's: {{parents}}\n",
        "Islands/prompts/edit.md": "{{marked}}\n",
        "Islands/prompts/crossover.md": "{{voice}} {{parents}}\n",
        "Islands/prompts/idea.md": "{{parents}} {{cell}}\n",
        "Islands/prompts/simplify.md": "{{parents}} {{cost}}\n",
        "Islands/prompts/repair.md": "{{source}} {{errors}}\n",
        "Islands/models.yaml": """
        small-local:
          form: local
          file: {path: models/small.gguf, bytes: 7, quantisation: Q8_0, memory-mib: 9}
          context: 1000
          price: {input: 0, output: 0}
          constraint: grammar
          continues: true
          sources:
            - {of: [file, context, price, constraint], source: "own choice", date: 2026-11-25}
        large-chat:
          form: chat
          model: vendor/large
          base: https://api.example.com/v1
          key: EXAMPLE_API_KEY
          context: 128000
          output: 4096
          thinking: 900
          price: {input: 0.5, output: 2}
          constraint: schema
          continues: false
          omits: [stop, temperature]
          limit: max_completion_tokens
          licence: {name: Community, attribution: Built with Large, obligations: [show it, "name it"]}
          sources:
            - {of: [context, output, thinking, price], source: "https://example.com/prices", date: 2026-10-01}
            - {of: [constraint, omits, licence], source: "https://example.com/docs", date: 2026-10-02}
        gone-messages:
          form: messages
          model: old
          base: https://api.example.org/v1
          context: 9000
          constraint: text
          continues: false
          retired: 2026-03-09
          sources:
            - {of: [context, constraint, retired], source: "a notice", date: 2026-01-01}
        dear-chat:
          form: chat
          model: dear
          base: http://127.0.0.1:9/v1
          context: 9000
          constraint: text
          continues: false
          sources:
            - {of: [context, constraint], source: "a notice", date: 2026-01-01}

        """,
        "Islands/north/seeds/relu.c": "float activation(float x) { return fmaxf(x, 0.0f); }\n",
        "Islands/north/seeds/elu.c": "float activation(float x) { return x > 0 ? x : expm1f(x); }\n",
        "Islands/north/seeds/notes.txt": "not a program\n",
        "Islands/south/island.yaml": """
        operators: {tree-crossover: 1}
        sampling: {temperature: {from: 1, to: 0.5, period: 20}, max-tokens: 10, repairs: 0}
        grammar: {functions: 1, numbers: 1, forms: 1, lines: 0}
        selection: {pool: latest, parents: 1, inspirations: 0, temperature: 1, uniform: 0}

        """,
        "Islands/south/seeds/sin.c": "float activation(float x) { return sinf(x); }\n",
        "Fitness/small/suite.yaml": """
        cost-limit: 50
        points: {train: 64, in-distribution: 32, out-of-distribution: 16}
        network: {hidden: [8, 4]}
        training: {optimiser: sgd, rate: 3e-3, schedule: constant, batch: 16, steps: 10}
        scoring: {seeds: 2, clip: 20}
        racing: {stages: [{tasks: 3, seeds: 1, margin: 1.5}], rivals: 2, confidence: 0.8}
        tasks:
          polynomials:
            search: [{inputs: 2, degree: 3, seed: 7}]
            heldout: [{inputs: 1, degree: 2, seed: 8}]
          harmonics:
            search: [{fourier: 4, seed: 1}]
            heldout: [{sphere: 2, seed: 1}]
          feynman:
            search: [I.12.1]
            heldout: [I.6.2]

        """,
        "Fitness/feynman.csv": """
        id,formula,variables,low,high
        I.6.2,exp(-(theta/sigma)**2/2),sigma theta,1 0.5,3 3.5
        I.12.1,mu*Nn,mu Nn,1 1,5 5

        """,
        "Fitness/library/gelu.c": "float activation(float x) { return gelu(x); }\n",
        "Fitness/library/relu.c": "float activation(float x) { return relu(x); }\n",
    ]
}
