import ActivationParser

/// A class whose objects are called: a Module of torch, flax or haiku, a Layer of Keras, or one of Python alone.
struct PythonClass {
    var name: String
    /// What its documentation says.
    var text: String?
    var methods: [PythonFunction]
    /// Statements among the methods: constants of all objects.
    var statements: [PythonStatement]
    var position: SourcePosition

    /// Methods that compute what an object gives for x, the most telling first.
    private static let computing = ["forward", "__call__", "call"]
    /// Methods that give an object its attributes.
    private static let preparing = ["__init__", "setup", "build"]

    init(name: String, body: [PythonStatement], position: SourcePosition) {
        self.name = name
        self.position = position
        methods = body.compactMap { if case .function(let function) = $0.kind { function } else { nil } }
        statements = body.filter { if case .assignment = $0.kind { true } else { false } }
        if case .expression(let node)? = body.first?.kind, case .text(let words) = node.kind { text = words }
    }

    /// The methods as functions, in which an attribute of the object is a variable: the one that computes comes first.
    /// - Parameters:
    ///   - name: of the first.
    ///   - arguments: what the object is made with.
    ///   - isTaken: names that the others cannot have.
    func functions(
        named name: String, made arguments: [PythonNode], _ options: [(name: String, value: PythonNode)],
        isTaken: (String) -> Bool
    ) throws(PythonProblem) -> (functions: [PythonFunction], areTrained: Bool) {
        guard let entry = Self.computing.lazy.compactMap({ name in methods.first { $0.name == name } }).first else {
            throw PythonProblem("'\(name)' has no forward, call or __call__: nothing says what it computes", position)
        }
        let preparing = methods.filter { Self.preparing.contains($0.name) }
        let attributes = try PythonAttributes(self, preparing: preparing, arguments, options)
        let helpers = methods.filter { $0.name != entry.name && !Self.preparing.contains($0.name) }
        let own = Dictionary(
            helpers.map { ($0.name, isTaken($0.name) ? name + "_" + $0.name : $0.name) }, uniquingKeysWith: { $1 })
        let used = try ([entry] + helpers).flatMapThrowing { method throws(PythonProblem) in
            [
                try attributes.function(
                    of: method, named: method.name == entry.name ? name : own[method.name] ?? name, helpers: own)
            ]
        }
        let trained = attributes.trained
        for name in trained.sorted() where used.count(where: { $0.1.contains(name) }) > 1 {
            throw PythonProblem(
                "'\(name)' is trained, and used in several methods: each would train its own; use it in one", position)
        }
        var functions = used.map(\.0)
        functions[0].text = functions[0].text ?? text
        return (functions, !trained.isEmpty)
    }
}

/// What the attributes of an object stand for.
private struct PythonAttributes {
    private var values: [String: PythonNode] = [:]
    /// Those that are layers themselves: `self.act = nn.GELU()`.
    private var layers: Set<String> = []

    init(
        _ type: PythonClass, preparing: [PythonFunction], _ arguments: [PythonNode],
        _ options: [(name: String, value: PythonNode)]
    ) throws(PythonProblem) {
        let isMade = preparing.contains { $0.name == "__init__" }
        if !isMade, let node = arguments.first ?? options.first?.value {
            throw PythonProblem("'\(type.name)' is read without arguments", node.position)
        }
        for statement in type.statements {
            guard case .assignment(let targets, let value) = statement.kind else { continue }
            for target in targets { if case .name(let name) = target.kind { set(name, value) } }
        }
        for method in preparing {
            var settings: [String: PythonNode] = [:]
            let parameters = method.parameters.dropFirst()
            for parameter in parameters { settings[parameter.name] = parameter.value }
            if method.name == "__init__" {
                guard arguments.count <= parameters.count else {
                    throw PythonProblem("'\(type.name)' takes \(parameters.count) arguments", arguments[0].position)
                }
                for (parameter, node) in zip(parameters, arguments) { settings[parameter.name] = node }
                for (name, node) in options {
                    guard parameters.contains(where: { $0.name == name }) else {
                        throw PythonProblem("'\(type.name)' has no argument '\(name)'", node.position)
                    }
                    settings[name] = node
                }
            }
            try read(method.body, &settings)
        }
    }

    /// What the statements of a constructor give to the object.
    /// - Parameter settings: arguments and variables.
    private mutating func read(
        _ statements: [PythonStatement], _ settings: inout [String: PythonNode]
    ) throws(PythonProblem) {
        for statement in statements {
            switch statement.kind {
            case .assignment(let targets, let value):
                for target in targets {
                    switch target.kind {
                    case .name(let name): settings[name] = try resolved(value, settings)
                    case .attribute(let owner, let name) where owner.isName("self"):
                        set(name, try resolved(value, settings))
                    default: break
                    }
                }
            // register_buffer("scale", torch.tensor(2.0)), register_parameter("a", nn.Parameter(…))
            case .expression(let node):
                guard case .call(let function, let arguments, _) = node.kind, arguments.count > 1,
                    case .attribute(let owner, let method) = function.kind, owner.isName("self"),
                    method.hasPrefix("register_"), case .text(let name) = arguments[0].kind
                else { continue }
                set(name, try resolved(arguments[1], settings))
            case .conditional(let test, let then, let otherwise):
                // Where it is not known, either would be a guess: what both leave out is missed where it is used.
                guard let isSo = PythonKnown().truth(try resolved(test, settings)) else { continue }
                try read(isSo ? then : otherwise, &settings)
            default: break
            }
        }
    }

    var trained: Set<String> { Set(values.filter { $0.value.isTrained }.keys) }

    private mutating func set(_ name: String, _ value: PythonNode) {
        values[name] = value
        layers.remove(name)
        guard case .call(let function, _, _) = value.kind, case .attribute(let owner, let layer) = function.kind,
            owner.isName("nn") || owner.attributeName == "nn" || owner.attributeName == "layers", !value.isTrained
        else { return }
        if layer != "Parameter", layer.first?.isUppercase == true { layers.insert(name) }
    }

    /// A value with what is known put in. What is not known may still say nothing but a shape.
    private func resolved(_ node: PythonNode, _ settings: [String: PythonNode]) throws(PythonProblem) -> PythonNode {
        try node.replacing { node throws(PythonProblem) in
            switch node.kind {
            case .name(let name): return settings[name]
            case .attribute(let owner, let name) where owner.isName("self"): return values[name]
            default: return nil
            }
        }
    }

    /// - Returns: the method as a function, and the attributes that it uses.
    func function(
        of method: PythonFunction, named name: String, helpers: [String: String]
    ) throws(PythonProblem) -> (PythonFunction, Set<String>) {
        var function = method
        function.name = name
        let first = method.parameters.first?.name
        if ["self", "cls", "ctx"].contains(first) { function.parameters.removeFirst() }
        var (used, order): (Set<String>, [String]) = ([], [])
        let own = method.variables
        func variable(_ name: String) -> String { own.contains(name) ? "self_" + name : name }
        function.body = try method.body.filter { !$0.isAbout("ctx") }.map { statement throws(PythonProblem) in
            try statement.replacing { node throws(PythonProblem) in
                switch node.kind {
                case .attribute(let owner, let name) where owner.isName("self"):
                    if let own = helpers[name] { return PythonNode(kind: .name(own), position: node.position) }
                    guard let value = values[name] else { return nil }
                    if layers.contains(name) { return value }
                    if used.insert(name).inserted { order.append(name) }
                    return PythonNode(kind: .name(variable(name)), position: node.position)
                default: return nil
                }
            }
        }
        let given = order.compactMap { name in
            values[name].map { value in
                PythonStatement(
                    kind: .assignment(
                        targets: [PythonNode(kind: .name(variable(name)), position: value.position)], value: value),
                    position: value.position)
            }
        }
        function.body = given + function.body
        return (function, used)
    }
}

extension PythonStatement {
    /// Whether it only does something with a name: `ctx.save_for_backward(x)`, `ctx.x = x`.
    fileprivate func isAbout(_ name: String) -> Bool {
        switch kind {
        case .expression(let node):
            if case .call(let function, _, _) = node.kind, case .attribute(let owner, _) = function.kind {
                return owner.isName(name)
            }
            return false
        case .assignment(let targets, _):
            return targets.allSatisfy { target in
                if case .attribute(let owner, _) = target.kind { owner.isName(name) } else { false }
            }
        default: return false
        }
    }
}

extension PythonNode {
    /// "nn" of tf.nn.
    fileprivate var attributeName: String? { if case .attribute(_, let name) = kind { name } else { nil } }
}
