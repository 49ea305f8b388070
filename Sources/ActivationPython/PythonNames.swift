import ActivationParser

/// What a tree names.
extension PythonNode {
    var isNone: Bool { isName("None") }

    func isName(_ name: String) -> Bool { if case .name(let own) = kind { own == name } else { false } }

    var name: String? { if case .name(let own) = kind { own } else { nil } }

    /// "f" of `f` and of `a.f`.
    var lastName: String? {
        switch kind {
        case .name(let name), .attribute(_, let name): name
        default: nil
        }
    }

    /// "a" of `a.b(c)[d]`.
    var root: String? {
        switch kind {
        case .name(let name): name
        case .attribute(let owner, _), .element(let owner, _), .call(let owner, _, _): owner.root
        default: nil
        }
    }

    /// Nodes that it is made of, one level down.
    var parts: [PythonNode] {
        switch kind {
        case .number, .text, .name: []
        case .attribute(let owner, _): [owner]
        case .call(let function, let arguments, let options): [function] + arguments + options.map(\.value)
        case .unary(_, let operand), .walrus(_, let operand): [operand]
        case .binary(_, let a, let b), .element(let a, let b): [a, b]
        case .comparison(let first, let rest): [first] + rest.map(\.right)
        case .conditional(let then, let condition, let otherwise): [then, condition, otherwise]
        case .tuple(let parts): parts
        case .lambda(let parameters, let body): parameters.compactMap(\.value) + [body]
        case .comprehension(let value, _, let list): [list, value]
        }
    }

    /// Of how many nodes it is made.
    var size: Int { parts.reduce(1) { $0 + $1.size } }

    /// The most nodes of what is put in the place of a name: put in again and again, it doubles each time.
    static let largest = 400

    /// Names in it that come from outside of it, each as often as it stands there.
    var mentions: [String] {
        switch kind {
        case .name(let name): return [name]
        case .lambda(let parameters, let body):
            let own = Set(parameters.map(\.name))
            return parameters.compactMap(\.value).flatMap(\.mentions) + body.mentions.filter { !own.contains($0) }
        case .comprehension(let value, let variable, let list):
            return list.mentions + value.mentions.filter { $0 != variable }
        default: return parts.flatMap(\.mentions)
        }
    }

    /// Whether both are the same, wherever they stand.
    func isSame(as other: PythonNode) -> Bool {
        switch (kind, other.kind) {
        case (.number(let a, let b), .number(let c, let d)): return a == c && b == d
        case (.text(let a), .text(let b)), (.name(let a), .name(let b)): return a == b
        case (.attribute(_, let a), .attribute(_, let b)): guard a == b else { return false }
        case (.unary(let a, _), .unary(let b, _)), (.binary(let a, _, _), .binary(let b, _, _)):
            guard a == b else { return false }
        case (.comparison(_, let a), .comparison(_, let b)): guard a.map(\.sign) == b.map(\.sign) else { return false }
        case (.call(_, let a, let b), .call(_, let c, let d)):
            guard a.count == c.count, b.map(\.name) == d.map(\.name) else { return false }
        case (.element, .element), (.tuple, .tuple), (.conditional, .conditional): break
        default: return false
        }
        let (own, others) = (parts, other.parts)
        return own.count == others.count && zip(own, others).allSatisfy { $0.isSame(as: $1) }
    }
}

extension PythonStatement {
    /// Expressions of this statement alone, and the statements inside it.
    var contents: (nodes: [PythonNode], statements: [PythonStatement]) {
        switch kind {
        case .assignment(let targets, let value):
            (targets.filter { $0.name == nil }.flatMap(\.withoutBoundNames) + [value], [])
        case .augmented(let target, _, let value): ([target, value], [])
        case .result(let node): (node.map { [$0] } ?? [], [])
        case .conditional(let test, let then, let otherwise): ([test], then + otherwise)
        case .loop(_, let range, let body): ([range], body)
        case .repetition(let test, let body): ([test], body)
        case .function(let function): (function.parameters.compactMap(\.value), function.body)
        case .type(let type): ([], type.statements + type.methods.flatMap(\.body))
        case .expression(let node): ([node], [])
        case .context(let nodes, let body): (nodes, body)
        case .attempt(let body): ([], body)
        case .failure, .outer, .leave, .next, .nothing: ([], [])
        }
    }

    /// Names that it mentions, the variables of functions inside it among them.
    var mentions: [String] {
        let (nodes, statements) = contents
        return nodes.flatMap(\.mentions) + statements.flatMap(\.mentions)
    }

    /// Methods that change a list.
    private static let changing: Set<String> = [
        "append", "extend", "insert", "update", "fill", "sort", "reverse", "pop", "clear", "remove",
    ]

    /// Names that it gives values to, or changes.
    var assigned: [String] {
        let inner: [String]
        switch kind {
        case .assignment(let targets, _): inner = targets.flatMap(\.bound)
        case .augmented(let target, _, _): inner = target.bound
        case .loop(let variable, _, let body): inner = [variable] + body.flatMap(\.assigned)
        case .function(let function): return [function.name]
        case .type(let type): return [type.name]
        // y.add_(1) changes y.
        case .expression(let node):
            guard case .call(let function, _, let options) = node.kind else { return [] }
            let output = options.first { $0.name == "out" }?.value.root
            guard case .attribute(let owner, let method) = function.kind, let root = owner.root,
                method.hasSuffix("_") || Self.changing.contains(method)
            else { return output.map { [$0] } ?? [] }
            return [root] + (output.map { [$0] } ?? [])
        default: inner = contents.statements.flatMap(\.assigned)
        }
        return inner + contents.nodes.flatMap(\.walruses)
    }
}

extension PythonNode {
    /// Names that an assignment to it gives values to, or changes.
    var bound: [String] {
        switch kind {
        case .tuple(let parts): parts.flatMap(\.bound)
        default: root.map { [$0] } ?? []
        }
    }

    /// Of a target, what is read.
    fileprivate var withoutBoundNames: [PythonNode] {
        switch kind {
        case .name: []
        case .tuple(let parts): parts.flatMap(\.withoutBoundNames)
        default: [self]
        }
    }

    fileprivate var walruses: [String] {
        let inner = parts.flatMap(\.walruses)
        if case .walrus(let name, _) = kind { return inner + [name] }
        return inner
    }
}

extension PythonClass {
    /// Names from outside of it.
    var mentions: Set<String> {
        methods.reduce(into: Set(statements.flatMap(\.mentions))) { $0.formUnion($1.mentions) }
    }
}

extension PythonFunction {
    /// Names from outside of it.
    var mentions: Set<String> {
        Set(body.flatMap(\.mentions)).union(parameters.compactMap(\.value).flatMap(\.mentions)).subtracting(variables)
    }

    /// Names that it gives values to, its parameters among them.
    var variables: Set<String> { Set(parameters.map(\.name) + body.flatMap(\.assigned)) }
}
