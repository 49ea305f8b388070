import ActivationIR
import Foundation

/// A program as nodes of standard ONNX operators (opset 18, float32), value by value.
struct ONNXGraph {
    struct Node {
        var op: String
        var inputs: [String]
        var output: String
        var domain = ""
        /// Whole numbers.
        var attributes: [(name: String, value: Int)] = []
        /// Of a Constant.
        var tensor: Tensor?
    }

    enum Tensor {
        case float(Float)
        case integers([Int])
    }

    private(set) var nodes: [Node] = []
    private let program: Program
    private let names: ExportNames
    private let extents: [LayerExtent]
    private var values: [ValueID: String] = [:]
    private var count = 0

    /// - Parameters:
    ///   - results: what the outputs of `program` are called.
    ///   - isSlope: the outputs are derivatives of an element, to be multiplied by g.
    init(_ program: Program, results: [String], names: ExportNames, isSlope: Bool = false) {
        self.program = program
        self.names = names
        extents = program.extents
        for (id, isLive) in program.isLive.enumerated() where isLive { values[id] = add(id) }
        for (output, result) in zip(program.outputs, results) {
            let value = values[output] ?? ""
            if isSlope {
                append("Mul", [value, "g"], as: result)
            } else {
                // In the shape of x, whatever it depends on.
                append("Expand", [value, node("Shape", ["x"])], as: result)
            }
        }
    }

    // MARK: Nodes

    private mutating func append(
        _ op: String, _ inputs: [String], as output: String, _ attributes: [(String, Int)] = []
    ) {
        nodes.append(Node(op: op, inputs: inputs, output: output, attributes: attributes.map { ($0.0, $0.1) }))
    }

    private mutating func fresh() -> String {
        count += 1
        return names.temporary(count)
    }

    @discardableResult
    private mutating func node(_ op: String, _ inputs: [String], _ attributes: [(String, Int)] = []) -> String {
        let output = fresh()
        append(op, inputs, as: output, attributes)
        return output
    }

    private mutating func number(_ value: Double) -> String { constant(.float(Float(value))) }

    private mutating func constant(_ tensor: Tensor) -> String {
        let output = fresh()
        nodes.append(Node(op: "Constant", inputs: [], output: output, tensor: tensor))
        return output
    }

    // MARK: Values

    private mutating func add(_ id: ValueID) -> String {
        let node = program.nodes[id]
        let inputs = node.operands.map { values[$0] ?? "" }
        switch node.op {
        case .input: return "x"
        case .cotangent: return "g"
        case .constant: return number(node.payload)
        case .parameter: return names.parameters[Int(node.payload)]
        case .fusedMultiplyAdd: return self.node("Add", [self.node("Mul", Array(inputs.prefix(2))), inputs[2]])
        case .remainder: return self.node("Mod", inputs, [("fmod", 1)])
        case .unitCount, .unitIndex, .unitShift: return place(node, id)
        default: break
        }
        if let name = Self.standard[node.op] { return self.node(name, inputs) }
        if case .reduction(let reduction, let axis) = OperatorTable[node.op].value {
            return reduce(node.operands[0], reduction, axis)
        }
        return composed(node.op, inputs)
    }

    private static let standard: [Operator: String] = [
        .add: "Add", .subtract: "Sub", .multiply: "Mul", .divide: "Div", .negate: "Neg", .absolute: "Abs",
        .minimum: "Min", .maximum: "Max", .floor: "Floor", .ceiling: "Ceil", .roundEven: "Round", .less: "Less",
        .lessEqual: "LessOrEqual", .equal: "Equal", .and: "And", .or: "Or", .not: "Not", .select: "Where",
        .squareRoot: "Sqrt", .exp: "Exp", .log: "Log", .sin: "Sin", .cos: "Cos", .tan: "Tan", .asin: "Asin",
        .acos: "Acos", .atan: "Atan", .sinh: "Sinh", .cosh: "Cosh", .tanh: "Tanh", .asinh: "Asinh",
        .acosh: "Acosh", .atanh: "Atanh", .erf: "Erf", .pow: "Pow", .sigmoid: "Sigmoid", .softplus: "Softplus",
    ]

    /// What the standard has no operator for.
    private mutating func composed(_ op: Operator, _ inputs: [String]) -> String {
        let a = inputs[0]
        let b = inputs.last ?? a
        switch op {
        case .truncate:
            return node("Where", [node("Less", [a, number(0)]), node("Ceil", [a]), node("Floor", [a])])
        case .copySign:
            let size = node("Abs", [a])
            let isNegativeZero = node(
                "And", [node("Equal", [b, number(0)]), node("Less", [node("Div", [number(1), b]), number(0)])])
            let isNegative = node("Or", [node("Less", [b, number(0)]), isNegativeZero])
            return node("Where", [isNegative, node("Neg", [size]), size])
        case .maskedMultiply:
            let zero = number(0)
            return node("Where", [node("Equal", [a, zero]), zero, node("Mul", inputs)])
        case .cubeRoot:
            return node("Mul", [node("Sign", [a]), node("Pow", [node("Abs", [a]), number(1.0 / 3)])])
        case .exp2: return node("Pow", [number(2), a])
        case .expm1:
            // Exact near 0: tanh(a/2)·(exp(a) + 1); far to the right it would be ∞ as well.
            let half = node("Tanh", [node("Mul", [a, number(0.5)])])
            return node("Mul", [half, node("Add", [node("Exp", [a]), number(1)])])
        case .log2: return node("Mul", [node("Log", [a]), number(1 / log(2.0))])
        case .log10: return node("Mul", [node("Log", [a]), number(1 / log(10.0))])
        case .log1p:
            // Exact near 0 (Kahan): log(s)·a/(s − 1), where s is 1 + a as rounded.
            let one = number(1)
            let sum = node("Add", [a, one])
            let isTiny = node("Equal", [sum, one])
            let rest = node("Where", [isTiny, one, node("Sub", [sum, one])])
            return node("Where", [isTiny, a, node("Mul", [node("Log", [sum]), node("Div", [a, rest])])])
        case .erfc: return node("Sub", [number(1), node("Erf", [a])])
        case .hypot:
            let (first, second) = (node("Abs", [a]), node("Abs", [b]))
            let large = node("Max", [first, second])
            let divisor = node("Where", [node("Equal", [large, number(0)]), number(1), large])
            let share = node("Div", [node("Min", [first, second]), divisor])
            let square = node("Add", [node("Mul", [share, share]), number(1)])
            return node("Mul", [large, node("Sqrt", [square])])
        case .atan2:
            let zero = number(0)
            let isUpright = node("Equal", [b, zero])
            let angle = node("Atan", [node("Div", [a, node("Where", [isUpright, number(1), b])])])
            let isBelow = node("Less", [a, zero])
            let turn = node("Where", [isBelow, number(-Double.pi), number(Double.pi)])
            let turned = node("Where", [node("Less", [b, zero]), node("Add", [angle, turn]), angle])
            let upright = node("Mul", [node("Sign", [a]), number(Double.pi / 2)])
            return node("Where", [isUpright, upright, turned])
        default: preconditionFailure("no ONNX form of \(op)")
        }
    }

    // MARK: The layer, [batch × units]

    private mutating func whole(_ id: ValueID) -> String {
        let value = values[id] ?? ""
        return extents[id] == .element ? value : node("Expand", [value, node("Shape", ["x"])])
    }

    private mutating func reduce(_ id: ValueID, _ reduction: LayerReduction, _ axis: LayerAxis) -> String {
        let name =
            switch reduction {
            case .mean: "ReduceMean"
            case .max: "ReduceMax"
            case .sum: "ReduceSum"
            }
        let axes =
            switch axis {
            case .batch: [0]
            case .unit: [1]
            case .tensor: [0, 1]
            }
        return node(name, [whole(id), constant(.integers(axes))], [("keepdims", 1)])
    }

    private mutating func place(_ node: ActivationIR.Node, _ id: ValueID) -> String {
        let units = self.node("Gather", [self.node("Shape", ["x"]), constant(.integers([1]))])
        let (float, zero, one) = (1, scalar(0), scalar(1))
        if node.op == .unitCount { return self.node("Cast", [units], [("to", float)]) }
        let length = self.node("Squeeze", [units])
        let places = self.node("Range", [zero, length, one])
        if node.op == .unitIndex { return self.node("Cast", [places], [("to", float)]) }
        let moved = self.node("Mod", [self.node("Add", [places, scalar(Int(node.payload))]), length])
        return self.node("Gather", [whole(node.operands[0]), moved], [("axis", 1)])
    }

    /// A whole number without dimensions.
    private mutating func scalar(_ value: Int) -> String { node("Squeeze", [constant(.integers([value]))]) }
}
