/// Runs a program in double precision: the reference for every printed kernel and for the gradient pass.
///
/// Node by node over all inputs at once, so that the choice of the operator is made once per node, not once per value.
package enum Interpreter {
    package enum Precision: Sendable {
        case double
        /// Every value is rounded to float32 (computed in double), so that overflow, underflow and cancellation happen
        /// where they do in a kernel.
        case single
    }

    /// - Parameters:
    ///   - program: a verified program.
    ///   - inputs: pre-activations, any number.
    ///   - parameters: one value per parameter; nil means the initial values.
    ///   - precision: of every node's value, leaves included.
    /// - Returns: one array per output, each as long as `inputs`. Values may be infinite or NaN where C's would be.
    package static func evaluate(
        _ program: Program, inputs: [Double], parameters: [Double]? = nil, precision: Precision = .double
    ) -> [[Double]] {
        let parameters = parameters ?? program.parameters.map(\.initial)
        precondition(parameters.count == program.parameters.count, "one value per parameter")
        let live = program.isLive
        var values: [[Double]] = []
        values.reserveCapacity(program.nodes.count)
        for (id, node) in program.nodes.enumerated() {
            if !live[id] {
                values.append([])
                continue
            }
            let operands = node.operands.map { values[$0] }
            let exact = column(of: node, operands: operands, inputs: inputs, parameters: parameters)
            values.append(precision == .double ? exact : exact.map { Double(Float($0)) })
        }
        return program.outputs.map { values[$0] }
    }

    private static func column(
        of node: Node, operands: [[Double]], inputs: [Double], parameters: [Double]
    ) -> [Double] {
        switch OperatorTable[node.op].value {
        case .leaf:
            switch node.op {
            case .input: inputs
            case .parameter: [Double](repeating: parameters[Int(node.payload)], count: inputs.count)
            default: [Double](repeating: node.payload, count: inputs.count)
            }
        case .unary(let function): operands[0].map(function)
        case .binary(let function): inputs.indices.map { function(operands[0][$0], operands[1][$0]) }
        case .ternary(let function):
            inputs.indices.map { function(operands[0][$0], operands[1][$0], operands[2][$0]) }
        }
    }
}
