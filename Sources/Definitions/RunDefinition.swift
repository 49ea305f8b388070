import Engine
import Foundation
import Population

/// The content of Runs/NAME.yaml, before its names are followed.
///
/// | key | meaning |
/// |---|---|
/// | suite | folder under Fitness, or the path of a .yaml file from the run's folder |
/// | islands | list of folders under Islands, each once; the ring follows this order |
/// | literature | list of files of Fitness/library, each once, gelu among them: what a champion is shown beside |
/// | topology | ring, star (the first island is the middle) or isolated |
/// | migration-interval | slots of an island between two sendings, 0 = never |
/// | reset-interval | optional; slots of the run after which the worse half of the islands begins anew, from 1 |
/// | slots | proposals in all, seeds included, from 1 |
/// | lookahead | slots planned ahead of the last committed one, from 1 |
/// | seed | whole number from 0 |
/// | max-minutes | optional; ends the search at a slot boundary |
/// | training-steps | optional; ends the search at the slot boundary where so many optimiser steps have been spent on candidates |
/// | retest.share | share of the slots that re-test an elite with fresh seeds instead of proposing, 0 ... 0.9 |
/// | retest.seeds, most | fresh seeds per search task in one such re-test, and in all |
/// | models | list; an item is a name of Islands/models.yaml, or {name, tokens, requests, dollars} with what it may cost at most, or {script: FILE} with answers, relative to the run's file |
/// | budget | optional: {tokens, requests, dollars} that all models together may cost at most |
/// | bandit | optional: {most, memory, steps-per-token, steps-per-dollar}; without it operators and models are used as the islands say |
/// | verification.candidates | best candidates of the search that are re-tested |
/// | verification.retest-seeds, heldout-seeds | fresh seeds per task |
/// | verification.rates | ascending multiples of the suite's learning rate, 1 among them, of which each side of a duel takes its best |
struct RunDefinition {
    enum SuiteSource {
        case named(String)
        case file(URL)
    }

    var suite: SuiteSource
    var islands: [String]
    var literature: [String]
    var topology: Topology
    var migrationInterval: Int
    var resetInterval: Int?
    var slots: Int
    var lookahead: Int
    var seed: UInt64
    var maxMinutes: Double?
    var trainingSteps: Int?
    var retest: RetestPolicy
    var models: ModelPolicy
    var bandit: BanditPolicy?
    var verification: RunPolicy.VerificationPolicy

    static func read(_ text: String, at url: URL, file: String, content: ContentFolder) throws -> RunDefinition {
        let known = try ModelsDefinition.load(from: content)
        return try YAMLNode.read(text, problems: DefinitionProblems(file: file)) { keys in
            RunDefinition(
                suite: suite(keys.required("suite"), url.deletingLastPathComponent(), content),
                islands: names(
                    keys.required("islands"), known: content.folders(in: "Islands", with: "island.yaml"),
                    noun: "island", plural: "islands"),
                literature: literature(keys.required("literature"), content: content),
                topology: keys.required("topology").choice(standIn: .ring),
                migrationInterval: keys.required("migration-interval").int(0...1_000_000),
                resetInterval: keys.optional("reset-interval")?.int(1...1_000_000),
                slots: keys.required("slots").int(1...10_000_000),
                lookahead: keys.required("lookahead").int(1...10_000),
                seed: keys.required("seed").seed(),
                maxMinutes: keys.optional("max-minutes")?.double(0.01...1_000_000),
                trainingSteps: keys.optional("training-steps")?.int(1...1_000_000_000_000),
                retest: keys.required("retest").mapping { keys in
                    RetestPolicy(
                        share: keys.required("share").double(0...0.9), seeds: keys.required("seeds").int(1...1_000),
                        most: keys.required("most").int(1...10_000))
                },
                models: ModelsSection(known: known, folder: url.deletingLastPathComponent()).read(keys),
                bandit: keys.optional("bandit")?.mapping { keys in
                    BanditPolicy(
                        most: keys.required("most").double(1...1_000),
                        memory: keys.required("memory").double(1...1_000_000),
                        stepsPerToken: keys.required("steps-per-token").double(0...1_000_000_000),
                        stepsPerDollar: keys.required("steps-per-dollar").double(0...1_000_000_000_000))
                },
                verification: keys.required("verification").mapping { keys in
                    RunPolicy.VerificationPolicy(
                        candidates: keys.required("candidates").int(1...1_000),
                        retestSeeds: keys.required("retest-seeds").int(1...1_000),
                        heldoutSeeds: keys.required("heldout-seeds").int(1...1_000),
                        rates: rates(keys.required("rates")))
                })
        }
    }

    private static func suite(_ node: YAMLNode, _ folder: URL, _ content: ContentFolder) -> SuiteSource {
        guard node.isPath else {
            let known = content.folders(in: "Fitness", with: "suite.yaml")
            return .named(node.name(among: known, noun: "suite", plural: "suites") ?? "")
        }
        let path = node.text()
        let file = path.hasPrefix("/") ? URL(fileURLWithPath: path) : folder.appendingPathComponent(path)
        if !FileManager.default.fileExists(atPath: file.path) { node.reject("there is no file '\(path)'") }
        return .file(file)
    }

    /// A list of names, each known and listed once.
    private static func names(_ node: YAMLNode, known: [String], noun: String, plural: String) -> [String] {
        var names: [String] = []
        for item in node.list() {
            guard let name = item.name(among: known, noun: noun, plural: plural) else { continue }
            if names.contains(name) { item.reject("the \(noun) '\(name)' is listed twice") }
            names.append(name)
        }
        return names
    }

    private static func rates(_ node: YAMLNode) -> [Double] {
        var rates: [Double] = []
        for item in node.list() {
            let rate = item.double(1e-3...1e3)
            // What was out of range has been reported, and stands in as the least.
            if let last = rates.last, rate <= last, rate > 1e-3 {
                item.reject(
                    rate == last ? "\(rate) is listed twice" : "'rates' must ascend: \(rate) comes after \(last)")
            }
            rates.append(rate)
        }
        if !rates.isEmpty, !rates.contains(1) { node.reject("'rates' must have 1, the suite's own learning rate") }
        return rates
    }

    private static func literature(_ node: YAMLNode, content: ContentFolder) -> [String] {
        let names = names(
            node, known: content.names(in: DefinitionLoader.library, ending: ".c"), noun: "activation",
            plural: "activations")
        if !names.contains(RunPolicy.reference) {
            node.reject("'literature' must list \(RunPolicy.reference), the reference of all gains")
        }
        return names
    }
}
