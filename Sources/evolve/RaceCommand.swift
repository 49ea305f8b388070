import ActivationCompiler
import ArgumentParser
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population

/// `evolve race`: runs candidates whose gains are known through the race, in their order, with the elites that the population
/// would have had, and says what the race would have spent and kept. For `scripts/measure/racing`.
struct RaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "race", abstract: "Replay races of candidates with known gains.", shouldDisplay: false)

    @Argument(help: "JSON: slot, island, source, truth and gains [search task][seed] of each candidate.")
    var table: String

    @Option(help: "The suite that the gains are of.")
    var suite = "lab"

    struct Entrant: Decodable {
        var slot: Int
        var island: String
        var source: String
        /// Mean gain on fresh seeds.
        var truth: Double
        var gains: [[Double]]
    }

    struct Row: Encodable {
        var racing: SuitePolicy.Racing
        /// Networks trained, over those of full evaluations.
        var steps: Double
        /// Of the best twentieth by truth, how many were trained to the end.
        var kept: Int
        var best: Int
    }

    func run() throws {
        let policy = try Installation().loader.suite(nameOrFile: suite)
        let entrants = try JSONDecoder().decode([Entrant].self, from: Data(contentsOf: URL(fileURLWithPath: table)))
            .sorted { $0.slot < $1.slot }
        let track = try RaceTrack(policy, entrants)
        try Output.json(Self.settings(policy).map { track.row($0) })
    }

    /// The suite's own race first, then others about it.
    private static func settings(_ suite: SuitePolicy) -> [SuitePolicy.Racing] {
        let tasks = suite.taskIndices(in: .search).count
        func stages(_ shares: [Double]) -> [SuitePolicy.Racing.Stage] {
            shares.map { SuitePolicy.Racing.Stage(tasks: max(1, Int((Double(tasks) * $0).rounded())), seeds: 1) }
        }
        var all = [suite.racing]
        for shares in [[0.25], [0.5], [0.25, 0.5], [0.25, 0.5, 1]] {
            for margin in [0.5, 1, 2, 3] {
                for (rivals, confidence) in [(0, 0.9), (1, 0.8), (1, 0.95), (2, 0.8), (4, 0.8), (4, 0.95), (8, 0.8)] {
                    all.append(
                        SuitePolicy.Racing(
                            stages: stages(shares), margin: margin, rivals: rivals, confidence: confidence))
                }
            }
        }
        return all
    }
}

/// Candidates in their order, ready to be raced under any rules.
private struct RaceTrack {
    private let suite: SuitePolicy
    private let runners: [(entrant: RaceCommand.Entrant, candidate: Candidate)]
    private let islands: [IslandID]
    /// Slots between a plan and the population that it sees.
    private let lookahead = 12

    init(_ suite: SuitePolicy, _ entrants: [RaceCommand.Entrant]) throws {
        self.suite = suite
        let tasks = suite.taskIndices(in: .search)
        runners = try entrants.enumerated().map { number, entrant in
            guard case .compiled(let compiled) = ActivationPipeline().compile(entrant.source),
                entrant.gains.count == tasks.count
            else { throw Failure(.badInput, "candidate \(entrant.slot) does not fit the suite \(suite.name)") }
            let evidence = Evidence(
                zip(tasks, entrant.gains).map { task, gains in
                    Evidence.Task(
                        name: suite.tasks[task].name, family: suite.tasks[task].family,
                        gains: Array(gains.prefix(suite.scoring.seeds)))
                })
            let candidate = Candidate(
                id: number, source: entrant.source, cost: compiled.cost.total,
                cell: ArchiveCell(BehaviourDescriptor(of: compiled.gradient), cost: compiled.cost.total), isSeed: false,
                evidence: evidence)
            return (entrant, candidate)
        }
        islands = Array(Set(entrants.map(\.island))).sorted()
    }

    func row(_ racing: SuitePolicy.Racing) -> RaceCommand.Row {
        let tasks = suite.taskIndices(in: .search)
        var suite = suite
        suite.racing = racing
        let policies = islands.map {
            IslandPolicy(
                name: $0, seeds: [], prompt: "", operators: [],
                sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 1),
                selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0))
        }
        var population = PopulationState(
            islands: policies,
            rules: PopulationRules(
                migrates: true, migrationInterval: 20, families: tasks.map { suite.tasks[$0].family },
                rivals: racing.rivals))
        var waiting: [SlotOutcome] = []
        var networks = 0
        var finished: Set<Int> = []
        for (number, runner) in runners.enumerated() {
            if waiting.count >= lookahead { population.commit(waiting.removeFirst()) }
            let island = islands.firstIndex(of: runner.entrant.island) ?? 0
            let rivals = population.breedingStock(of: island).prefix(racing.rivals).map {
                population.beliefs.evidence(of: $0.id)
            }
            var standing = SlotOutcome.Standing.scored(runner.candidate)
            var trained = tasks.count * suite.scoring.seeds
            for stage in racing.stages {
                let names = Set(suite.tasks(of: stage).map { suite.tasks[$0].name })
                let part = Evidence(
                    runner.candidate.evidence.tasks.filter { names.contains($0.name) }.map {
                        Evidence.Task(name: $0.name, family: $0.family, gains: Array($0.gains.prefix(stage.seeds)))
                    })
                if racing.isOut(part, rivals: rivals) {
                    standing = .racedOut(part)
                    trained = part.tasks.reduce(0) { $0 + $1.gains.count }
                    break
                }
            }
            networks += trained
            if case .scored = standing { finished.insert(number) }
            waiting.append(SlotOutcome(slot: number, island: island, fingerprint: nil, standing: standing))
        }
        let order = runners.indices.sorted { runners[$0].entrant.truth > runners[$1].entrant.truth }
        let best = order.prefix(max(1, runners.count / 20))
        return RaceCommand.Row(
            racing: racing, steps: Double(networks) / Double(runners.count * tasks.count * suite.scoring.seeds),
            kept: best.count(where: finished.contains), best: best.count)
    }
}
