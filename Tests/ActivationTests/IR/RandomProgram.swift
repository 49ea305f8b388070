import ActivationIR
import EvolveTypes

/// Draws typed, valid programs over every operator of the table, one per key.
enum RandomProgram {
    /// - Parameters:
    ///   - index: names the program; equal indices give equal programs.
    ///   - readsLayer: statistics and shifts are among the operators.
    static func make(_ index: Int, operations: ClosedRange<Int> = 4...14, readsLayer: Bool = false) -> Program {
        var stream = RandomStream(key: [readsLayer ? "random layer program" : "random program", "\(index)"])
        var builder = ProgramBuilder()
        let x = builder.input()
        var reals = [x]
        var booleans: [ValueID] = []
        for number in 0..<stream.index(below: 3) {
            reals.append(builder.trainable(name: "p\(number)", initial: Double(Float(4 * stream.uniform() - 2))))
        }
        let count = operations.lowerBound + stream.index(below: operations.count)
        for _ in 0..<count {
            if stream.uniform() < 0.25 { reals.append(builder.constant(constant(&stream))) }
            guard let op = stream.pick(readsLayer ? layerCandidates : candidates) else { break }
            let row = OperatorTable[op]
            if row.operandTypes.contains(.boolean), booleans.isEmpty { continue }
            var operands: [ValueID] = []
            for type in row.operandTypes {
                // Late values are preferred, so that programs grow deep instead of wide.
                let pool = type == .real ? reals : booleans
                let place = max(stream.index(below: pool.count), stream.index(below: pool.count))
                operands.append(pool[place])
            }
            let places = op == .unitShift ? Double(stream.index(below: 9) - 4) : 0
            let value = builder.append(op, operands, payload: places)
            if row.resultType == .real { reals.append(value) } else { booleans.append(value) }
        }
        var y = reals[reals.count - 1]
        if stream.uniform() < 0.5 { y = builder.binary(.add, y, x) }
        return builder.finish(outputs: [y])
    }

    /// Arithmetic more often than the rest, as in what people and models write.
    private static let candidates: [Operator] =
        Operator.allCases.filter {
            OperatorTable[$0].arity > 0 && $0 != .maskedMultiply && !OperatorTable[$0].readsLayer
        }
        + [.add, .multiply, .add, .multiply, .subtract, .select, .select, .less, .less, .sin, .tanh, .sigmoid]

    private static let layerCandidates: [Operator] = {
        let layer = Operator.allCases.filter { OperatorTable[$0].readsLayer && $0 != .cotangent }
        return candidates + layer + layer + layer
    }()

    private static func constant(_ stream: inout RandomStream) -> Double {
        let simple: [Double] = [0, 1, -1, 2, 0.5, -0.5, 3]
        if stream.uniform() < 0.5 { return simple[stream.index(below: simple.count)] }
        return Double(Float(4 * stream.uniform() - 2))
    }
}

/// The same behaviour, written differently: operands of commutative operators exchanged, independent nodes in another
/// order, dead nodes added, parameters renamed.
enum Disguise {
    static func of(_ program: Program, key: Int) -> Program {
        var stream = RandomStream(key: ["disguise", "\(key)"])
        var place = [ValueID?](repeating: nil, count: program.nodes.count)
        var nodes: [Node] = []
        while nodes.count < program.nodes.count {
            let ready = program.nodes.indices.filter { id in
                place[id] == nil && program.nodes[id].operands.allSatisfy { place[$0] != nil }
            }
            guard let id = stream.pick(ready) else { break }
            var node = program.nodes[id]
            node.operands = node.operands.compactMap { place[$0] }
            if OperatorTable[node.op].isCommutative, stream.uniform() < 0.5 { node.operands.reverse() }
            node.line = stream.index(below: 9)
            place[id] = nodes.count
            nodes.append(node)
        }
        nodes.append(Node(.constant, payload: 12345))
        let parameters = program.parameters.map { Parameter(name: $0.name + "_renamed", initial: $0.initial) }
        return Program(nodes: nodes, parameters: parameters, outputs: program.outputs.compactMap { place[$0] })
    }
}
