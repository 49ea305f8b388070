import ActivationParser

/// What the statements outside of functions define, one after the other, as Python runs them.
///
/// A name whose value is not known when they have run is told where it is used; what does not matter for the function
/// (plots, tests, training) may be anything.
struct PythonDefinitions {
    private(set) var functions: [String: PythonFunction] = [:]
    private(set) var classes: [String: PythonClass] = [:]
    private(set) var constants: [String: PythonNode] = [:]
    /// Why the value of a name is not known.
    private(set) var unknown: [String: PythonProblem] = [:]

    init(_ module: PythonModule) {
        for statement in module.statements { read(statement) }
        // A lambda alone is the function.
        if functions.isEmpty, classes.isEmpty, case .expression(let node)? = module.statements.last?.kind,
            case .lambda(let parameters, let body) = node.kind
        {
            functions["activation"] = PythonFunction(
                name: "activation", parameters: parameters, value: body, position: node.position)
        }
    }

    private mutating func read(_ statement: PythonStatement) {
        switch statement.kind {
        case .function(let function):
            forget(function.name)
            functions[function.name] = function
        case .type(let type):
            forget(type.name)
            classes[type.name] = type
        case .assignment(let targets, let value):
            for target in targets { give(target, value, statement) }
        case .augmented(let target, let sign, let value):
            guard let name = target.name, constants[name] != nil else { return miss(statement, "is changed in place") }
            set(name, PythonNode(kind: .binary(sign, target, value), position: value.position), statement)
        case .conditional(let test, let then, let otherwise):
            // What a script does is not the function.
            if test.mentions.contains("__name__") || test.lastName == "TYPE_CHECKING" { return }
            guard let isSo = PythonKnown(values: constants).truth(test) else {
                return miss(statement, "is given its value under a condition")
            }
            for statement in isSo ? then : otherwise { read(statement) }
        case .loop, .repetition: miss(statement, "is given its value in a loop")
        case .context(_, let body), .attempt(let body): for statement in body { read(statement) }
        case .expression: miss(statement, "is changed")
        case .result, .failure, .outer, .leave, .next, .nothing: break
        }
    }

    /// The names that a statement gives values to have values that are not known.
    private mutating func miss(_ statement: PythonStatement, _ reason: String) {
        for name in statement.assigned { miss(name, reason, statement.position) }
    }

    private mutating func miss(_ name: String, _ reason: String, _ position: SourcePosition) {
        forget(name)
        unknown[name] = PythonProblem(
            "'\(name)' \(reason) outside of functions, which is not read here; give it its value once", position)
    }

    private mutating func forget(_ name: String) {
        functions[name] = nil
        classes[name] = nil
        constants[name] = nil
        unknown[name] = nil
    }

    private mutating func give(_ target: PythonNode, _ value: PythonNode, _ statement: PythonStatement) {
        switch (target.kind, value.kind) {
        case (.name(let name), _): set(name, value, statement)
        case (.tuple(let targets), .tuple(let values)) where targets.count == values.count:
            guard targets.allSatisfy({ $0.name.map { constants[$0] == nil } ?? false }) else { fallthrough }
            for (target, value) in zip(targets, values) { give(target, value, statement) }
        default: for name in target.bound { miss(name, "is given its value", statement.position) }
        }
    }

    private mutating func set(_ name: String, _ value: PythonNode, _ statement: PythonStatement) {
        var value = value
        if let old = constants[name] {
            // What was made of the old value keeps it.
            let users = constants.filter { $0.key != name && $0.value.mentions.contains(name) }
            let isCalled = constants.values.contains {
                $0.mentions.contains { functions[$0] != nil || classes[$0] != nil }
            }
            guard !isCalled, classes.isEmpty, !old.makesTrained || users.isEmpty else {
                return miss(name, "is given several values", statement.position)
            }
            func put(_ node: PythonNode) -> PythonNode? { node.replaced(name, by: old) }
            value = put(value) ?? value
            guard value.size <= PythonNode.largest else {
                return miss(name, "is given several values", statement.position)
            }
            guard users.values.allSatisfy({ $0.size * old.size <= PythonNode.largest * PythonNode.largest }) else {
                return miss(name, "is given several values", statement.position)
            }
            for (user, node) in users { constants[user] = put(node) ?? node }
            for (key, function) in functions {
                functions[key]?.parameters = function.parameters.map { parameter in
                    var parameter = parameter
                    parameter.value = parameter.value.flatMap(put) ?? parameter.value
                    return parameter
                }
            }
        }
        if value.mentions.contains(name) { return miss(name, "is made of itself", statement.position) }
        forget(name)
        if case .lambda(let parameters, let body) = value.kind {
            functions[name] = PythonFunction(
                name: name, parameters: parameters, value: body, position: statement.position)
        } else if var function = alias(value) {
            function.name = name
            functions[name] = function
        } else {
            constants[name] = value
        }
    }

    /// What hands on a function as it is.
    private static let wrappers: Set<String> = [
        "jit", "vectorize", "vmap", "pmap", "compile", "njit", "script", "filter_jit", "function", "Partial", "partial",
    ]

    /// `g = f`, `g = jax.jit(f)`.
    private func alias(_ value: PythonNode) -> PythonFunction? {
        if let name = value.name { return functions[name] }
        guard case .call(let wrapper, let arguments, let options) = value.kind, let name = wrapper.lastName,
            Self.wrappers.contains(name), arguments.count == 1, let first = arguments.first?.name,
            var function = functions[first]
        else { return nil }
        guard name.lowercased() == "partial" else { return function }
        for option in options {
            guard let index = function.parameters.firstIndex(where: { $0.name == option.name }) else { return nil }
            function.parameters[index].value = option.value
        }
        return function
    }
}

extension PythonNode {
    /// Whether something in it is made to be trained.
    var makesTrained: Bool { isTrained || parts.contains(where: \.makesTrained) }

    var isTrained: Bool {
        guard case .call(let function, _, _) = kind, let name = function.lastName else { return false }
        return PythonCall.training.contains(name) || name == "trainable"
    }

    func replaced(_ name: String, by node: PythonNode) -> PythonNode? {
        try? replacing { part throws(PythonProblem) in part.isName(name) ? node : nil }
    }
}
