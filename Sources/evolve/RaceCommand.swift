import ActivationCompiler
import ActivationIR
import ArgumentParser
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population

/// `evolve race`: runs candidates whose gains are known through the race, in their order, with the elites that the population
/// would have had, and says what the race would have spent and kept. Done several times, each with other seeds as those that a
/// run would have used; the rest then says what is true. For `scripts/measure/racing`.
struct RaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "race", abstract: "Replay races of candidates with known gains.", shouldDisplay: false)

    @Argument(help: "JSON: slot, island, source and gains [search task][seed] of each candidate.")
    var table: String

    @Option(help: "Races of each kind: so many of the first seeds take their turn as those that a run would have used.")
    var repeats = 8

    @Option(help: "The suite that the gains are of.")
    var suite = "lab"

    struct Entrant: Decodable {
        var slot: Int
        var island: String
        var source: String
        var gains: [[Double]]
    }

    struct Row: Encodable {
        var racing: SuitePolicy.Racing
        /// Networks trained, over those of full evaluations; the mean over the races.
        var steps: Double
        /// Of the best twentieth by truth, how many were trained to the end, in each race.
        var kept: [Int]
        var best: Int
    }

    func run() throws {
        let policy = try Installation().loader.suite(nameOrFile: suite)
        let entrants = try JSONDecoder().decode([Entrant].self, from: Data(contentsOf: URL(fileURLWithPath: table)))
            .sorted { $0.slot < $1.slot }
        let tracks = try (0..<repeats).map { try RaceTrack(policy, entrants, turn: $0, of: repeats) }
        try Output.json(
            Self.settings(policy).map { racing in
                let results = tracks.map { $0.race(racing) }
                return Row(
                    racing: racing, steps: Scoring.mean(results.map(\.steps)), kept: results.map(\.kept),
                    best: max(1, entrants.count / 20))
            })
    }

    /// The suite's own race first, then others about it.
    private static func settings(_ suite: SuitePolicy) -> [SuitePolicy.Racing] {
        let tasks = suite.taskIndices(in: .search).count
        func stages(_ shares: [Double], _ margins: [Double]) -> [SuitePolicy.Racing.Stage] {
            zip(shares, margins).map { share, margin in
                SuitePolicy.Racing.Stage(
                    tasks: max(1, Int((Double(tasks) * share).rounded())), seeds: 1, margin: margin)
            }
        }
        let plans: [(shares: [Double], margins: [[Double]])] = [
            ([0.25], [[1], [2]]),
            ([0.25, 0.5], [[1, 1], [1, 0.5]]),
            ([0.25, 0.5, 1], [[2, 2, 2], [1, 1, 1], [0.5, 0.5, 0.5], [1.5, 0.75, 0.25], [1, 0.5, 0.25]]),
            (
                [0.09, 0.25, 0.5, 1],
                [
                    [4, 2, 1, 0.5], [3, 1.5, 1, 0.5], [3, 1.5, 0.75, 0.25], [2.5, 1, 0.5, 0.25], [2, 1, 0.5, 0.25],
                    [2.5, 1, 0.5, 0], [1, 0.75, 0.5, 0.25],
                ]
            ),
        ]
        let rivals: [(Int, Double)] = [
            (0, 0.9), (1, 0.8), (1, 0.95), (2, 0.8), (4, 0.8), (4, 0.95), (8, 0.8), (8, 0.95),
        ]
        var all = [suite.racing]
        for plan in plans {
            for margins in plan.margins {
                for (rivals, confidence) in rivals {
                    all.append(
                        SuitePolicy.Racing(stages: stages(plan.shares, margins), rivals: rivals, confidence: confidence)
                    )
                }
            }
        }
        return all
    }
}

/// Candidates in their order, ready to be raced under any rules.
private struct RaceTrack {
    private struct Runner {
        var island: String
        var candidate: Candidate
        /// Mean gain on the seeds that the run would not have used.
        var truth: Double
    }

    private let suite: SuitePolicy
    private let runners: [Runner]
    private let islands: [IslandID]
    /// Slots between a plan and the population that it sees.
    private let lookahead = 12

    /// - Parameter turn: which of the first `turns` seeds comes first.
    init(_ suite: SuitePolicy, _ entrants: [RaceCommand.Entrant], turn: Int, of turns: Int) throws {
        self.suite = suite
        let tasks = suite.taskIndices(in: .search)
        runners = try entrants.enumerated().map { number, entrant in
            guard case .compiled(let compiled) = ActivationPipeline().compile(entrant.source),
                let descriptor = BehaviourDescriptor(of: compiled.gradient),
                entrant.gains.count == tasks.count,
                entrant.gains.allSatisfy({ $0.count >= max(turns, suite.scoring.seeds + 1) })
            else { throw Failure(.badInput, "candidate \(entrant.slot) does not fit the suite \(suite.name)") }
            let gains = entrant.gains.map { Array($0[turn..<turns] + $0[..<turn] + $0[turns...]) }
            let evidence = Evidence(
                zip(tasks, gains).map { task, gains in
                    Evidence.Task(
                        name: suite.tasks[task].name, family: suite.tasks[task].family,
                        gains: Array(gains.prefix(suite.scoring.seeds)))
                })
            let candidate = Candidate(
                id: number, source: entrant.source, cost: compiled.cost.total,
                cell: ArchiveCell(descriptor, cost: compiled.cost.total), isSeed: false,
                evidence: evidence)
            return Runner(
                island: entrant.island, candidate: candidate,
                truth: Scoring.mean(gains.map { Scoring.mean(Array($0.dropFirst(suite.scoring.seeds))) }))
        }
        islands = Array(Set(entrants.map(\.island))).sorted()
    }

    func race(_ racing: SuitePolicy.Racing) -> (steps: Double, kept: Int) {
        let tasks = suite.taskIndices(in: .search)
        var suite = suite
        suite.racing = racing
        let policies = islands.map {
            IslandPolicy(
                name: $0, seeds: [], prompts: [:], operators: [],
                sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 1),
                selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0))
        }
        var population = PopulationState(
            islands: policies,
            rules: PopulationRules(
                topology: .ring, migrationInterval: 20, families: tasks.map { suite.tasks[$0].family },
                rivals: racing.rivals))
        var waiting: [SlotOutcome] = []
        var networks = 0
        var finished: Set<Int> = []
        for (number, runner) in runners.enumerated() {
            if waiting.count >= lookahead { population.commit(waiting.removeFirst()) }
            let island = islands.firstIndex(of: runner.island) ?? 0
            let rivals = population.breedingStock(of: island).prefix(racing.rivals).map {
                population.evidence(of: $0.id)
            }
            var standing = SlotOutcome.Standing.scored(runner.candidate)
            var trained = tasks.count * suite.scoring.seeds
            for stage in racing.stages {
                let names = Set(suite.tasks(of: stage).map { suite.tasks[$0].name })
                let part = Evidence(
                    runner.candidate.evidence.tasks.filter { names.contains($0.name) }.map {
                        Evidence.Task(name: $0.name, family: $0.family, gains: Array($0.gains.prefix(stage.seeds)))
                    })
                if racing.isOut(part, after: stage, rivals: rivals) {
                    standing = .racedOut(part)
                    trained = part.tasks.reduce(0) { $0 + $1.gains.count }
                    break
                }
            }
            networks += trained
            if case .scored = standing { finished.insert(number) }
            waiting.append(SlotOutcome(slot: number, island: island, standing: standing))
        }
        let order = runners.indices.sorted { runners[$0].truth > runners[$1].truth }
        let best = order.prefix(max(1, runners.count / 20))
        return (
            Double(networks) / Double(runners.count * tasks.count * suite.scoring.seeds),
            best.count(where: finished.contains)
        )
    }
}
