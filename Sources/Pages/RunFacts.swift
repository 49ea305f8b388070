import Engine
import EvolveTypes
import Foundation
import Population
import Reporting
import RunStore

/// What stands at the top of a page and at its foot.
extension RunPage {
    static func facts(_ summary: RunSummary, _ run: RunReader, seconds: Double?) -> [Fact] {
        let begun = run.manifest.createdAt.formatted(.iso8601.dateTimeSeparator(.space)).prefix(16)
        return [
            Fact(
                name: "slots",
                value: "\(Figures.count(summary.slots.committed)) of \(Figures.count(summary.slots.total))"
                    + (summary.ended.map { "; \($0)" } ?? "")),
            Fact(name: "begun", value: "\(begun) UTC"),
            Fact(name: "worked on for", value: seconds.map { $0 > 0 ? Figures.duration($0) : "" } ?? ""),
            Fact(name: "training", value: "\(Figures.count(summary.trainingSteps)) optimiser steps on candidates"),
            Fact(name: "suite", value: run.policy.suite.name),
            Fact(name: "models", value: run.history.everything.map(\.name).sorted().joined(separator: ", ")),
            Fact(name: "seed", value: "\(summary.seed)"),
        ].filter { !$0.value.isEmpty }
    }

    static func settings(_ policy: RunPolicy) -> [Fact] {
        let suite = policy.suite
        let search = suite.tasks.filter { $0.split == .search }
        let heldout = suite.tasks.filter { $0.split == .heldout }
        let hidden = suite.network.hidden.map(String.init).joined(separator: ", ")
        let training = suite.training
        let stages = suite.racing.stages.map {
            "\(Figures.count($0.tasks, "task")) × \(Figures.count($0.seeds, "seed")), out at \(Figures.plain($0.margin)) dB behind"
        }
        let verification = policy.verification
        let points = suite.points
        return [
            Fact(
                name: "tasks",
                value: "\(search.count) to search on, \(heldout.count) held out; families: "
                    + Set(suite.tasks.map(\.family)).sorted().joined(separator: ", ")),
            Fact(
                name: "data",
                value:
                    "\(Figures.count(points.train)) points to train on, \(Figures.count(points.inDistribution)) to "
                    + "test inside their range, \(Figures.count(points.outOfDistribution)) outside"),
            Fact(name: "network", value: "hidden layers of \(hidden) units"),
            Fact(
                name: "training",
                value:
                    "\(training.optimiser.rawValue), rate \(Figures.plain(training.rate)) (\(training.schedule.rawValue)), "
                    + "\(Figures.count(training.steps)) steps of \(training.batch) samples"),
            Fact(
                name: "gain",
                value:
                    "10·log10(loss of GELU / loss), outside the training range, the same data and initial weights for "
                    + "both; clipped at ±\(Figures.plain(suite.scoring.clip)) dB; mean over tasks, \(suite.scoring.seeds) "
                    + "seeds each"),
            Fact(name: "race", value: stages.isEmpty ? "none" : stages.joined(separator: "; ")),
            Fact(name: "cost limit", value: "\(Figures.plain(suite.costLimit)) operations per element"),
            Fact(
                name: "verification",
                value:
                    "\(verification.candidates) candidates again with \(verification.retestSeeds) fresh seeds a search task; "
                    + "champions with \(verification.heldoutSeeds) fresh seeds a held-out task; learning rates "
                    + verification.rates.map(Figures.multiple).joined(separator: ", ") + " the suite's"),
            Fact(
                name: "islands",
                value: policy.islands.map(\.name).joined(separator: ", ")
                    + "; migration: \(policy.topology.rawValue)"
                    + (policy.migrationInterval > 0 ? ", every \(policy.migrationInterval) slots of an island" : "")),
            Fact(
                name: "lookahead",
                value: "\(policy.lookahead): slot k is planned when slot k − \(policy.lookahead) is there"),
        ]
    }

    // MARK: - Files

    /// Bytes of a file that are shown: a page is to be read.
    private static let longest = 262_144
    /// The same of the policy, which holds all that the run was.
    private static let longestPolicy = 4_194_304

    static func documents(_ run: RunReader) throws -> [Document] {
        let policy = try JSONSerialization.jsonObject(with: run.manifest.policy)
        let pretty = try JSONSerialization.data(
            withJSONObject: policy, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let files = run.manifest.definitions.enumerated().map { place, file in
            document("file-\(place)", "\(file.path), SHA-256 \(file.sha256)", file.bytes, most: longest)
        }
        return files + [document("policy", "All that was resolved of them", pretty, most: longestPolicy)]
    }

    private static func document(_ anchor: String, _ title: String, _ bytes: Data, most: Int) -> Document {
        let text = String(decoding: bytes.prefix(most), as: UTF8.self).replacing("\r\n", with: "\n")
        let omission =
            bytes.count > most
            ? "The first \(Figures.count(most)) of \(Figures.count(bytes.count)) bytes; the store has all of them."
            : nil
        return Document(anchor: anchor, title: title, omission: omission, text: text)
    }

    // MARK: - Commands

    static func commands(_ summary: RunSummary, _ run: RunReader, store: String, command: String) -> [Command] {
        var commands = [
            Command(
                what: summary.phase == .complete
                    ? "The run again, with the answers that it recorded: no model is asked, and the digest is compared"
                    : "The run so far again, with the answers that it recorded: no model is asked",
                line: "\(command) run \(ShellWord.quoted(summary.name)) --replay \(store)"),
            Command(
                what:
                    "The experiment anew, from the definitions as they are now; name models and suite again, if they were chosen on the "
                    + "command line",
                line: "\(command) \(anew(run))"),
            Command(what: "The summary in a terminal", line: "\(command) inspect \(store)"),
            Command(
                what: "More of it: lineage, islands, front, tail, or the journal, slot by slot",
                line: "\(command) inspect \(store) journal"),
        ]
        if summary.champion != nil {
            commands.append(Command(what: "The champion's card", line: "\(command) inspect \(store) champion"))
            commands.append(
                Command(
                    what: "The champion for PyTorch", line: "\(command) export \(store) --to pytorch -o champion.py"))
        }
        if summary.phase != .complete {
            commands.append(Command(what: "Go on with it", line: "\(command) resume \(store)"))
        }
        return commands
    }

    /// With what may have been chosen on the command line.
    private static func anew(_ run: RunReader) -> String {
        let policy = run.policy
        var words = ["run", ShellWord.quoted(policy.name), "--seed \(policy.seed)", "--slots \(policy.slots)"]
        if let minutes = policy.maxMinutes { words.append("--max-minutes \(Figures.plain(minutes))") }
        return words.joined(separator: " ")
    }
}
