import ActivationParser

/// Where a function uses its names: what is changed in place must not be read again under another name, nor as it was.
struct PythonPlaces {
    /// Names in the order of the text.
    private let uses: [(name: String, position: SourcePosition)]
    /// Names that are the same array: `y = x`.
    private var others: [String: Set<String>] = [:]

    init(_ function: PythonFunction) {
        uses = function.body.flatMap(\.uses)
        var pairs: [(String, String)] = []
        func look(_ statements: [PythonStatement]) {
            for statement in statements {
                if case .assignment(let targets, let value) = statement.kind {
                    let names = targets.compactMap(\.name) + [value.name].compactMap { $0 }
                    for name in names.dropFirst() { pairs.append((names[0], name)) }
                }
                look(statement.contents.statements)
            }
        }
        look(function.body)
        for (a, b) in pairs where a != b {
            others[a, default: []].insert(b)
            others[b, default: []].insert(a)
        }
    }

    /// - Parameter arrays: whether the values are arrays: a number is never changed.
    func check(changing name: PythonNode, in statement: PythonStatement, arrays: Bool) throws(PythonProblem) {
        guard arrays, let changed = name.name else { return }
        for other in others[changed] ?? []
        where uses.contains(where: { $0.name == other && $0.position > statement.position }) {
            throw PythonProblem(
                "'\(changed)' and '\(other)' are one array here, and both change; write \(changed) = \(other) + 0 first",
                statement.position)
        }
    }

    /// Of changes in place inside an expression.
    func check(_ node: PythonNode, in statement: PythonStatement, _ known: PythonKnown) throws(PythonProblem) {
        if let changed = Self.changed(by: node, known), let name = changed.name {
            let isGiven =
                if case .assignment(let targets, _) = statement.kind { targets.contains { $0.isName(name) } } else {
                    false
                }
            let now = Set(statement.contents.nodes.flatMap(\.uses).filter { $0.name == name }.map(\.position))
            let isUsed =
                now.count > 1
                || !isGiven
                    && uses.contains { $0.name == name && $0.position > changed.position && !now.contains($0.position) }
            if isUsed {
                throw PythonProblem(
                    "'\(name)' is changed in place here and used again; write it without the change in place",
                    node.position)
            }
        }
        for part in node.parts { try check(part, in: statement, known) }
    }

    /// The name that a call changes: `y.mul_(2).add_(1)`, `F.relu(y, inplace=True)`, `nn.ReLU(True)(y)`.
    static func changed(by node: PythonNode, _ known: PythonKnown) -> PythonNode? {
        guard case .call(let function, let arguments, let options) = node.kind else { return nil }
        func isInPlace(_ options: [(name: String, value: PythonNode)]) -> Bool {
            options.contains { $0.name == "inplace" && known.truth($0.value) == true }
        }
        if case .attribute(let owner, let method) = function.kind, method.hasSuffix("_"), !method.hasPrefix("_") {
            if owner.root == owner.name, let name = owner.name, !PythonTranslator.modules.keys.contains(name) {
                return owner
            }
            if case .call = owner.kind { return changed(by: owner, known) }
            return arguments.first
        }
        if case .call(_, let settings, let named) = function.kind {
            let isSet =
                isInPlace(named)
                || function.layerName?.hasPrefix("ReLU") == true && settings.contains { $0.isName("True") }
            return isSet ? arguments.first : nil
        }
        let isFunctional = function.root == "F" && arguments.dropFirst().contains { $0.isName("True") }
        return isInPlace(options) || isFunctional ? arguments.first : nil
    }
}

extension PythonNode {
    fileprivate var layerName: String? { if case .call(let function, _, _) = kind { function.lastName } else { nil } }

    /// Names in it and where they stand.
    fileprivate var uses: [(name: String, position: SourcePosition)] {
        if let name { return [(name, position)] }
        return parts.flatMap(\.uses)
    }

    /// A text, None, True or False: what no variable of C holds.
    var isWord: Bool {
        switch kind {
        case .text, .name("None"): true
        default: false
        }
    }

    var isRange: Bool { if case .call(let function, _, _) = kind { function.isName("range") } else { false } }

    var isTuple: Bool { if case .tuple = kind { true } else { false } }

    /// Whether it is the place of one element.
    var isIndex: Bool {
        switch kind {
        case .number, .text, .tuple: true
        case .unary("-", let inner): inner.isIndex
        default: false
        }
    }

    func contains(_ isMeant: (PythonExpression) -> Bool) -> Bool {
        isMeant(kind) || parts.contains { $0.contains(isMeant) }
    }
}

extension PythonStatement {
    fileprivate var uses: [(name: String, position: SourcePosition)] {
        let (nodes, statements) = contents
        return nodes.flatMap(\.uses) + statements.flatMap(\.uses)
    }

    /// Whether it leaves the loop that it stands in, or goes on to its next step.
    var leaves: Bool {
        switch kind {
        case .leave, .next: true
        case .loop, .repetition: false
        default: contents.statements.contains(where: \.leaves)
        }
    }
}

extension SourcePosition {
    fileprivate static func > (a: SourcePosition, b: SourcePosition) -> Bool { (a.line, a.column) > (b.line, b.column) }
}

extension [PythonStatement] {
    /// Whether all that they do is to fail.
    var isFailure: Bool {
        guard let last, case .failure = last.kind else { return false }
        return dropLast().allSatisfy { statement in
            switch statement.kind {
            case .assignment, .expression, .nothing: true
            default: false
            }
        }
    }

    /// Whether a value is returned somewhere in them.
    var returns: Bool {
        contains { statement in
            if case .result = statement.kind { return true }
            if case .function = statement.kind { return false }
            return statement.contents.statements.returns
        }
    }
}

extension Sequence {
    func flatMapThrowing<Result>(
        _ body: (Element) throws(PythonProblem) -> [Result]
    ) throws(PythonProblem) -> [Result] {
        var result: [Result] = []
        for element in self { result += try body(element) }
        return result
    }
}
