import ActivationParser

/// Calls: of functions of the text, of objects of its classes, of the libraries.
extension PythonTranslator {
    typealias Options = [(name: String, value: PythonNode)]

    /// What hands a function on as it is.
    private static let wrappers: Set<String> = ["jit", "vmap", "pmap", "vectorize", "compile", "njit", "checkpoint"]

    /// Whether a node can be called.
    func isFunction(_ node: PythonNode) -> Bool { isFunction(node, 0) }

    private func isFunction(_ node: PythonNode, _ depth: Int) -> Bool {
        guard depth < 100 else { return false }
        switch node.kind {
        case .lambda: return true
        case .name(let name):
            guard variables[name] == nil else { return false }
            if functions[name] != nil || classes[name] != nil { return true }
            if let constant = constants[name] { return isFunction(constant, depth + 1) }
            return isLibraryFunction(node)
        case .attribute(let owner, "apply") where owner.name.map { classes[$0] != nil } == true: return true
        case .attribute: return isLibraryFunction(node)
        case .call(let maker, let arguments, _):
            if let name = maker.name, classes[name] != nil { return true }
            guard let path = path(of: maker), let name = path.split(separator: ".").last else { return false }
            if name == "partial" || Self.wrappers.contains(String(name)) {
                return arguments.first.map { isFunction($0, depth + 1) } ?? false
            }
            return PythonLibrary.isRead(path) && PythonCall.isLayer(String(name))
        default: return false
        }
    }

    private func isLibraryFunction(_ node: PythonNode) -> Bool {
        guard let path = path(of: node), PythonLibrary.isRead(path), let name = path.split(separator: ".").last
        else { return false }
        return Self.constants[String(name)] == nil
    }

    /// Of a list that is written out, or counts up; nil of anything else.
    func elements(_ node: PythonNode) -> [PythonNode]? {
        switch node.kind {
        case .tuple(let parts): return parts
        case .comprehension(let value, let variable, let list):
            // Lists in lists are long soon.
            guard !value.contains({ if case .comprehension = $0 { true } else { false } }),
                let steps = elements(list), steps.count * value.size <= 20_000
            else { return nil }
            return steps.compactMap { value.replaced(variable, by: $0) }
        case .call(let function, let arguments, let options) where function.isName("range") && options.isEmpty:
            let bounds = arguments.compactMap { node -> Int? in
                guard case .number(let value, true)? = known.literal(node)?.kind, abs(value) < 1_000 else { return nil }
                return Int(value)
            }
            guard bounds.count == arguments.count, (1...3).contains(bounds.count), bounds.count < 3 || bounds[2] != 0
            else { return nil }
            let steps = stride(
                from: bounds.count > 1 ? bounds[0] : 0, to: bounds.count > 1 ? bounds[1] : bounds[0],
                by: bounds.count > 2 ? bounds[2] : 1)
            return steps.map { PythonNode(kind: .number(Double($0), isWhole: true), position: node.position) }
        case .name(let name):
            guard variables[name] == nil, let constant = constants[name], constant.isTuple else { return nil }
            return elements(constant)
        default: return nil
        }
    }

    /// Of a list that the text defines outside of functions.
    func list(_ name: String, hiddenBy names: Set<String>) -> PythonNode? {
        guard !names.contains(name), let constant = constants[name], constant.isTuple else { return nil }
        return constant
    }

    mutating func call(
        _ function: PythonNode, _ arguments: [PythonNode], _ options: Options, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        switch function.kind {
        case .name(let name) where variables[name] == nil:
            if let own = functions[name] { return try call(own, name, arguments, options, position) }
            if let constant = constants[name] { return try call(object: constant, name, arguments, options, position) }
            if let problem = unknown[name] { throw problem }
            if classes[name] != nil {
                throw PythonProblem("an object of '\(name)' is no value; call it: \(name)()(x)", position)
            }
        // SwishFn.apply(x)
        case .attribute(let owner, "apply"):
            if let name = owner.name, let type = classes[name] {
                return try call(type, made: [], [], with: arguments, options, position)
            }
        case .lambda(let parameters, let body): return try apply(parameters, body, arguments, options, position)
        case .call(let maker, let settings, let named):
            return try call(made: maker, settings, named, with: arguments, options, position)
        case .attribute(let receiver, let name):
            // x.at[mask].set(0)
            if case .element(let owner, let mask) = receiver.kind, case .attribute(let array, "at") = owner.kind {
                return try masked(array, mask, name, arguments, options, position)
            }
        default: break
        }
        if let path = path(of: function) {
            var call = PythonCall(path: path, arguments: arguments, options: options, position: position)
            return try call.value(&self)
        }
        switch function.kind {
        case .name(let name):
            var call = PythonCall(path: "builtins." + name, arguments: arguments, options: options, position: position)
            return try call.value(&self)
        // x.exp()
        case .attribute(let receiver, let name):
            var call = PythonCall(
                path: "method." + name, arguments: [receiver] + arguments, options: options, position: position)
            return try call.value(&self)
        default: throw PythonProblem("this call is not read here", position)
        }
    }

    /// Of a name that stands for something that is called.
    private mutating func call(
        object: PythonNode, _ name: String, _ arguments: [PythonNode], _ options: Options, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        guard isFunction(object) else {
            throw PythonProblem("what '\(name)' does is not read here; write it as a function", position)
        }
        objectDepth += 1
        defer { objectDepth -= 1 }
        guard objectDepth < 12 else { throw PythonProblem("'\(name)' goes too deep", position) }
        return try call(object, arguments, options, position)
    }

    /// What stands in several places has to be short, and no choice of its own: each level would double it.
    static func checkRepeated(_ nodes: [PythonNode]) throws(PythonProblem) {
        for node in nodes {
            let isChoice = node.contains { kind in
                switch kind {
                case .lambda: true
                case .call(let function, _, _): ["piecewise", "cond"].contains(function.lastName ?? "")
                default: false
                }
            }
            if isChoice || node.size > PythonNode.largest {
                throw PythonProblem("this stands for several places; give it a name first", node.position)
            }
        }
    }

    /// F(…)(x): layers, objects of classes, functions with some arguments given.
    private mutating func call(
        made maker: PythonNode, _ settings: [PythonNode], _ named: Options, with arguments: [PythonNode],
        _ options: Options, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        if let name = maker.name, variables[name] == nil, let type = classes[name] {
            return try call(type, made: settings, named, with: arguments, options, position)
        }
        guard let path = path(of: maker), let name = path.split(separator: ".").last.map(String.init) else {
            throw PythonProblem("this call is not read here", position)
        }
        if name == "partial", let first = settings.first {
            let rest = named.filter { option in !options.contains { $0.name == option.name } }
            return try call(first, settings.dropFirst() + arguments, rest + options, position)
        }
        if Self.wrappers.contains(name), let first = settings.first, isFunction(first) {
            return try call(first, arguments, options, position)
        }
        guard PythonCall.isLayer(name), arguments.count == 1 else {
            throw PythonProblem("this call is not read here", position)
        }
        if name == "Sequential" {
            var value = arguments[0]
            for layer in settings.count == 1 ? settings[0].elements : settings {
                value = PythonNode(kind: .call(layer, [value], []), position: layer.position)
            }
            return try self.value(value)
        }
        var call = PythonCall(
            path: path, arguments: arguments + settings, options: named + options, position: position, isLayer: true)
        return try call.value(&self)
    }

    /// A lambda where it stands.
    private mutating func apply(
        _ parameters: [PythonParameter], _ body: PythonNode, _ arguments: [PythonNode], _ options: Options,
        _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        guard arguments.count <= parameters.count else {
            throw PythonProblem("this lambda takes \(parameters.count) arguments", position)
        }
        var values: [String: PythonNode] = [:]
        for (place, parameter) in parameters.enumerated() {
            let given =
                place < arguments.count
                ? arguments[place] : options.first { $0.name == parameter.name }?.value ?? parameter.value
            guard let given else { throw PythonProblem("this lambda needs '\(parameter.name)'", position) }
            values[parameter.name] = given
        }
        for option in options where !parameters.contains(where: { $0.name == option.name }) {
            throw PythonProblem("this lambda has no argument '\(option.name)'", option.value.position)
        }
        try Self.checkRepeated(Array(values.values))
        return try value(try body.replacing { node throws(PythonProblem) in node.name.flatMap { values[$0] } })
    }

    private mutating func masked(
        _ array: PythonNode, _ mask: PythonNode, _ name: String, _ arguments: [PythonNode], _ options: Options,
        _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        let signs = ["add": "+", "subtract": "-", "multiply": "*", "mul": "*", "divide": "/", "power": "**"]
        guard arguments.count == 1, options.isEmpty, name == "set" || signs[name] != nil else {
            throw PythonProblem("'.at[…].\(name)' is not read here; write where(…)", position)
        }
        let old = try value(array)
        let test = try value(PythonNode(kind: .unary("mask", mask), position: mask.position)).expression
        let other = signs[name].map { PythonNode(kind: .binary($0, array, arguments[0]), position: position) }
        let changed = try value(other ?? arguments[0])
        return PythonCall.either(test, changed, old)
    }

    // MARK: Functions of the text

    private mutating func call(
        _ function: PythonFunction, _ name: String, _ arguments: [PythonNode], _ options: Options,
        _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        guard arguments.count <= function.parameters.count else {
            throw PythonProblem("'\(function.name)' takes \(function.parameters.count) arguments", position)
        }
        for option in options where !function.parameters.contains(where: { $0.name == option.name }) {
            throw PythonProblem("'\(function.name)' has no argument '\(option.name)'", option.value.position)
        }
        var (values, settings): ([Expression], [String: PythonNode]) = ([], [:])
        let counts = function.counts
        for (place, parameter) in function.parameters.enumerated() {
            let node = place < arguments.count ? arguments[place] : options.first { $0.name == parameter.name }?.value
            guard let given = node ?? parameter.value else {
                throw PythonProblem("'\(function.name)' needs '\(parameter.name)'", position)
            }
            let isStandard = node == nil && !function.isNested
            let literal = isStandard ? PythonKnown(values: constants).literal(given) : known.literal(given)
            if let literal, literal.isWord || counts.contains(parameter.name) {
                settings[parameter.name] = literal
                continue
            }
            // A standard value sees no variables of the caller.
            let outer = variables
            if isStandard { variables = [:] }
            defer { variables = outer }
            values.append(try realValue(given))
        }
        let meant = settings.isEmpty ? name : variant(of: function, name, settings)
        try need(meant, position)
        return Value(expression: Expression(.call(cName(meant), values)), kind: .real)
    }

    /// The function with some arguments settled.
    private mutating func variant(
        of function: PythonFunction, _ name: String, _ settings: [String: PythonNode]
    ) -> String {
        let shown = settings.sorted { $0.key < $1.key }.map { PythonKnown.shown($0.value) }.joined(separator: "_")
        let own = name + "_" + String(shown.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        guard functions[own] == nil else { return own }
        var function = function
        function.parameters.removeAll { settings[$0.name] != nil }
        function.settings.merge(settings) { $1 }
        functions[own] = function
        return own
    }

    // MARK: Objects of the text's classes

    /// What an object made without arguments computes; its helpers are functions from now on.
    mutating func function(of type: PythonClass) throws(PythonProblem) -> PythonFunction {
        let (made, areTrained) = try type.functions(named: type.name, made: [], [], isTaken: isTaken)
        for method in made.dropFirst() { functions[method.name] = method }
        objects[type.name] = PythonObject(function: type.name, isTrained: areTrained)
        return made[0]
    }

    private mutating func call(
        _ type: PythonClass, made settings: [PythonNode], _ named: Options, with arguments: [PythonNode],
        _ options: Options, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        let nodes = settings + named.map(\.value)
        let literals = nodes.compactMap { known.literal($0) }
        guard literals.count == nodes.count else {
            throw PythonProblem("an object of '\(type.name)' is read with numbers and texts as its arguments", position)
        }
        let key = ([type.name] + literals.map(PythonKnown.shown) + named.map(\.name)).joined(separator: ",")
        if let known = objects[key] {
            guard !known.isTrained else {
                throw PythonProblem("an object of '\(type.name)' is trained: it can be called once", position)
            }
            guard let function = functions[known.function] else {
                throw PythonProblem("'\(type.name)' calls itself", position)
            }
            return try call(function, known.function, arguments, options, position)
        }
        var name = type.name
        while functions[name] != nil { name += "_" }
        let values = named.enumerated().map { ($1.name, literals[settings.count + $0]) }
        let (made, areTrained) = try type.functions(
            named: name, made: Array(literals.prefix(settings.count)), values.map { (name: $0.0, value: $0.1) },
            isTaken: isTaken)
        objects[key] = PythonObject(function: name, isTrained: areTrained)
        for method in made { functions[method.name] = method }
        return try call(made[0], name, arguments, options, position)
    }
}

/// A function that objects became.
struct PythonObject {
    var function: String
    var isTrained: Bool
}

extension PythonNode {
    /// Of a list; of anything else, that alone.
    fileprivate var elements: [PythonNode] { if case .tuple(let parts) = kind { parts } else { [self] } }
}

extension PythonFunction {
    /// Arguments that say how often something is done, which axis is meant and the like: what has to be written out.
    fileprivate var counts: Set<String> {
        let own = Set(parameters.map(\.name))
        func look(_ node: PythonNode, _ isCounting: Bool) -> [String] {
            if let name = node.name { return isCounting ? [name] : [] }
            guard case .call(let function, let arguments, let options) = node.kind else {
                return node.parts.flatMap { look($0, isCounting) }
            }
            let isRange = function.isName("range")
            return arguments.flatMap { look($0, isRange) }
                + options.flatMap { look($0.value, ["axis", "dim", "decimals"].contains($0.name)) }
                + function.parts.flatMap { look($0, false) }
        }
        func look(_ statements: [PythonStatement]) -> [String] {
            statements.flatMap { statement in
                let (nodes, inner) = statement.contents
                return nodes.flatMap { look($0, false) } + look(inner)
            }
        }
        return own.intersection(look(body))
    }
}
