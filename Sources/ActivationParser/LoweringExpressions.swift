import ActivationIR

/// Expressions: C's types and conversions over `FoldingBuilder`.
extension Lowering {
    mutating func evaluate(_ expression: Expression) throws -> Value {
        try counted(expression.position) { try $0.evaluateKind(expression) }
    }

    /// As a condition: a boolean.
    mutating func truth(_ expression: Expression) throws -> Operand {
        try convert(evaluate(expression), to: .bool, expression.position)
    }

    private mutating func evaluateKind(_ expression: Expression) throws -> Value {
        let position = expression.position
        switch expression.kind {
        case .real(let value):
            let known = Operand.constant(FoldingBuilder.rounded(value))
            return Value(type: .float, operand: openNumbers.isEmpty ? known : openNumbers[position] ?? known)
        case .integer(let value): return Value(type: .int, operand: .constant(value))
        case .name(let name): return try read(name, position)
        case .element(let array, let index): return try readElement(array, index, position)
        case .unary(let op, let a): return try apply(op, try evaluate(a), position)
        case .cast(let type, let a): return Value(type: type, operand: try convert(evaluate(a), to: type, position))
        case .binary(.and, let a, let b):
            let left = try truth(a)
            // As in C, what follows a false && is not evaluated: an index there may be out of bounds.
            if left.constant == 0 { return Value(type: .bool, operand: left) }
            return Value(type: .bool, operand: build.and(left, try truth(b)))
        case .binary(.or, let a, let b):
            let left = try truth(a)
            if left.constant == 1 { return Value(type: .bool, operand: left) }
            return Value(type: .bool, operand: build.or(left, try truth(b)))
        case .binary(let op, let a, let b): return try combine(op, try evaluate(a), try evaluate(b), position)
        case .conditional(let condition, let a, let b): return try choose(truth(condition), a, b, position)
        case .call(let name, let arguments): return try call(name, arguments, position)
        }
    }

    private mutating func choose(
        _ condition: Operand, _ a: Expression, _ b: Expression, _ position: SourcePosition
    ) throws -> Value {
        if let known = condition.constant { return try evaluate(known != 0 ? a : b) }
        let (left, right) = (try evaluate(a), try evaluate(b))
        if left.type == .bool, right.type == .bool {
            return Value(type: .bool, operand: build.selectBoolean(condition, left.operand, right.operand))
        }
        let type = arithmeticType(left, right)
        let (first, second) = (try convert(left, to: type, position), try convert(right, to: type, position))
        return Value(type: type, operand: build.select(condition, first, second))
    }

    // MARK: Names

    private mutating func read(_ name: String, _ position: SourcePosition) throws -> Value {
        if let binding = binding(name) {
            guard let operand = environment.slots[binding.slots.lowerBound] else { throw unassigned(name, position) }
            return Value(type: binding.type, operand: operand)
        }
        if let macro = macros[name] { return try evaluate(macro) }
        if let global = globals[name] { return Value(type: global.type, operand: global.elements[0]) }
        if let value = NamedConstants.value(name) {
            return Value(type: .float, operand: .constant(FoldingBuilder.rounded(value)))
        }
        guard name == "true" || name == "false" else { throw Stop.refused(position) }
        return Value(type: .bool, operand: .constant(name == "true" ? 1 : 0))
    }

    private mutating func readElement(
        _ array: String, _ index: Expression, _ position: SourcePosition
    ) throws -> Value {
        if let binding = binding(array) {
            let slot = binding.slots.lowerBound + (try self.index(index, binding.slots.count, array))
            guard let operand = environment.slots[slot] else { throw unassigned(array, position) }
            return Value(type: binding.type, operand: operand)
        }
        guard let global = globals[array] else { throw Stop.refused(position) }
        return Value(type: global.type, operand: global.elements[try self.index(index, global.elements.count, array)])
    }

    // MARK: Types

    private func arithmeticType(_ a: Value, _ b: Value) -> ScalarType {
        a.type == .float || b.type == .float ? .float : .int
    }

    /// A conversion as C makes it: towards zero to int, 0 or 1 from bool, "is not 0" to bool.
    mutating func convert(_ value: Value, to type: ScalarType, _ position: SourcePosition) throws -> Operand {
        switch (value.type, type) {
        case (.float, .int):
            if let known = value.operand.constant {
                return .constant(try checkedInt(known.rounded(.towardZero), position))
            }
            return build.apply(.truncate, value.operand)
        case (.int, .float):
            return value.operand.constant.map { .constant(FoldingBuilder.rounded($0)) } ?? value.operand
        case (.bool, .int), (.bool, .float): return build.select(value.operand, .constant(1), .constant(0))
        case (.int, .bool), (.float, .bool): return build.not(build.equal(value.operand, .constant(0)))
        case (.float, .float), (.int, .int), (.bool, .bool): return value.operand
        }
    }

    private func checkedInt(_ value: Double, _ position: SourcePosition) throws -> Double {
        guard value.magnitude <= Double(Int32.max) else {
            throw Stop(position: position, message: "this value does not fit in int; compute it in float")
        }
        return value == 0 ? 0 : value
    }

    // MARK: Operators

    private mutating func apply(_ op: UnaryOperator, _ value: Value, _ position: SourcePosition) throws -> Value {
        if op == .not {
            return Value(type: .bool, operand: build.not(try convert(value, to: .bool, position)))
        }
        let type = arithmeticType(value, value)
        let operand = try convert(value, to: type, position)
        if op == .plus { return Value(type: type, operand: operand) }
        if type == .int, let known = operand.constant {
            return Value(type: .int, operand: .constant(known == 0 ? 0 : -known))
        }
        return Value(type: type, operand: build.apply(.negate, operand))
    }

    mutating func combine(_ op: BinaryOperator, _ a: Value, _ b: Value, _ position: SourcePosition) throws -> Value {
        let type = arithmeticType(a, b)
        let left = try convert(a, to: type, position)
        let right = try convert(b, to: type, position)
        switch op {
        case .less: return Value(type: .bool, operand: build.less(left, right))
        case .greater: return Value(type: .bool, operand: build.less(right, left))
        case .lessEqual: return Value(type: .bool, operand: build.lessEqual(left, right))
        case .greaterEqual: return Value(type: .bool, operand: build.lessEqual(right, left))
        case .equal: return Value(type: .bool, operand: build.equal(left, right))
        case .notEqual: return Value(type: .bool, operand: build.not(build.equal(left, right)))
        default: break
        }
        let operand =
            type == .int
            ? try combineIntegers(op, left, right, position)
            : build.apply(Self.arithmetic[op] ?? .remainder, left, right)
        return Value(type: type, operand: operand)
    }

    private static let arithmetic: [BinaryOperator: Operator] = [
        .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .remainder: .remainder,
    ]

    private mutating func combineIntegers(
        _ op: BinaryOperator, _ a: Operand, _ b: Operand, _ position: SourcePosition
    ) throws -> Operand {
        if b.constant == 0, op == .divide || op == .remainder {
            throw Stop(position: position, message: "division of int by zero")
        }
        guard let x = a.constant, let y = b.constant else {
            let result = build.apply(Self.arithmetic[op] ?? .remainder, a, b)
            return op == .divide ? build.apply(.truncate, result) : result
        }
        let exact =
            switch op {
            case .add: x + y
            case .subtract: x - y
            case .multiply: x * y
            case .divide: (x / y).rounded(.towardZero)
            default: x.truncatingRemainder(dividingBy: y)
            }
        return .constant(try checkedInt(exact, position))
    }

    // MARK: Calls

    private mutating func call(_ name: String, _ arguments: [Expression], _ position: SourcePosition) throws -> Value {
        if name == BuiltinTable.trainable, functions[name] == nil {
            guard arguments.count == 1 else { throw Stop.refused(position) }
            return try trainable(arguments[0], position)
        }
        let hint = declaring
        declaring = nil
        defer { declaring = hint }
        var values: [Value] = []
        for argument in arguments { values.append(try evaluate(argument)) }
        if let function = functions[name] { return try inline(function, values) }
        guard let builtin = BuiltinTable[name], builtin.arity == arguments.count else {
            throw Stop.refused(position)
        }
        var operands: [Operand] = []
        for value in values { operands.append(try convert(value, to: .float, position)) }
        if builtin.origin == .layer, builtin.arity == 2 { try checkPlaces(operands[1], arguments[1].position) }
        build.line = position.line
        let result = builtin.lower(&build, operands)
        if builtin.result == .int, let known = result.constant { _ = try checkedInt(known, position) }
        return Value(type: builtin.result, operand: result)
    }

    private func checkPlaces(_ places: Operand, _ position: SourcePosition) throws {
        guard let known = places.constant else {
            throw Stop(position: position, message: "how far to shift must be a constant, like unit_shift(x, 1)")
        }
        guard known.rounded() == known, abs(known) <= LayerLimits.shift else {
            throw Stop(
                position: position,
                message: "a shift is by a whole number of units, at most \(Int(LayerLimits.shift)), found \(known)")
        }
    }

    /// Each evaluation makes a parameter of its own: one for each iteration of a loop, one for each call of a helper.
    private mutating func trainable(_ argument: Expression, _ position: SourcePosition) throws -> Value {
        let hint = declaring ?? "p"
        guard let initial = try convert(evaluate(argument), to: .float, position).constant, initial.isFinite else {
            throw Stop(
                position: argument.position, message: "trainable needs a constant to start from, like trainable(0.1f)")
        }
        guard parameterNames.count < limits.parameters else {
            throw Stop(position: position, message: "at most \(limits.parameters) trainable values; use fewer")
        }
        var name = hint
        var number = 2
        while !parameterNames.insert(name).inserted {
            name = "\(hint)\(number)"
            number += 1
        }
        parameterPositions.append(position)
        initialExpressions.append(argument)
        return Value(type: .float, operand: build.trainable(name: name, initial: initial))
    }
}
