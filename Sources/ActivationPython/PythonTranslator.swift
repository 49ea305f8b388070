import ActivationParser
import EvolveTypes

/// A `PythonModule` as a syntax tree of the C language.
struct PythonTranslator {
    /// What a value is in C.
    enum Kind { case real, whole, boolean }

    struct Value {
        var expression: Expression
        var kind: Kind
    }

    let module: PythonModule
    var functions: [String: PythonFunction] = [:]
    var constants: [String: PythonNode] = [:]
    private var items: [TranslationUnit.Item] = []
    /// Helpers and constants that are in `items`, and those on the way there.
    private var placed: Set<String> = []
    private var open: Set<String> = []
    /// Variables of the function being translated.
    var variables: [String: Kind] = [:]
    var temporaries = 0

    init(_ module: PythonModule) {
        self.module = module
        for statement in module.statements {
            switch statement.kind {
            case .function(let function): functions[function.name] = function
            case .assignment(let targets, let value):
                for target in targets {
                    guard case .name(let name) = target.kind else { continue }
                    if case .lambda(let parameters, let body) = value.kind {
                        functions[name] = PythonFunction(
                            name: name, parameters: parameters, text: nil,
                            body: [PythonStatement(kind: .result(body), position: body.position)],
                            position: statement.position)
                    } else {
                        constants[name] = value
                    }
                }
            default: break
            }
        }
        // A lambda alone is the function.
        if functions.isEmpty, case .expression(let node)? = module.statements.last?.kind,
            case .lambda(let parameters, let body) = node.kind
        {
            functions["activation"] = PythonFunction(
                name: "activation", parameters: parameters, text: nil,
                body: [PythonStatement(kind: .result(body), position: body.position)], position: node.position)
        }
    }

    mutating func tree(_ name: String?) throws(PythonProblem) -> TranslationUnit {
        let own = functions.values.max {
            ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column)
        }
        guard let entry = name.map({ functions[$0] }) ?? functions["activation"] ?? own else {
            throw PythonProblem(
                name.map { "there is no function '\($0)' in the text" }
                    ?? "there is no function in the text; write def activation(x): …",
                .none)
        }
        guard let input = entry.parameters.first else {
            throw PythonProblem("'\(entry.name)' takes no argument; write def activation(x): …", entry.position)
        }
        for parameter in entry.parameters.dropFirst() where parameter.value == nil {
            throw PythonProblem(
                "'\(parameter.name)' has no value: the function is one of x alone; write \(parameter.name)=1.0 among the arguments",
                parameter.position)
        }
        let function = try translated(entry, as: "activation", parameters: [input])
        items.append(.function(function))
        let idea = entry.text.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        return TranslationUnit(idea: idea, items: items)
    }

    // MARK: Functions and constants

    /// - Parameter parameters: those that are parameters in C; the others are constants in the body.
    private mutating func translated(
        _ function: PythonFunction, as name: String, parameters: [PythonParameter]
    ) throws(PythonProblem) -> Function {
        let outer = variables
        defer { variables = outer }
        variables = [:]
        var body: [Statement] = []
        for parameter in function.parameters {
            if !parameters.contains(where: { $0.name == parameter.name }), let value = parameter.value {
                body.append(declaration(parameter.name, try real(self.value(value)), .real))
            }
            variables[parameter.name] = .real
        }
        var hoisted: [Statement] = []
        let known = variables
        for nested in Self.nestedNames(function.body, isNested: false) where known[nested] == nil {
            hoisted.append(declaration(nested, Expression(.real(0)), .real))
            variables[nested] = .real
        }
        body += hoisted
        for statement in function.body { body += try translated(statement) }
        guard Self.returns(function.body) else {
            throw PythonProblem("'\(function.name)' has no return", function.position)
        }
        return Function(
            result: .float, name: name,
            parameters: parameters.map { FunctionParameter(type: .float, name: cName($0.name), position: .none) },
            body: body,
            position: .none)
    }

    private static func returns(_ statements: [PythonStatement]) -> Bool {
        statements.contains { statement in
            switch statement.kind {
            case .result: true
            case .conditional(_, let then, let otherwise): returns(then) || returns(otherwise)
            case .loop(_, _, let body), .repetition(_, let body): returns(body)
            default: false
            }
        }
    }

    /// What is given a value for the first time under a condition or in a loop: in C it has to be declared before.
    private static func nestedNames(_ statements: [PythonStatement], isNested: Bool) -> [String] {
        var (seen, found): (Set<String>, [String]) = ([], [])
        for statement in statements {
            var names: [String] = []
            switch statement.kind {
            case .assignment(let targets, _):
                for target in targets {
                    switch target.kind {
                    case .name(let name): names.append(name)
                    case .tuple(let parts):
                        for part in parts { if case .name(let name) = part.kind { names.append(name) } }
                    default: break
                    }
                }
                if isNested { found += names.filter { !seen.contains($0) } }
                seen.formUnion(names)
            case .conditional(_, let then, let otherwise):
                names = nestedNames(then, isNested: true) + nestedNames(otherwise, isNested: true)
            case .loop(_, _, let body), .repetition(_, let body): names = nestedNames(body, isNested: true)
            default: break
            }
            if case .assignment = statement.kind { continue }
            for name in names where seen.insert(name).inserted { found.append(name) }
        }
        return found
    }

    mutating func need(_ name: String, _ position: SourcePosition) throws(PythonProblem) {
        guard !placed.contains(name) else { return }
        guard open.insert(name).inserted else { throw PythonProblem("'\(name)' is defined by itself", position) }
        defer { open.remove(name) }
        if let function = functions[name] {
            guard function.name != "activation" else { throw PythonProblem("'\(name)' calls itself", position) }
            items.append(.function(try translated(function, as: cName(name), parameters: function.parameters)))
        } else if let constant = constants[name] {
            let outer = variables
            defer { variables = outer }
            variables = [:]
            let expression = try real(value(constant))
            items.append(
                .declaration(
                    Declaration(
                        isConstant: true, type: .float,
                        declarators: [Declarator(name: cName(name), initializer: .expression(expression))])))
        }
        placed.insert(name)
    }

    /// A name that C and the language leave free.
    func cName(_ name: String) -> String {
        let isTaken = Self.taken.contains(name) || Self.words.contains(name)
        return isTaken ? name + "_" : name
    }

    private static let taken = Set(BuiltinNames.all)

    private static let words: Set<String> = [
        "float", "double", "int", "bool", "char", "long", "short", "void", "const", "static", "struct", "union", "enum",
        "auto",
        "switch", "case", "default", "do", "goto", "sizeof", "typedef", "register", "volatile", "inline", "signed",
        "unsigned",
        "extern", "restrict", "true", "false", "activation", "trainable",
    ]

    // MARK: Statements

    private func declaration(_ name: String, _ value: Expression, _ kind: Kind) -> Statement {
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

    private mutating func assign(_ name: String, _ value: Value) -> Statement {
        guard let kind = variables[name] else {
            let kind: Kind = value.kind == .boolean ? .boolean : .real
            variables[name] = kind
            return declaration(name, kind == .real ? real(value) : value.expression, kind)
        }
        return Statement(
            .assignment(
                target: Statement.Target(name: cName(name), index: nil), operator: nil,
                value: kind == .real ? real(value) : value.expression))
    }

    private mutating func translated(_ statement: PythonStatement) throws(PythonProblem) -> [Statement] {
        switch statement.kind {
        case .assignment(let targets, let node): return try assignment(targets, node)
        case .augmented(let target, let sign, let node):
            guard variables[target] != nil else {
                throw PythonProblem("'\(target)' has no value yet", statement.position)
            }
            let name = PythonNode(kind: .name(target), position: statement.position)
            return [
                assign(target, try value(PythonNode(kind: .binary(sign, name, node), position: statement.position)))
            ]
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
            let condition = try truth(test)
            return [
                Statement(
                    .loop(
                        Statement.Loop(
                            form: .whileLoop, initial: [], condition: condition, step: [], body: try all(body))))
            ]
        case .function(let function):
            throw PythonProblem("'\(function.name)' is defined inside a function; move it out", statement.position)
        case .expression(let node):
            if case .text = node.kind { return [] }
            throw PythonProblem("this value is not used", node.position)
        case .leave: return [Statement(.leave)]
        case .next: return [Statement(.next)]
        case .nothing: return []
        }
    }

    private mutating func all(_ statements: [PythonStatement]) throws(PythonProblem) -> [Statement] {
        var result: [Statement] = []
        for statement in statements { result += try translated(statement) }
        return result
    }

    private mutating func assignment(_ targets: [PythonNode], _ node: PythonNode) throws(PythonProblem) -> [Statement] {
        var statements: [Statement] = []
        for target in targets {
            switch (target.kind, node.kind) {
            case (.name(let name), .lambda):
                throw PythonProblem("'\(name)' is a function inside a function; move it out", node.position)
            case (.name(let name), _): statements.append(assign(name, try value(node)))
            case (.tuple(let names), .tuple(let values)) where names.count == values.count:
                // All values first: a, b = b, a.
                var made: [(String, Value)] = []
                for (target, node) in zip(names, values) {
                    guard case .name(let name) = target.kind else {
                        throw PythonProblem("only names can be given values", target.position)
                    }
                    let value = try value(node)
                    temporaries += 1
                    let temporary = "tmp\(temporaries)"
                    variables[temporary] = value.kind == .boolean ? .boolean : .real
                    statements.append(
                        declaration(
                            temporary, value.kind == .boolean ? value.expression : real(value),
                            variables[temporary] ?? .real))
                    made.append(
                        (name, Value(expression: Expression(.name(temporary)), kind: variables[temporary] ?? .real)))
                }
                for (name, value) in made { statements.append(assign(name, value)) }
            default: throw PythonProblem("only names can be given values", target.position)
            }
        }
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
        let start = bounds.count > 1 ? bounds[0] : Expression(.integer(0))
        let end = bounds.count > 1 ? bounds[1] : bounds[0]
        let step = bounds.count > 2 ? bounds[2] : Expression(.integer(1))
        let isDown = if case .unary(.minus, _) = step.kind { true } else { false }
        let outer = variables[variable]
        variables[variable] = .whole
        defer { variables[variable] = outer }
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
