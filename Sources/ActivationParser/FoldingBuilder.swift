import ActivationIR

/// A value under evaluation: known at compile time, or computed by a node.
enum Operand: Hashable {
    /// A number; a boolean is 0 or 1.
    case constant(Double)
    case node(ValueID)

    var constant: Double? { if case .constant(let value) = self { value } else { nil } }
}

/// `ProgramBuilder` over operands: what is known at compile time is computed here, in float32, and makes no node.
///
/// Folding keeps C's values: only operations whose operands are all known are folded, and a choice whose condition is
/// known. A result that is not finite is left to run time.
struct FoldingBuilder {
    private(set) var builder = ProgramBuilder()

    var line: Int {
        get { builder.line }
        set { builder.line = newValue }
    }

    var count: Int { builder.nodes.count }

    mutating func input() -> Operand { .node(builder.input()) }

    mutating func trainable(name: String, initial: Double) -> Operand {
        .node(builder.trainable(name: name, initial: initial))
    }

    /// The node of a real operand.
    mutating func node(_ operand: Operand) -> ValueID {
        switch operand {
        case .constant(let value): builder.constant(Self.rounded(value))
        case .node(let id): id
        }
    }

    func finish(output: ValueID) -> Program { builder.finish(outputs: [output]) }

    /// To float32, as a C compiler stores a constant.
    static func rounded(_ value: Double) -> Double { Double(Float(value)) }

    // MARK: Operators

    mutating func apply(_ op: Operator, _ operands: Operand...) -> Operand {
        let known = operands.compactMap(\.constant)
        if known.count == operands.count {
            let value = Self.rounded(OperatorTable[op](known))
            if value.isFinite { return .constant(value) }
        }
        return .node(builder.append(op, operands.map { node($0) }))
    }

    /// A statistic, a shift, or a leaf that says where the element is: never known at compile time.
    mutating func layer(_ op: Operator, _ operands: [Operand], places: Double = 0) -> Operand {
        .node(builder.append(op, operands.map { node($0) }, payload: places == 0 ? 0 : places))
    }

    mutating func add(_ a: Operand, _ b: Operand) -> Operand { apply(.add, a, b) }
    mutating func subtract(_ a: Operand, _ b: Operand) -> Operand { apply(.subtract, a, b) }
    mutating func multiply(_ a: Operand, _ b: Operand) -> Operand { apply(.multiply, a, b) }
    mutating func divide(_ a: Operand, _ b: Operand) -> Operand { apply(.divide, a, b) }

    mutating func multiply(_ a: Double, _ b: Operand) -> Operand { multiply(.constant(Self.rounded(a)), b) }
    mutating func add(_ a: Double, _ b: Operand) -> Operand { add(.constant(Self.rounded(a)), b) }

    mutating func less(_ a: Operand, _ b: Operand) -> Operand { apply(.less, a, b) }
    mutating func lessEqual(_ a: Operand, _ b: Operand) -> Operand { apply(.lessEqual, a, b) }
    mutating func equal(_ a: Operand, _ b: Operand) -> Operand { apply(.equal, a, b) }

    // MARK: Logic. A known boolean never becomes a node.

    mutating func not(_ a: Operand) -> Operand {
        if let value = a.constant { return .constant(1 - value) }
        return apply(.not, a)
    }

    mutating func and(_ a: Operand, _ b: Operand) -> Operand {
        if let value = a.constant { return value == 0 ? a : b }
        if let value = b.constant { return value == 0 ? b : a }
        return a == b ? a : apply(.and, a, b)
    }

    mutating func or(_ a: Operand, _ b: Operand) -> Operand {
        if let value = a.constant { return value == 0 ? b : a }
        if let value = b.constant { return value == 0 ? a : b }
        return a == b ? a : apply(.or, a, b)
    }

    /// `condition ? a : b` over two reals.
    mutating func select(_ condition: Operand, _ a: Operand, _ b: Operand) -> Operand {
        if let known = condition.constant { return known != 0 ? a : b }
        return a == b ? a : apply(.select, condition, a, b)
    }

    /// `condition ? a : b` over two booleans, as logic where one of them is known.
    mutating func selectBoolean(_ condition: Operand, _ a: Operand, _ b: Operand) -> Operand {
        if let known = condition.constant { return known != 0 ? a : b }
        if a == b { return a }
        let a = a == condition ? .constant(1) : a
        let b = b == condition ? .constant(0) : b
        switch (a.constant, b.constant) {
        case (let a?, let b?): return a == b ? .constant(a) : a != 0 ? condition : not(condition)
        case (let a?, nil): return a != 0 ? or(condition, b) : and(not(condition), b)
        case (nil, let b?): return b == 0 ? and(condition, a) : or(not(condition), a)
        case (nil, nil): return apply(.select, condition, a, b)
        }
    }
}
