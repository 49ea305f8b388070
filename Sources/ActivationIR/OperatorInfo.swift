/// One row of the operator table: everything the system knows about an operator.
package struct OperatorInfo: Sendable {
    /// The value in double precision. Booleans are the numbers 0 and 1.
    package enum Value: Sendable {
        /// Read from the program, not computed: input, constant, parameter.
        case leaf
        case unary(@Sendable (Double) -> Double)
        case binary(@Sendable (Double, Double) -> Double)
        case ternary(@Sendable (Double, Double, Double) -> Double)
        /// Of all the elements of a layer that the axis names.
        case reduction(LayerReduction, LayerAxis)
        /// Of another unit of the same sample.
        case shift
    }

    /// What an operator costs, in additions; which of the two sums of `Cost` it counts in.
    package enum Cost: Sendable, Hashable {
        case free
        case arithmetic(Double)
        case transcendental(Double)

        package var amount: Double {
            switch self {
            case .free: 0
            case .arithmetic(let amount), .transcendental(let amount): amount
            }
        }
    }

    /// How C (GNU, float32) writes the operator.
    package enum Spelling: Sendable, Hashable {
        case leaf
        /// Between its two operands.
        case infix(String)
        /// Before its one operand.
        case prefix(String)
        /// A call of a function of <math.h>, which the printed text declares as vectorisable.
        case mathFunction(String)
        /// A call of a helper for operands that are not far from 0, of a function of <math.h> for all.
        case ranged(helper: String, library: String)
        /// A call of a compiler builtin that becomes an instruction.
        case builtin(String)
        /// A call of a helper that the kernel printer defines.
        case helper(String)
        /// A choice by the first operand that computes both others.
        case conditional
        /// `a * b + c`.
        case multiplyAdd
        /// A pass over the layer, which only the printer of layer kernels writes.
        case layer
    }

    /// Builds the partial derivatives of `result` by each operand, as IR; nil where a partial is zero everywhere.
    /// A rule reads `result` instead of computing it again wherever mathematics allows.
    package typealias DerivativeRule =
        @Sendable (inout ProgramBuilder, _ operands: [ValueID], _ result: ValueID) ->
        [ValueID?]

    /// The reverse of an operator whose result depends on the operand of other elements: the adjoint that its operand
    /// gets, as IR; where `gate` is false, it gets exactly zero.
    package typealias AdjointRule =
        @Sendable (inout ProgramBuilder, _ operator: Node, _ result: ValueID, _ adjoint: ValueID) ->
        (value: ValueID, gate: ValueID?)

    package var op: Operator
    package var operandTypes: [ValueType]
    package var resultType: ValueType
    package var isCommutative: Bool
    package var cost: Cost
    /// Where the value is a finite number, in words; empty when everywhere.
    package var domain: String
    package var value: Value
    package var derivative: DerivativeRule
    package var spelling: Spelling
    /// Operands at which the operator behaves in a special way: limits of the domain, ties, overflow, zeros.
    package var edgePoints: [[Double]]
    /// Nil for operators that work element by element, whose `derivative` says it all.
    package var adjoint: AdjointRule?

    /// Whether the derivative vanishes exactly over a range of operands, in floating point: there an infinite derivative
    /// further down the chain must not make NaN of the product, whose limit is zero.
    package var saturates: Bool {
        switch op {
        case .tanh, .sigmoid, .softplus, .erf, .erfc, .exp, .exp2, .expm1, .atan: true
        default: false
        }
    }

    /// Whether the kernel's helper begins with exp(−|a|), which the C compiler computes once for all of one argument.
    package var startsWithDecay: Bool { op == .sigmoid || op == .softplus }

    /// Whether the value depends on the layer around the element: its place, its size, other elements.
    package var readsLayer: Bool {
        switch op {
        case .unitIndex, .unitCount, .cotangent: true
        default: adjoint != nil
        }
    }

    package var name: String { op.name }
    package var arity: Int { operandTypes.count }

    /// The value for `operands`, as many as the arity; NaN for a leaf, whose value stands in the program, and for what
    /// depends on other elements.
    package func callAsFunction(_ operands: [Double]) -> Double {
        switch value {
        case .leaf, .reduction, .shift: .nan
        case .unary(let function): function(operands[0])
        case .binary(let function): function(operands[0], operands[1])
        case .ternary(let function): function(operands[0], operands[1], operands[2])
        }
    }
}

extension OperatorInfo {
    static func leaf(_ op: Operator) -> OperatorInfo {
        OperatorInfo(
            op: op, operandTypes: [], resultType: .real, isCommutative: false, cost: .free, domain: "", value: .leaf,
            derivative: { _, _, _ in [] }, spelling: .leaf, edgePoints: [])
    }

    static func unary(
        _ op: Operator, cost: Cost, spelling: Spelling, domain: String = "", edges: [Double],
        value: @escaping @Sendable (Double) -> Double, derivative: @escaping DerivativeRule
    ) -> OperatorInfo {
        OperatorInfo(
            op: op, operandTypes: [.real], resultType: .real, isCommutative: false, cost: cost, domain: domain,
            value: .unary(value), derivative: derivative, spelling: spelling, edgePoints: edges.map { [$0] })
    }

    static func binary(
        _ op: Operator, cost: Cost, spelling: Spelling, isCommutative: Bool = false, domain: String = "",
        edges: [[Double]], value: @escaping @Sendable (Double, Double) -> Double,
        derivative: @escaping DerivativeRule
    ) -> OperatorInfo {
        OperatorInfo(
            op: op, operandTypes: [.real, .real], resultType: .real, isCommutative: isCommutative, cost: cost,
            domain: domain, value: .binary(value), derivative: derivative, spelling: spelling, edgePoints: edges)
    }
}

extension ProgramBuilder {
    /// `constant / value`.
    mutating func quotient(_ constant: Double, _ value: ValueID) -> ValueID {
        binary(.divide, self.constant(constant), value)
    }

    /// `factor · value`.
    mutating func scaled(_ factor: Double, _ value: ValueID) -> ValueID {
        binary(.multiply, constant(factor), value)
    }

    /// `value + term`.
    mutating func shifted(_ value: ValueID, by term: Double) -> ValueID {
        binary(.add, value, constant(term))
    }

    mutating func squared(_ value: ValueID) -> ValueID { binary(.multiply, value, value) }
}
