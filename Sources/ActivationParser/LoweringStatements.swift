import ActivationIR

/// Statements: paths, loops, declarations, assignments.
extension Lowering {
    /// A path that ended on a condition: the environment there, to be merged back where paths meet.
    private typealias Exit = (condition: Operand, environment: Environment)

    mutating func run(_ statements: [Statement]) throws {
        scopes.append([:])
        let visible = slotTypes.count
        var exits: [Exit] = []
        for statement in statements {
            try counted(statement.position) { try $0.run(statement) }
            let ended = pathEnded(ignoringSkips: false)
            if ended.constant == 1 { break }
            if ended.constant == nil {
                exits.append((ended, environment))
                assumePathGoesOn()
            }
        }
        mergeBack(exits)
        scopes.removeLast()
        environment.slots.removeSubrange(min(visible, environment.slots.count)...)
        slotTypes.removeSubrange(visible...)
    }

    private mutating func pathEnded(ignoringSkips: Bool) -> Operand {
        let ended = build.or(environment.returned, environment.left)
        return ignoringSkips ? ended : build.or(ended, environment.skipped)
    }

    private mutating func assumePathGoesOn() {
        environment.returned = .constant(0)
        environment.left = .constant(0)
        environment.skipped = .constant(0)
    }

    private mutating func mergeBack(_ exits: [Exit]) {
        for exit in exits.reversed() { environment = merge(exit.condition, exit.environment, environment) }
    }

    private mutating func run(_ statement: Statement) throws {
        switch statement.kind {
        case .declaration(let declaration): try declare(declaration)
        case .assignment(let target, let op, let value):
            try assign(target, op, value, at: statement.position)
        case .expression(let value): _ = try evaluate(value)
        case .conditional(let condition, let then, let otherwise):
            try branch(try truth(condition), then, otherwise ?? [])
        case .loop(let loop): try run(loop, at: statement.position)
        case .block(let statements): try run(statements)
        case .result(let value):
            environment.result = try convert(evaluate(value), to: resultType, value.position)
            environment.returned = .constant(1)
        case .leave: environment.left = .constant(1)
        case .next: environment.skipped = .constant(1)
        }
    }

    private mutating func branch(_ condition: Operand, _ then: [Statement], _ otherwise: [Statement]) throws {
        if let known = condition.constant { return try run(known != 0 ? then : otherwise) }
        let before = environment
        try run(then)
        let taken = environment
        environment = before
        try run(otherwise)
        environment = merge(condition, taken, environment)
    }

    // MARK: Loops

    private mutating func run(_ loop: Statement.Loop, at position: SourcePosition) throws {
        scopes.append([:])
        let visible = slotTypes.count
        for statement in loop.initial { try run(statement) }
        var exits: [Exit] = []
        var dependsOnInput = false
        var isFirst = true
        do {
            while true {
                if loop.form != .doWhile || !isFirst, let condition = loop.condition {
                    let goesOn = try truth(condition)
                    if goesOn.constant == 0 { break }
                    if goesOn.constant == nil {
                        dependsOnInput = true
                        exits.append((build.not(goesOn), environment))
                    }
                }
                isFirst = false
                try countIteration(position)
                try run(loop.body)
                environment.skipped = .constant(0)
                let ended = pathEnded(ignoringSkips: true)
                if ended.constant == 1 { break }
                if ended.constant == nil {
                    dependsOnInput = dependsOnInput || loop.condition?.isLiteral ?? true
                    exits.append((ended, environment))
                    assumePathGoesOn()
                }
                for statement in loop.step { try run(statement) }
            }
        } catch let stop as Stop where stop.isLimit {
            throw loopError(loop, position, dependsOnInput: dependsOnInput, otherwise: stop)
        }
        mergeBack(exits)
        environment.left = .constant(0)
        scopes.removeLast()
        environment.slots.removeSubrange(min(visible, environment.slots.count)...)
        slotTypes.removeSubrange(visible...)
    }

    private mutating func countIteration(_ position: SourcePosition) throws {
        iterations += 1
        guard iterations <= limits.iterations else {
            throw Stop(
                position: position,
                message: "loops run more than \(limits.iterations) times in all; use a smaller constant bound",
                isLimit: true)
        }
    }

    private func loopError(
        _ loop: Statement.Loop, _ position: SourcePosition, dependsOnInput: Bool, otherwise: Stop
    ) -> Stop {
        let advice = "count to a constant, like for (int i = 0; i < 8; i++)"
        if dependsOnInput {
            let message = "how often this loop runs depends on x; \(advice)"
            return Stop(position: position, message: message)
        }
        if loop.condition?.isLiteral ?? true {
            return Stop(position: position, message: "this loop has no end; \(advice)")
        }
        return Stop(position: otherwise.position, message: otherwise.message)
    }

    // MARK: Variables

    mutating func declare(_ declaration: Declaration) throws {
        for declarator in declaration.declarators {
            declaring = declarator.name
            defer { declaring = nil }
            switch declarator.shape {
            case .scalar:
                var element: Operand?
                if case .expression(let value) = declarator.initializer {
                    element = try convert(evaluate(value), to: declaration.type, value.position)
                }
                bind(declarator.name, declaration.type, [element])
            case .array(let count):
                bind(
                    declarator.name, declaration.type, try elements(declarator, count, declaration.type), isArray: true)
            }
        }
    }

    private mutating func elements(
        _ declarator: Declarator, _ count: Expression?, _ type: ScalarType
    ) throws -> [Operand?] {
        var elements: [Operand?] = []
        if case .list(let values) = declarator.initializer {
            for value in values { elements.append(try convert(evaluate(value), to: type, value.position)) }
        }
        guard let count else { return elements }
        guard let known = try evaluate(count).operand.constant else {
            throw Stop(position: count.position, message: "the number of elements must be a constant")
        }
        guard known >= 1, known <= Double(limits.arrayElements) else {
            throw Stop(
                position: count.position,
                message: "an array has 1 to \(limits.arrayElements) elements, found \(Int(known))")
        }
        guard elements.count <= Int(known) else {
            throw Stop(
                position: declarator.position,
                message: "'\(declarator.name)' has \(Int(known)) elements but \(elements.count) values")
        }
        // C fills the rest with zeros when some are given.
        let rest: Operand? = declarator.initializer == .none ? nil : .constant(0)
        return elements + Array(repeating: rest, count: Int(known) - elements.count)
    }

    private mutating func assign(
        _ target: Statement.Target, _ op: BinaryOperator?, _ value: Expression, at position: SourcePosition
    ) throws {
        // A global, or an unknown name.
        guard let binding = binding(target.name) else { throw Stop.refused(position) }
        let slot =
            binding.slots.lowerBound + (try target.index.map { try index($0, binding.slots.count, target.name) } ?? 0)
        declaring = target.name
        defer { declaring = nil }
        var new = try evaluate(value)
        if let op {
            guard let old = environment.slots[slot] else { throw unassigned(target.name, position) }
            new = try combine(op, Value(type: binding.type, operand: old), new, position)
        }
        environment.slots[slot] = try convert(new, to: binding.type, value.position)
    }

    func binding(_ name: String) -> Binding? {
        for scope in scopes.reversed() {
            if let binding = scope[name] { return binding }
        }
        return nil
    }

    func unassigned(_ name: String, _ position: SourcePosition) -> Stop {
        Stop(position: position, message: "'\(name)' is read before it has a value; give it one where it is declared")
    }

    /// The value of an index, within an array of `count` elements.
    mutating func index(_ expression: Expression, _ count: Int, _ array: String) throws -> Int {
        guard let known = try evaluate(expression).operand.constant else {
            throw Stop(
                position: expression.position,
                message: "the index of '\(array)' depends on x; use a constant or the counter of a for loop")
        }
        guard known >= 0, known < Double(count) else {
            throw Stop(
                position: expression.position,
                message: "'\(array)' has elements 0 to \(count - 1), found index \(Int(known))")
        }
        return Int(known)
    }
}

extension Expression {
    fileprivate var isLiteral: Bool {
        switch kind {
        case .integer, .real, .name("true"): true
        default: false
        }
    }
}
