import ActivationIR

/// Values and slopes of all of a program's nodes at once, by dual numbers over the operator table's rules: one pass gives a
/// function and each of its sub-expressions, which reverse mode would differentiate one by one.
struct Slopes {
    /// For each node that is live, real and varies with x: its values, one for each input.
    private(set) var values: [ValueID: [Double]] = [:]
    /// The same of dv/dx.
    private(set) var slopes: [ValueID: [Double]] = [:]

    /// - Parameters:
    ///   - program: verified, and reads no layer; parameters are at their initial values.
    ///   - inputs: pre-activations, any number.
    init(_ program: Program, inputs: [Double]) {
        precondition(!program.readsLayer, "a program over one element")
        let (live, types) = (program.isLive, program.types)
        var builder = ProgramBuilder(extending: program)
        var varies = [Bool](repeating: false, count: program.nodes.count)
        var partials: [(node: ValueID, operand: ValueID, partial: ValueID)] = []
        for (id, node) in program.nodes.enumerated() where live[id] && types[id] == .real {
            varies[id] = node.op == .input
            let isMoved = zip(node.operands, node.operands.map { varies[$0] && types[$0] == .real })
            guard isMoved.contains(where: \.1) else {
                // A choice by x between two constants varies, with the slope zero.
                varies[id] = varies[id] || node.operands.contains { types[$0] == .boolean }
                continue
            }
            varies[id] = true
            let rules = OperatorTable[node.op].derivative(&builder, node.operands, id)
            for ((operand, moves), partial) in zip(isMoved, rules) where moves {
                if let partial { partials.append((id, operand, partial)) }
            }
        }
        let real = varies.indices.filter { varies[$0] }
        let outputs = Interpreter.evaluate(
            builder.finish(outputs: real + partials.map(\.partial)), inputs: inputs)
        for (id, column) in zip(real, outputs) {
            values[id] = column
            let slope = program.nodes[id].op == .input ? 1.0 : 0
            slopes[id] = [Double](repeating: slope, count: inputs.count)
        }
        // In the order of the nodes, so that an operand's slope is whole before it is used.
        for (item, column) in zip(partials, outputs.dropFirst(real.count)) {
            guard let inner = slopes[item.operand] else { continue }
            for place in inputs.indices {
                slopes[item.node]?[place] += Self.times(column[place], inner[place])
            }
        }
    }

    /// A product in which zero wins over infinity and NaN: an arm that was not taken has no slope.
    private static func times(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }
}
