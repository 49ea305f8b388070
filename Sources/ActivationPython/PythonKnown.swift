import ActivationParser

/// What is known of names before anything runs: numbers, texts, None, True and False.
struct PythonKnown {
    var values: [String: PythonNode] = [:]

    /// The number, text or word that a node is; nil = not known.
    func literal(_ node: PythonNode) -> PythonNode? { literal(node, 0) }

    private func literal(_ node: PythonNode, _ depth: Int) -> PythonNode? {
        // Names may go round in circles.
        guard depth < 100 else { return nil }
        func number(_ value: Double, _ isWhole: Bool) -> PythonNode? {
            value.isFinite ? PythonNode(kind: .number(value, isWhole: isWhole), position: node.position) : nil
        }
        switch node.kind {
        case .number, .text, .name("None"), .name("True"), .name("False"): return node
        case .name(let name): return values[name].flatMap { literal($0, depth + 1) }
        case .unary("-", let inner):
            guard case .number(let value, let isWhole)? = literal(inner, depth + 1)?.kind else { return nil }
            return number(-value, isWhole)
        case .binary(let sign, let a, let b):
            guard case .number(let x, let isX)? = literal(a, depth + 1)?.kind,
                case .number(let y, let isY)? = literal(b, depth + 1)?.kind
            else { return nil }
            switch sign {
            case "+": return number(x + y, isX && isY)
            case "-": return number(x - y, isX && isY)
            case "*": return number(x * y, isX && isY)
            case "/": return y == 0 ? nil : number(x / y, false)
            case "//": return y == 0 ? nil : number((x / y).rounded(.down), isX && isY)
            case "%": return y == 0 ? nil : number(x - y * (x / y).rounded(.down), isX && isY)
            default: return nil
            }
        default: return nil
        }
    }

    /// Of a literal.
    static func shown(_ node: PythonNode) -> String {
        switch node.kind {
        case .number(let value, let isWhole): isWhole ? "\(Int(exactly: value) ?? 0)" : "\(value)"
        case .text(let words): words
        case .name(let name): name
        default: ""
        }
    }

    /// Whether a condition holds; nil = not known.
    func truth(_ test: PythonNode) -> Bool? {
        switch test.kind {
        case .unary("not", let inner): return truth(inner).map { !$0 }
        case .binary("and", let a, let b):
            let (left, right) = (truth(a), truth(b))
            if left == false || right == false { return false }
            return left == true ? right : nil
        case .binary("or", let a, let b):
            let (left, right) = (truth(a), truth(b))
            if left == true || right == true { return true }
            return left == false ? right : nil
        case .comparison(let left, let rest) where rest.count == 1:
            return compared(left, rest[0].sign, rest[0].right)
        default: break
        }
        switch literal(test)?.kind {
        case .number(let value, _): return value != 0
        case .text(let words): return !words.isEmpty
        case .name(let name): return name == "True"
        default: return nil
        }
    }

    private func compared(_ a: PythonNode, _ sign: String, _ b: PythonNode) -> Bool? {
        if sign == "in" || sign == "not in", case .tuple(let parts) = b.kind {
            let all = parts.map { compared(a, "==", $0) }
            if all.contains(true) { return sign == "in" }
            return all.contains(nil) ? nil : sign != "in"
        }
        guard let a = literal(a), let b = literal(b) else { return nil }
        if case .number(let x, _) = a.kind, case .number(let y, _) = b.kind {
            switch sign {
            case "<": return x < y
            case "<=": return x <= y
            case ">": return x > y
            case ">=": return x >= y
            case "==": return x == y
            case "!=": return x != y
            default: return nil
            }
        }
        switch sign {
        case "==", "is": return a.isSame(as: b)
        case "!=", "is not": return !a.isSame(as: b)
        default: return nil
        }
    }

    /// Of a function, the names that have one value throughout.
    mutating func learn(_ settings: [String: PythonNode], _ statements: [PythonStatement], of function: PythonFunction)
    {
        for name in function.variables { values[name] = nil }
        let assigned = statements.flatMap(\.assigned)
        let several = Set(Dictionary(grouping: assigned) { $0 }.filter { $0.value.count > 1 }.keys)
        let taken = Set(function.parameters.map(\.name)).union(settings.keys)
        values.merge(settings.filter { !assigned.contains($0.key) }) { $1 }
        func look(_ statements: [PythonStatement]) {
            for statement in statements {
                if case .assignment(let targets, let value) = statement.kind, let name = targets.first?.name,
                    !several.contains(name), !taken.contains(name), let literal = literal(value)
                {
                    values[name] = literal
                }
                look(statement.contents.statements)
            }
        }
        look(statements)
    }
}
