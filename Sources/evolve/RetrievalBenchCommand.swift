import ActivationIR
import ArgumentParser
import EvolveTypes
import Foundation
import Retrieval

/// `evolve retrieval-bench`: how quickly, and how rightly, the nearest of very many functions are found. For
/// scripts/bench/retrieval.
struct RetrievalBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval-bench", abstract: "Index random functions, search them, and compare with brute force.",
        shouldDisplay: false)

    @Option(help: "Functions in the index.")
    var entries = 1_000_000

    @Option(help: "Functions that are searched for.")
    var queries = 101

    @Option(help: "Of the queries, those that are also answered by brute force.")
    var checked = 21

    struct Times: Encodable {
        /// Milliseconds, wall clock; and the processor's.
        var median, ninetieth, longest: Double
        var processorMedian, processorLongest: Double

        init(_ laps: [Lap]) {
            let wall = laps.map(\.wall).sorted()
            median = wall[wall.count / 2]
            ninetieth = wall[wall.count * 9 / 10]
            longest = wall[wall.count - 1]
            let processor = laps.map(\.processor).sorted()
            processorMedian = processor[processor.count / 2]
            processorLongest = processor[processor.count - 1]
        }
    }

    struct Report: Encodable {
        var entries: Int
        var version: Int
        var secondsToDraw, secondsToIndex, processorSecondsToIndex: Double
        /// Of the index beside the behaviours, of the behaviours, and the most that the process had.
        var indexBytes, behaviourBytes, residentBytes: Int
        /// A search, a diverse one, one up to scale; one pass over the same bytes that adds them up.
        var search, diverse, upToScale, sweep: Times
        /// Shares of the searches.
        var recallAt10, exact, far: Double
    }

    /// Milliseconds.
    struct Lap {
        var wall, processor: Double

        static func of(_ body: () -> Void) -> Lap {
            let (begin, processor) = (ContinuousClock.now, clock())
            body()
            return Lap(
                wall: (ContinuousClock.now - begin) / .milliseconds(1),
                processor: Double(clock() - processor) * 1000 / Double(CLOCKS_PER_SEC))
        }
    }

    func validate() throws {
        guard entries > 0, queries > 0, (0...queries).contains(checked) else {
            throw ValidationError("Counts are positive, and no more are checked than searched for.")
        }
    }

    func run() throws {
        var table = BehaviourTable()
        let drawing = Lap.of { table = RandomFunctions.table(entries, key: "entry") }
        var built: RetrievalIndex?
        let building = Lap.of { built = RetrievalIndex(table) }
        guard let index = built else { return }
        let asked = RandomFunctions.programs(queries, key: "query")
        var laps: (search: [Lap], diverse: [Lap], scaled: [Lap], sweep: [Lap]) = ([], [], [], [])
        var (found, wanted, exact, far) = (0, 0, 0, 0)
        for (number, query) in asked.enumerated() {
            laps.sweep.append(Lap.of { _ = index.sweep() })
            var answer: RetrievalIndex.Answer?
            laps.search.append(Lap.of { answer = index.nearest(to: query.behaviour) })
            laps.diverse.append(
                Lap.of { _ = index.nearest(to: query.behaviour, RetrievalIndex.Request(diversity: 0.3)) })
            if number < checked { laps.scaled.append(Lap.of { _ = index.nearestUpToScale(to: query.program) }) }
            guard let answer else { continue }
            exact += answer.isExact ? 1 : 0
            far += answer.isFar == true ? 1 : 0
            if number < checked {
                let truth = Set(index.bruteForce(query.behaviour).map(\.owner))
                found += answer.matches.count { truth.contains($0.owner) }
                wanted += truth.count
            }
        }
        let share = { (count: Int) in Double(count) / Double(asked.count) }
        try Output.json(
            Report(
                entries: index.count, version: Behaviour.version, secondsToDraw: drawing.wall / 1000,
                secondsToIndex: building.wall / 1000, processorSecondsToIndex: building.processor / 1000,
                indexBytes: index.bytes, behaviourBytes: index.count * (4 * Behaviour.length + 8),
                residentBytes: ProcessMemory.most, search: Times(laps.search), diverse: Times(laps.diverse),
                upToScale: Times(laps.scaled.isEmpty ? laps.search : laps.scaled), sweep: Times(laps.sweep),
                recallAt10: wanted > 0 ? Double(found) / Double(wanted) : 1, exact: share(exact), far: share(far)))
    }
}

/// Functions of no meaning, drawn over every operator; of each also f(b·x) + c·x, as a search that edits numbers leaves
/// them.
enum RandomFunctions {
    static func table(_ count: Int, key: String) -> BehaviourTable {
        var table = BehaviourTable()
        table.reserve(count)
        var number = 0
        while table.count < count {
            for behaviour in variants(program(key, number), RandomStream(key: [key, "variant", "\(number)"]))
            where table.count < count {
                table.append(behaviour, owner: table.count)
            }
            number += 1
        }
        return table
    }

    static func programs(_ count: Int, key: String) -> [(program: Program, behaviour: Behaviour)] {
        var (result, number): ([(program: Program, behaviour: Behaviour)], Int) = ([], 0)
        while result.count < count {
            let program = program(key, number)
            if let behaviour = Behaviour(of: program) { result.append((program, behaviour)) }
            number += 1
        }
        return result
    }

    private static func variants(_ program: Program, _ stream: RandomStream) -> [Behaviour] {
        var stream = stream
        let scales = (0..<24).map { _ in exp2(2 * stream.uniform() - 1) }
        return Behaviour.scaled(program, by: scales).compactMap { behaviour in
            guard let behaviour else { return nil }
            let tilt = Float(stream.uniform() - 0.5)
            let line = Behaviour.points.map { tilt * Float($0) } + Behaviour.points.map { _ in tilt }
            return Behaviour(curve: zip(behaviour.curve, line).map { $0 + $1 })
        }
    }

    private static func program(_ key: String, _ number: Int) -> Program {
        var stream = RandomStream(key: [key, "\(number)"])
        var builder = ProgramBuilder()
        let x = builder.input()
        var reals = [x]
        for _ in 0..<4 + stream.index(below: 9) {
            if stream.uniform() < 0.25 { reals.append(builder.constant(4 * stream.uniform() - 2)) }
            guard let op = stream.pick(operators) else { break }
            // Late values are preferred, so that programs grow deep instead of wide.
            let operands = OperatorTable[op].operandTypes.map { _ in
                reals[max(stream.index(below: reals.count), stream.index(below: reals.count))]
            }
            reals.append(builder.append(op, operands))
        }
        let y = builder.binary(.add, reals[reals.count - 1], x)
        return builder.finish(outputs: [y])
    }

    private static let operators: [Operator] =
        Operator.allCases.filter { op in
            let row = OperatorTable[op]
            return row.arity > 0 && !row.readsLayer && op != .maskedMultiply && row.resultType == .real
                && row.operandTypes.allSatisfy { $0 == .real }
        } + [.add, .multiply, .add, .multiply, .subtract, .sin, .tanh, .sigmoid, .maximum]
}
