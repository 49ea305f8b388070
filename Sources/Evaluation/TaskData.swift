import EvolveTypes
import Foundation

/// The three data sets of a task. The same on every machine and for every candidate and seed.
///
/// A function's points come from `FunctionSampler`, a table's from `TableRows`, labelled examples from `LongTail`.
/// Inputs (per coordinate) and numbers to be learned (per output) are standardised by the training set's mean and
/// standard deviation, also in the test sets; a class is 1 in its place and 0 elsewhere.
package struct TaskData: Sendable {
    package enum Head: Sendable { case regression, classification }

    package struct Points: Sendable {
        /// Before standardisation.
        package var coordinates: [[Double]] = []
        /// Before standardisation, row-major [points × outputs].
        package var values: [Double] = []
        /// Standardised, row-major [points × inputs] and [points × outputs].
        package var inputs: [Float] = []
        package var targets: [Float] = []
        /// Of each point's class, by its frequency (`LongTail.Group`); empty when that is not asked.
        package var groups: [UInt8] = []
    }

    package var inputs: Int
    package var outputs: Int
    package var head: Head
    package var train: Points
    package var inDistribution: Points
    package var outOfDistribution: Points

    /// - Parameter tables: by path, the one that the task reads among them.
    /// - Throws: `Failure(.badInput)` naming the task, when its target, box, shift or table is malformed, when it is
    ///   constant on the training points, or when too few points have a usable value.
    package init(_ task: SuitePolicy.Task, points: SuitePolicy.Points, tables: [String: TableText] = [:]) throws {
        do {
            guard points.train > 1, points.inDistribution > 0, points.outOfDistribution > 0 else {
                throw Failure(.badInput, "needs at least 2 training points and 1 of each test set")
            }
            switch task.target {
            case .longTail(let tail): try self.init(tail, points: points)
            case .table(let rows):
                guard let table = tables[rows.table] else {
                    throw Failure(.internalError, "the suite lacks its table \(rows.table)")
                }
                try self.init(rows, in: table, points: points)
            default: try self.init(function: task, points: points)
            }
        } catch let failure as Failure {
            throw Failure(failure.kind, "task \(task.name): \(failure.message)")
        } catch let problems as TableProblems {
            let first = problems.diagnostics.first.map { "line \($0.line): \($0.message)" } ?? ""
            throw Failure(.badInput, "task \(task.name): \(first)")
        }
    }

    private init(function task: SuitePolicy.Task, points: SuitePolicy.Points) throws {
        let shift = task.shift ?? .extrapolation
        let function = try TargetFunction(task.target, shift: shift)
        let sets = try FunctionSampler.sets(function, TaskRegion(task.target, shift: shift), points)
        (inputs, outputs, head) = (function.inputs, function.outputs, .regression)
        (train, inDistribution, outOfDistribution) = (sets.train, sets.inDistribution, sets.outOfDistribution)
        let axes = try (0..<inputs).map { axis in
            try Standardisation(train.coordinates.map { $0[axis] }, "input \(axis + 1)")
        }
        standardise(axes, sets.standardisation)
        if case .noise(let deviations) = shift {
            var random = RandomStream(key: ["input-noise", task.name])
            for place in outOfDistribution.inputs.indices {
                outOfDistribution.inputs[place] += Float(deviations * random.normal())
            }
        }
    }

    private init(_ tail: LongTail, points: SuitePolicy.Points) throws {
        let sets = try tail.sets(points)
        func set(_ examples: [LongTail.Example]) -> Points {
            Points(
                coordinates: examples.map(\.point),
                values: examples.flatMap { example in (0..<tail.classes).map { $0 == example.label ? 1 : 0 } },
                groups: examples.map { tail.group(of: $0.label).rawValue })
        }
        (inputs, outputs, head) = (tail.inputs, tail.classes, .classification)
        train = set(sets.train)
        inDistribution = set(sets.inDistribution)
        outOfDistribution = set(sets.outOfDistribution)
        let axes = try (0..<inputs).map { axis in
            try Standardisation(train.coordinates.map { $0[axis] }, "input \(axis + 1)")
        }
        standardise(axes, nil)
    }

    package init(_ task: TableTask, in table: TableText, points: SuitePolicy.Points) throws {
        let rows = try TableRows(task, in: table, points: points)
        func set(_ rows: [TableRows.Row]) -> Points {
            Points(coordinates: rows.map(\.inputs), values: rows.flatMap(\.outputs))
        }
        (inputs, head) = (task.inputs.count, rows.classes.isEmpty ? .regression : .classification)
        (train, inDistribution, outOfDistribution) = (set(rows.train), set(rows.test), set(rows.ood))
        outputs = rows.train.first?.outputs.count ?? 0
        let axes = try Self.axes(task.scaling, train.coordinates, inputs)
        switch task.goal {
        case .classes: standardise(axes, nil)
        case .numbers(let names):
            let (train, count) = (train, outputs)
            standardise(
                axes,
                try names.indices.map { output in
                    try Standardisation(
                        stride(from: output, to: train.values.count, by: count).map { train.values[$0] },
                        "column '\(names[output])'")
                })
        }
    }

    private static func axes(_ scaling: TableTask.Scaling, _ points: [[Double]], _ inputs: Int) throws
        -> [Standardisation]
    {
        switch scaling {
        case .together:
            return Array(repeating: try Standardisation(points.flatMap(\.self), "whole of the inputs"), count: inputs)
        case .each:
            let axes = (0..<inputs).map { axis in
                (try? Standardisation(points.map { $0[axis] }, "input")) ?? .erasing
            }
            guard axes.contains(where: { !$0.erases }) else {
                throw Failure(.badInput, "every input is constant on the training rows")
            }
            return axes
        }
    }

    /// - Parameter goals: of each output; nil = the values are taken as they are.
    private mutating func standardise(_ axes: [Standardisation], _ goals: [Standardisation]?) {
        for set in [\TaskData.train, \.inDistribution, \.outOfDistribution] {
            self[keyPath: set].inputs = self[keyPath: set].coordinates.flatMap { point in
                zip(axes, point).map { Float($0($1)) }
            }
            self[keyPath: set].targets = self[keyPath: set].values.enumerated().map { index, value in
                Float(goals.map { $0[index % $0.count](value) } ?? value)
            }
        }
    }
}

/// x ↦ (x − mean) / standard deviation.
struct Standardisation {
    var mean: Double
    var deviation: Double

    init(_ values: [Double], _ what: String) throws {
        mean = values.reduce(0, +) / Double(values.count)
        let mean = mean
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        guard deviation.isFinite, deviation > 1e-9 * (1 + abs(mean)) else {
            throw Failure(.badInput, "the \(what) is constant or too large on the training points")
        }
    }

    private init(erasing: Void) { (mean, deviation) = (0, .infinity) }

    /// x ↦ 0.
    static let erasing = Standardisation(erasing: ())

    var erases: Bool { deviation == .infinity }

    func callAsFunction(_ value: Double) -> Double { (value - mean) / deviation }
}
