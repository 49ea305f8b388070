import ActivationParser

/// Statements of Python as statements of C.
extension PythonTranslator {
    func declaration(_ name: String, _ value: Expression, _ kind: Kind) -> Statement {
        let type: ScalarType =
            switch kind {
            case .real: .float
            case .whole: .int
            case .boolean: .bool
            }
        return Statement(
            .declaration(
                Declaration(type: type, declarators: [Declarator(name: cName(name), initializer: .expression(value))])))
    }

    private mutating func assign(_ name: String, _ value: Value) throws(PythonProblem) -> Statement {
        if value.kind == .boolean, !numbers.contains(name) {
            truths.insert(name)
        } else {
            truths.remove(name)
            numbers.insert(name)
        }
        guard let kind = variables[name] else {
            let kind: Kind = value.kind == .boolean && single.contains(name) ? .boolean : .real
            variables[name] = kind
            return declaration(name, kind == .real ? real(value) : value.expression, kind)
        }
        guard kind == .real else {
            throw PythonProblem("'\(name)' counts the loop; give this value another name", .none)
        }
        return Statement(
            .assignment(target: Statement.Target(name: cName(name), index: nil), operator: nil, value: real(value)))
    }

    mutating func translated(_ statement: PythonStatement) throws(PythonProblem) -> [Statement] {
        switch statement.kind {
        case .assignment(let targets, let node): return try assignment(targets, node)
        case .result(let node):
            guard let node else { throw PythonProblem("this returns nothing; return a value", statement.position) }
            if case .tuple = node.kind { throw PythonProblem("this returns several values; return one", node.position) }
            return [Statement(.result(try real(value(node))))]
        case .conditional(let test, let then, let otherwise):
            let condition = try truth(test)
            let first = try all(then)
            return [
                Statement(.conditional(condition, then: first, otherwise: otherwise.isEmpty ? nil : try all(otherwise)))
            ]
        case .loop(let variable, let range, let body): return [try loop(variable, range, body)]
        case .repetition(let test, let body):
            let changed = Set(body.flatMap(\.assigned))
            numbers.formUnion(changed)
            truths.subtract(changed)
            let condition = try truth(test)
            return [
                Statement(
                    .loop(
                        Statement.Loop(
                            form: .whileLoop, initial: [], condition: condition, step: [], body: try all(body))))
            ]
        case .type(let type):
            throw PythonProblem("'\(type.name)' is defined inside a function; move it out", statement.position)
        case .leave: return [Statement(.leave)]
        case .next: return [Statement(.next)]
        // PythonSimplifier leaves none of these.
        case .augmented, .function, .expression, .context, .attempt, .failure, .outer, .nothing:
            throw PythonProblem("this statement is not read here", statement.position)
        }
    }

    private mutating func all(_ statements: [PythonStatement]) throws(PythonProblem) -> [Statement] {
        var result: [Statement] = []
        for statement in statements { result += try translated(statement) }
        return result
    }

    private mutating func assignment(_ targets: [PythonNode], _ node: PythonNode) throws(PythonProblem) -> [Statement] {
        guard targets.count == 1, let target = targets.first else { return [] }
        if case .name(let name) = target.kind {
            do { return [try assign(name, try value(node))] } catch { throw error.placed(target.position) }
        }
        guard case .tuple(let names) = target.kind, case .tuple(let values) = node.kind else {
            throw PythonProblem("only names can be given values", target.position)
        }
        // All values first: a, b = b, a.
        var statements: [Statement] = []
        var made: [(String, Value)] = []
        for (target, node) in zip(names, values) {
            guard case .name(let name) = target.kind else {
                throw PythonProblem("only names can be given values", target.position)
            }
            let value = try value(node)
            let temporary = temporary()
            statements.append(declaration(temporary, real(value), .real))
            made.append(
                (name, Value(expression: Expression(.name(temporary)), kind: value.kind == .boolean ? .boolean : .real))
            )
        }
        for (name, value) in made { statements.append(try assign(name, value)) }
        return statements
    }

    private mutating func loop(
        _ variable: String, _ range: PythonNode, _ body: [PythonStatement]
    ) throws(PythonProblem) -> Statement {
        guard case .call(let function, let arguments, _) = range.kind, case .name("range") = function.kind,
            (1...3).contains(arguments.count)
        else { throw PythonProblem("a for loop has to go over range(…)", range.position) }
        var bounds: [Expression] = []
        for argument in arguments { bounds.append(try whole(argument)) }
        guard variables[variable] == nil else {
            throw PythonProblem("'\(variable)' has a value already; give the loop another name", range.position)
        }
        let changed = Set(body.flatMap(\.assigned))
        // What changes its type from step to step is a number.
        numbers.formUnion(changed)
        truths.subtract(changed)
        let start = bounds.count > 1 ? bounds[0] : Expression(.integer(0))
        let end = bounds.count > 1 ? bounds[1] : bounds[0]
        let step = bounds.count > 2 ? bounds[2] : Expression(.integer(1))
        let isDown = if case .unary(.minus, _) = step.kind { true } else { false }
        variables[variable] = .whole
        defer { variables[variable] = nil }
        let name = Expression(.name(cName(variable)))
        return Statement(
            .loop(
                Statement.Loop(
                    form: .forLoop, initial: [declaration(variable, start, .whole)],
                    condition: Expression(.binary(isDown ? .greater : .less, name, end)),
                    step: [
                        Statement(
                            .assignment(
                                target: Statement.Target(name: cName(variable), index: nil), operator: .add, value: step
                            ))
                    ], body: try all(body))))
    }
}
