/// Runs a program in double precision: the reference for every printed kernel and for the gradient pass.
///
/// Node by node over all elements at once, so that the choice of the operator is made once per node, not once per value.
package enum Interpreter {
    package enum Precision: Sendable {
        case double
        /// Every value is rounded to float32 (computed in double) and denormals count as zero, so that overflow, underflow
        /// and cancellation happen where they do in a kernel in training.
        case single
    }

    /// - Parameters:
    ///   - program: a verified program.
    ///   - inputs: pre-activations, any number. To a program that reads its layer they are the samples of one unit.
    ///   - parameters: one value per parameter; nil means the initial values.
    ///   - precision: of every node's value, leaves included.
    /// - Returns: one array per output, each as long as `inputs`. Values may be infinite or NaN where C's would be.
    package static func evaluate(
        _ program: Program, inputs: [Double], parameters: [Double]? = nil, precision: Precision = .double
    ) -> [[Double]] {
        run(program, Layer(batch: inputs.count, units: 1, x: inputs), parameters, precision)
    }

    /// The same over a layer, whose statistics the program may read.
    ///
    /// - Parameters:
    ///   - x: [batch × units] pre-activations, rows of equal length.
    ///   - cotangent: [batch × units], dL/dy, which gradient programs read; nil means ones.
    /// - Returns: for each output, [batch × units].
    package static func evaluateLayer(
        _ program: Program, x: [[Double]], cotangent: [[Double]]? = nil, parameters: [Double]? = nil,
        precision: Precision = .double
    ) -> [[[Double]]] {
        let units = x.first?.count ?? 0
        precondition(x.allSatisfy { $0.count == units }, "rows of equal length")
        var layer = Layer(batch: x.count, units: units, x: x.flatMap { $0 })
        if let cotangent {
            precondition(cotangent.map(\.count) == x.map(\.count), "a cotangent for every element")
            layer.cotangent = cotangent.flatMap { $0 }
        }
        return run(program, layer, parameters, precision).map { values in
            x.indices.map { Array(values[$0 * units..<($0 + 1) * units]) }
        }
    }

    private static func run(
        _ program: Program, _ layer: Layer, _ parameters: [Double]?, _ precision: Precision
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
            let exact = column(of: node, operands: operands, layer: layer, parameters: parameters)
            values.append(precision == .double ? exact : exact.map(single))
        }
        return program.outputs.map { values[$0] }
    }

    @inline(__always)
    private static func pairs(_ operands: [[Double]], _ function: (Double, Double) -> Double) -> [Double] {
        let count = operands[0].count
        return [Double](unsafeUninitializedCapacity: count) { result, initialized in
            operands[0].withUnsafeBufferPointer { a in
                operands[1].withUnsafeBufferPointer { b in
                    for index in 0..<count { result[index] = function(a[index], b[index]) }
                }
            }
            initialized = count
        }
    }

    private static func triples(
        _ operands: [[Double]], _ function: (Double, Double, Double) -> Double
    ) -> [Double] {
        let (a, b, c) = (operands[0], operands[1], operands[2])
        return a.indices.map { function(a[$0], b[$0], c[$0]) }
    }

    private static func single(_ value: Double) -> Double {
        let rounded = Float(value)
        return rounded.isSubnormal ? Double(signOf: value, magnitudeOf: 0) : Double(rounded)
    }

    private static func column(
        of node: Node, operands: [[Double]], layer: Layer, parameters: [Double]
    ) -> [Double] {
        switch OperatorTable[node.op].value {
        // The commonest without a call for each element.
        case .binary where node.op == .add: pairs(operands, +)
        case .binary where node.op == .subtract: pairs(operands, -)
        case .binary where node.op == .multiply: pairs(operands, *)
        case .leaf:
            switch node.op {
            case .input: layer.x
            case .parameter: layer.uniform(parameters[Int(node.payload)])
            case .unitIndex: layer.elements.map { Double($0 % layer.units) }
            case .unitCount: layer.uniform(Double(layer.units))
            case .cotangent: layer.cotangent ?? layer.uniform(1)
            default: layer.uniform(node.payload)
            }
        case .unary(let function): operands[0].map(function)
        case .binary(let function): pairs(operands, function)
        case .ternary(let function): triples(operands, function)
        case .reduction(let reduction, let axis): layer.reduce(operands[0], reduction, axis)
        case .shift: layer.shift(operands[0], by: Int(node.payload))
        }
    }
}
