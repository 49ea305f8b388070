import EvolveTypes
import Mutation
import Population

/// The content of Islands/NAME: island.yaml, voice.md, seeds/*.c, and prompts/KIND.md where the island's texts are not those of
/// Islands/prompts.
///
/// | key of island.yaml | meaning |
/// |---|---|
/// | operators | relative weights, by name (`VariationOperator.proposing`); those left out are never used |
/// | goals | list of what a rewrite or an edit may be asked for; must be there when one of them has a weight |
/// | instructions | optional: file of the folder with what earlier runs teach (`InstructionList`), for prompts that name the slot |
/// | sampling.temperature | of the language model, 0 ... 2, or {from, to, period}: from one to the other in so many slots of the island, and anew |
/// | sampling.max-tokens | longest answer |
/// | sampling.repairs | further questions after an answer that cannot be used, 0 or 1 |
/// | grammar.functions, numbers, forms | what the grammar offers in one slot, drawn anew for each: at most so many |
/// | grammar.lines | most lines before the return statement, 0 ... 4 |
/// | selection.pool | optional: elites (when left out), seeds (best-of-n) or latest (sequential) |
/// | selection.parents | parents of a rewrite or an idea, 1 ... 20 |
/// | selection.inspirations | further elites shown to a model, unlike the parents, 0 ... 20 |
/// | selection.temperature | softmax over gains, in decibels: small = greedy; a number or {from, to, period} |
/// | selection.uniform | share of parents drawn uniformly, 0 ... 1 |
/// | selection.tried | optional: motifs that were proposed most often of late and that a model is told of, 0 (none, as when left out) ... 20 |
/// | selection.likeness | optional: cells (when left out) or behaviour: what tells how unlike elites are that a model is shown, and which are next to an empty cell |
/// | novelty | optional: what is nearer to a candidate before it, as a share of the size of both, 0 ... 1, is asked for or drawn anew |
/// | reach | optional: what a tree operator makes is drawn anew if it is farther from its parents, as a share of the size of both, 0.001 ... 2 |
/// | tuning.trials, networks | sets of numbers that one constant tuning tries, and networks trained in each; there exactly when the operators include it |
enum IslandDefinition {
    static func load(_ name: String, from content: ContentFolder) throws -> IslandPolicy {
        let folder = "Islands/\(name)"
        let yaml = try content.text("\(folder)/island.yaml")
        let definition = try read(yaml, file: "\(folder)/island.yaml", name: name)
        var policy = definition.policy
        if policy.operators.contains(where: { $0.kind.asksModel && $0.weight > 0 }) {
            try require(
                "\(folder)/voice.md", in: content, "an island whose operators ask a model has one; it may be empty")
            policy.voice = try content.text("\(folder)/voice.md")
            for kind in PromptKind.allCases {
                let own = "\(folder)/prompts/\(kind.rawValue).md"
                let file = content.exists(own) ? own : "\(PromptSlots.folder)/\(kind.rawValue).md"
                let text = try content.text(file)
                try PromptSlots.check(text, kind, file: file)
                policy.prompts[kind] = text
            }
            if let list = definition.instructions {
                try require(
                    "\(folder)/\(list)", in: content,
                    "island.yaml names it under 'instructions'; `evolve distill STORE -o FILE` makes one")
                policy.instructions = try InstructionList.load("\(folder)/\(list)", for: policy, from: content)
            }
        }
        if policy.selection.tried != nil,
            !policy.prompts.values.contains(where: { $0.contains(Prompt.Slot.tried.marker) })
        {
            throw Failure(
                .badInput,
                "\(folder)/island.yaml: 'tried' is told through the slot '\(Prompt.Slot.tried.marker)', which no prompt of "
                    + "this island has")
        }
        policy.seeds = try DefinitionLoader.programs(in: "\(folder)/seeds", of: content)
        if policy.seeds.isEmpty {
            throw Failure(.badInput, "\(folder)/seeds has no .c file: an island starts from at least one program")
        }
        return policy
    }

    private static func require(_ path: String, in content: ContentFolder, _ why: String) throws {
        guard content.exists(path) else { throw Failure(.badInput, "there is no file \(path): \(why)") }
    }

    /// - Returns: also the name of the file of instructions.
    private static func read(
        _ text: String, file: String, name: String
    ) throws -> (policy: IslandPolicy, instructions: String?) {
        try YAMLNode.read(text, problems: DefinitionProblems(file: file)) { keys in
            var policy = IslandPolicy(
                name: name, seeds: [], prompts: [:],
                operators: keys.required("operators").mapping(operators),
                sampling: keys.required("sampling").mapping { keys in
                    IslandPolicy.Sampling(
                        temperature: schedule(keys.required("temperature"), 0...2),
                        maxTokens: keys.required("max-tokens").int(1...100_000),
                        repairs: keys.required("repairs").int(0...1))
                },
                grammar: keys.required("grammar").mapping { keys in
                    IslandPolicy.Grammar(
                        functions: keys.required("functions").int(1...1_000),
                        numbers: keys.required("numbers").int(1...1_000),
                        forms: keys.required("forms").int(1...1_000), lines: keys.required("lines").int(0...4))
                },
                selection: keys.required("selection").mapping { keys in
                    IslandPolicy.Selection(
                        pool: keys.optional("pool")?.choice(standIn: .elites) ?? .elites,
                        parents: keys.required("parents").int(1...20),
                        inspirations: keys.required("inspirations").int(0...20),
                        temperature: schedule(keys.required("temperature"), 0.001...1_000),
                        uniform: keys.required("uniform").double(0...1),
                        tried: keys.optional("tried").map { $0.int(0...20) }.flatMap { $0 == 0 ? nil : $0 },
                        likeness: keys.optional("likeness")?.choice(standIn: .cells))
                })
            policy.tuning = tuning(keys, of: policy.operators)
            policy.novelty = keys.optional("novelty")?.double(0...1)
            policy.reach = keys.optional("reach")?.double(0.001...2)
            if policy.operators.contains(where: {
                [.modelRewrite, .modelEdit].contains($0.kind) && $0.weight > 0
            }) {
                policy.goals = keys.required("goals").list().map { $0.text() }
            } else {
                _ = keys.optional("goals")?.list()
            }
            return (policy, keys.optional("instructions").map(InstructionList.name))
        }
    }

    private static func schedule(_ node: YAMLNode, _ range: ClosedRange<Double>) -> Schedule {
        guard node.isMapping else { return Schedule(constant: node.double(range)) }
        return node.mapping { keys in
            Schedule(
                from: keys.required("from").double(range), to: keys.required("to").double(range),
                period: keys.required("period").int(1...1_000_000))
        }
    }

    private static func tuning(
        _ keys: YAMLMapping, of operators: [IslandPolicy.OperatorShare]
    ) -> IslandPolicy.Tuning? {
        let name = VariationOperator.constantTuning.rawValue
        guard operators.contains(where: { $0.kind == .constantTuning && $0.weight > 0 }) else {
            let unused = keys.optional("tuning")
            if keys.isSoundSoFar {
                unused?.reject("'tuning' belongs to the operator \(name), which has no weight here")
            } else {
                // It is not known whether it is of use, nor worth reading.
                unused?.mapping { $0.acceptAll() }
            }
            return nil
        }
        return keys.required("tuning").mapping { keys in
            IslandPolicy.Tuning(
                trials: keys.required("trials").int(2...10_000), networks: keys.required("networks").int(1...1_000))
        }
    }

    private static func operators(_ keys: YAMLMapping) -> [IslandPolicy.OperatorShare] {
        let shares = VariationOperator.proposing.compactMap { kind in
            keys.optional(kind.rawValue).map { node in
                IslandPolicy.OperatorShare(kind: kind, weight: node.double(0...1_000_000))
            }
        }
        if keys.isSoundSoFar, shares.reduce(0, { $0 + $1.weight }) <= 0 {
            keys.reject("the weights of 'operators' sum to 0; give at least one operator a positive weight")
        }
        return shares
    }
}
