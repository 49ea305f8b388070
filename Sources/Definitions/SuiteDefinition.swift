import ActivationCompiler
import Evaluation
import EvolveTypes
import Foundation

/// The content of Fitness/NAME/suite.yaml.
///
/// | key | meaning |
/// |---|---|
/// | cost-limit | highest static cost of a candidate, operations per element |
/// | allow | optional: what a candidate may look at, elementwise (the default) or layer |
/// | points.train, in-distribution, out-of-distribution | points of each data set of a task |
/// | network.hidden | list: units of each hidden layer |
/// | training.optimiser, schedule | adam or sgd; constant or cosine |
/// | training.rate | learning rate at the first step |
/// | training.batch | samples per step, at most points.train |
/// | training.steps | optimiser steps |
/// | scoring.seeds | seeds per task in a full evaluation |
/// | scoring.clip | a single gain is clipped to ± this many decibels |
/// | scoring.selection | optional: what candidates are ranked by, mean (the default), tail or mix |
/// | scoring.cells | optional: elites of an archive cell, best (the default) or pareto (gain and cost) |
/// | racing | optional: without it nothing is raced, and every candidate is trained to the end |
/// | racing.stages | list of {tasks, seeds, margin}, none smaller than the one before: search tasks and seeds of a stage, and how many decibels below the reference end a candidate after it |
/// | racing.rivals | a candidate surely behind so many elites of its island is out, too; 0 = elites do not count |
/// | racing.confidence | how sure, 0.5 ... 0.9999 |
/// | tasks | see `TaskDefinitions` |
enum SuiteDefinition {
    /// - Parameters:
    ///   - url: the suite's file; tables are looked for beside it.
    ///   - fetched: where fetched tables lie.
    static func load(_ name: String, at url: URL, fetched: URL?, from content: ContentFolder) throws -> SuitePolicy {
        let (text, file) = try content.text(at: url)
        return try read(
            text, name: name, file: file, folder: url.deletingLastPathComponent(), fetched: fetched, from: content)
    }

    /// - Parameters:
    ///   - file: what messages call the text.
    ///   - folder: where tables are looked for.
    static func read(
        _ text: String, name: String, file: String, folder: URL, fetched: URL?, from content: ContentFolder
    ) throws -> SuitePolicy {
        try YAMLNode.read(text, problems: DefinitionProblems(file: file)) { keys in
            let limit = keys.required("cost-limit").double(1...1_000_000)
            let allow = keys.optional("allow")?.choice(AllowedReach.self, standIn: .elementwise)
            let points = keys.required("points").mapping(Self.points)
            let network = keys.required("network").mapping { keys in
                SuitePolicy.Network(hidden: hidden(keys.required("hidden")))
            }
            let training = keys.required("training").mapping { Self.training($0, points: points) }
            let scoring = keys.required("scoring").mapping { keys in
                SuitePolicy.Scoring(
                    seeds: keys.required("seeds").int(1...1_000), clip: keys.required("clip").double(0.1...1_000),
                    selection: keys.optional("selection")?.choice(SelectionRule.self, standIn: .mean) ?? .mean,
                    cells: keys.optional("cells")?.choice(CellRule.self, standIn: .best) ?? .best)
            }
            let tables = TableDefinition(
                folder: folder, fetched: fetched, points: points, batch: training.batch,
                content: content)
            let tasks = try keys.required("tasks").mapping {
                try TaskDefinitions.read($0, tables: tables, content: content)
            }
            let racing = keys.optional("racing")?.mapping { Self.racing($0, tasks: tasks, scoring: scoring) }
            return SuitePolicy(
                name: name, costLimit: limit, allow: allow == .layer ? .layer : nil, points: points, network: network,
                training: training, scoring: scoring,
                racing: racing ?? SuitePolicy.Racing(stages: []), tasks: tasks,
                tables: tables.tables.isEmpty ? nil : tables.tables)
        }
    }

    static func points(_ keys: YAMLMapping) -> SuitePolicy.Points {
        SuitePolicy.Points(
            train: keys.required("train").int(2...1_000_000),
            inDistribution: keys.required("in-distribution").int(1...1_000_000),
            outOfDistribution: keys.required("out-of-distribution").int(1...1_000_000))
    }

    private static func hidden(_ node: YAMLNode) -> [Int] {
        let layers = node.list()
        if layers.count > 16 { node.reject("'hidden' has \(layers.count) layers; at most 16 are trained") }
        return layers.map { $0.int(1...4_096) }
    }

    private static func training(_ keys: YAMLMapping, points: SuitePolicy.Points) -> SuitePolicy.Training {
        let batch = keys.required("batch")
        let training = SuitePolicy.Training(
            optimiser: keys.required("optimiser").choice(standIn: .adam),
            rate: keys.required("rate").double(1e-9...10),
            schedule: keys.required("schedule").choice(standIn: .cosine),
            batch: batch.int(1...1_000_000),
            steps: keys.required("steps").int(1...10_000_000))
        if keys.isSoundSoFar, training.batch > points.train {
            batch.reject("'batch' is \(training.batch), more than the \(points.train) training points of a task")
        }
        return training
    }

    private static func racing(
        _ keys: YAMLMapping, tasks: [SuitePolicy.Task], scoring: SuitePolicy.Scoring
    ) -> SuitePolicy.Racing {
        let searchTasks = tasks.count { $0.split == .search }
        var stages: [SuitePolicy.Racing.Stage] = []
        for node in keys.required("stages").list() {
            node.mapping { keys in
                let (tasks, seeds) = (keys.required("tasks"), keys.required("seeds"))
                let stage = SuitePolicy.Racing.Stage(
                    tasks: tasks.int(1...10_000), seeds: seeds.int(1...1_000),
                    margin: keys.required("margin").double(0...1_000))
                guard keys.isSoundSoFar else { return }
                if stage.tasks > searchTasks {
                    tasks.reject("'tasks' is \(stage.tasks), more than the \(searchTasks) search tasks of the suite")
                }
                if stage.seeds > scoring.seeds {
                    seeds.reject("'seeds' is \(stage.seeds), more than the \(scoring.seeds) of 'scoring'")
                }
                if let last = stages.last,
                    stage.tasks < last.tasks || stage.seeds < last.seeds
                        || (stage.tasks, stage.seeds) == (last.tasks, last.seeds)
                {
                    keys.reject("a stage must have more networks than the one before, and no fewer tasks or seeds")
                }
                if stage.tasks == searchTasks, stage.seeds == scoring.seeds {
                    keys.reject("this is the full evaluation, which follows by itself; leave the stage out")
                }
                stages.append(stage)
            }
        }
        return SuitePolicy.Racing(
            stages: stages, rivals: keys.required("rivals").int(0...1_000),
            confidence: keys.required("confidence").double(0.5...0.9999))
    }
}
