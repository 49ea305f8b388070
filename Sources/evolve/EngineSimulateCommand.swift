import ArgumentParser
import Engine
import EvolveTypes
import Foundation
import Population
import Simulation

/// `evolve engine-simulate`: a cluster in virtual time, or a search with played training. For
/// `scripts/bench/simulation`.
struct EngineSimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-simulate", abstract: "Simulate many workers, or a search; print JSON.",
        shouldDisplay: false, subcommands: [Cluster.self, Search.self])

    /// What both take from a run's definition.
    struct Choices: ParsableArguments {
        @Option(help: "The run whose islands, suite and re-tests are used.")
        var run = "lab"

        @Option(help: "Slots in all.")
        var slots: Int

        @Option(help: "Lookahead of the run.")
        var lookahead: Int

        @Option(help: "Seed of the run.")
        var seed: UInt64 = 1

        func policy() throws -> RunPolicy {
            var policy = try Installation().loader.run(named: run).policy
            (policy.slots, policy.lookahead, policy.seed) = (slots, lookahead, seed)
            return policy
        }

        func validate() throws {
            if slots < 1 || lookahead < 1 { throw ValidationError("--slots and --lookahead must be at least 1.") }
        }
    }

    struct Cluster: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A run on many workers, in virtual time.")

        @OptionGroup var choices: Choices

        @Option(help: "JSON: what slots take.")
        var times: String

        @Option(help: "Workers, one slot at a time each.")
        var workers: Int

        @Option(help: "Failures of a worker in an hour.")
        var failures = 0.05

        @Option(help: "Seconds after which a silent worker is taken for dead.")
        var lease = Rhythm.cluster.lease

        struct Report: Encodable {
            var outcome: ClusterOutcome
            /// Wall-clock seconds that the simulation took.
            var wall: Double
        }

        func run() throws {
            let times = try JSONDecoder().decode(SlotTimes.self, from: Data(contentsOf: URL(fileURLWithPath: times)))
            var policy = try choices.policy()
            // What is played needs no more, and further tasks and rivals only make records longer.
            policy.suite.tasks = policy.suite.taskIndices(in: .search).prefix(1).map { policy.suite.tasks[$0] }
            policy.suite.racing.rivals = 0
            // Played gains teach nothing about operators.
            policy.bandit = nil
            let begin = ContinuousClock.now
            var simulation = try ClusterSimulation(
                policy: policy, times: times,
                cluster: ClusterSettings(
                    workers: workers, failuresPerHour: failures, rhythm: Rhythm(lease: lease), seed: choices.seed))
            let outcome = try simulation.run()
            try Output.jsonLine(Report(outcome: outcome, wall: (ContinuousClock.now - begin) / .seconds(1)))
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "A search with played training.")

        @OptionGroup var choices: Choices

        @Option(help: "Number of the hidden target.")
        var target: Int

        @Option(help: "Look after this many slots.")
        var mark: [Int]

        func run() async throws {
            var policy = try choices.policy()
            for index in policy.islands.indices {
                policy.islands[index].operators.removeAll { $0.kind.asksModel || $0.kind == .constantTuning }
            }
            let training = PlayedTraining(suite: policy.suite, seed: policy.seed, target: target)
            let trial = try SearchTrial(policy: policy, evaluator: training)
            try Output.jsonLine(
                try await trial.run(marks: mark).map { try Report($0, training, trial) })
        }

        struct Report: Encodable {
            var slots: Int
            /// Of the candidate that the run believes to be the best, without noise, in decibels.
            var champion: Double
            /// Of the best of all that were trained to the end.
            var best: Double
            /// Slots so far whose candidate was trained to the end.
            var scored: Int

            init(_ checkpoint: SearchTrial.Checkpoint, _ training: PlayedTraining, _ trial: SearchTrial) throws {
                slots = checkpoint.slots
                champion =
                    try checkpoint.population.contenders(1).first
                    .flatMap { training.truth(of: try trial.compiled($0).fingerprint) } ?? 0
                best = checkpoint.scored.compactMap(training.truth).max() ?? 0
                scored = checkpoint.scored.count
            }
        }
    }
}
