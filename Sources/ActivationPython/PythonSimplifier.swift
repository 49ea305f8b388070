import ActivationParser

/// The statements of a function with what is known put in, and what only Python has written in other words: conditions
/// that are known, functions inside functions, `:=`, changes in place, masks, lists.
///
/// What is left are assignments of values to names, conditions, loops and returns.
struct PythonSimplifier {
    /// What is known at this place.
    private(set) var known: PythonKnown
    /// Functions that stood inside, as functions beside it.
    private(set) var hoisted: [PythonFunction] = []
    /// What stands for a name: a text, a list, an object that is called, a function that has moved.
    private var meanings: [String: PythonNode] = [:]
    /// Names that have a value here.
    private var given: Set<String>
    /// Assignments that have to come before the statement.
    private var before: [PythonStatement] = []
    private let function: PythonFunction
    private let places: PythonPlaces
    private let translator: PythonTranslator
    private var temporaries = 0
    /// Statements that loops over lists have become.
    private var steps = 0

    init(_ function: PythonFunction, known: [String: PythonNode], _ translator: PythonTranslator) {
        self.function = function
        self.translator = translator
        let own = function.variables
        self.known = PythonKnown(values: translator.constants.filter { !own.contains($0.key) }.merging(known) { $1 })
        given = Set(function.parameters.map(\.name))
        places = PythonPlaces(function)
        meanings = known.filter { $0.value.isWord }
    }

    mutating func simplified() throws(PythonProblem) -> [PythonStatement] { try all(function.body) }

    // MARK: Statements

    private mutating func all(_ statements: [PythonStatement]) throws(PythonProblem) -> [PythonStatement] {
        var result: [PythonStatement] = []
        for statement in statements {
            let outer = before
            before = []
            let made = try simplified(statement)
            result += before + made
            before = outer
            // What follows is never reached.
            if case .result? = result.last?.kind { break }
        }
        return result
    }

    private mutating func simplified(_ statement: PythonStatement) throws(PythonProblem) -> [PythonStatement] {
        func made(_ kind: PythonStatement.Kind) -> [PythonStatement] {
            [PythonStatement(kind: kind, position: statement.position)]
        }
        switch statement.kind {
        case .assignment(let targets, let value): return try assignment(targets, value, statement)
        case .augmented(let target, let sign, let value):
            if target.name != nil {
                try places.check(changing: target, in: statement, arrays: translator.libraries.usesArrays)
            }
            let sum = PythonNode(kind: .binary(sign, target, value), position: statement.position)
            return try assignment([target], sum, statement)
        case .result(let node):
            return made(.result(try node.map { node throws(PythonProblem) in try put(node, statement) }))
        case .conditional(let test, let then, let otherwise): return try conditional(test, then, otherwise, statement)
        case .loop(let variable, let range, let body):
            let range = try put(range, statement)
            if let parts = range.isRange ? nil : translator.elements(range) {
                return try unrolled(variable, parts, body, statement)
            }
            forget(statement.assigned)
            let inner = try all(body)
            forget(statement.assigned)
            return made(.loop(variable: variable, over: range, body: inner))
        case .repetition(let test, let body):
            forget(statement.assigned)
            let count = before.count
            let condition = try put(test, statement)
            guard before.count == count else {
                throw PythonProblem("':=' is not read in the condition of a loop", test.position)
            }
            let inner = try all(body)
            forget(statement.assigned)
            return made(.repetition(condition, body: inner))
        case .function(let nested):
            try hoist(nested)
            return []
        case .expression(let node): return try effect(node, statement)
        case .context(let nodes, let body): return try context(nodes, body, statement)
        case .attempt:
            throw PythonProblem(
                "'try' is not read inside functions; write what it does without errors", statement.position)
        case .failure:
            throw PythonProblem("'raise' is read only where it is all that an if does", statement.position)
        case .outer(let names):
            guard Set(function.body.flatMap(\.assigned)).isDisjoint(with: names) else {
                throw PythonProblem("variables outside of the function cannot be changed", statement.position)
            }
            return []
        case .nothing: return []
        case .type, .leave, .next: return [statement]
        }
    }

    private mutating func forget(_ names: [String]) {
        for name in names {
            known.values[name] = nil
            meanings[name] = nil
        }
        given.formUnion(names)
    }

    private mutating func assignment(
        _ targets: [PythonNode], _ value: PythonNode, _ statement: PythonStatement
    ) throws(PythonProblem) -> [PythonStatement] {
        guard targets.count == 1, let target = targets.first else {
            // a = b = x: the value goes to each of them.
            guard targets.allSatisfy({ $0.name != nil }) else {
                throw PythonProblem("only names can be given values", targets.first?.position ?? statement.position)
            }
            let rest = try targets.dropFirst().flatMapThrowing { target throws(PythonProblem) in
                try assignment([target], targets[0], statement)
            }
            return try assignment([targets[0]], value, statement) + rest
        }
        func made(_ target: PythonNode, _ value: PythonNode) -> PythonStatement {
            PythonStatement(kind: .assignment(targets: [target], value: value), position: statement.position)
        }
        switch target.kind {
        case .name(let name):
            if case .lambda(let parameters, let body) = value.kind {
                try hoist(PythonFunction(name: name, parameters: parameters, value: body, position: value.position))
                return []
            }
            let node = try put(value, statement)
            forget([name])
            if let literal = known.literal(node) { known.values[name] = literal }
            let isLong = node.size > PythonNode.largest
            let isObject =
                !isLong && translator.isFunction(node) && Set(node.mentions).isDisjoint(with: function.variables)
            if isObject || known.literal(node)?.isWord == true {
                meanings[name] = known.literal(node) ?? node
                return []
            }
            if case .tuple(let parts) = node.kind {
                guard !isLong else { throw PythonProblem("this list is too long", node.position) }
                var (kept, statements): ([PythonNode], [PythonStatement]) = ([], [])
                for part in parts {
                    // What a list holds was computed here.
                    if known.literal(part) != nil || translator.isFunction(part) || part.isTuple {
                        kept.append(part)
                    } else {
                        let temporary = temporary(part.position)
                        statements.append(made(temporary, part))
                        kept.append(temporary)
                    }
                }
                meanings[name] = PythonNode(kind: .tuple(kept), position: node.position)
                return statements
            }
            return [made(target, node)]
        // y[mask] = value
        case .element(let owner, let mask) where owner.name != nil:
            try places.check(changing: owner, in: statement, arrays: true)
            let mask = try put(mask, statement)
            guard !mask.isIndex else { throw PythonProblem("only whole arrays can be given values", target.position) }
            // In the value y[mask] is y, where the mask holds.
            let masked = try put(value, statement).replacing { node throws(PythonProblem) in
                guard case .element(let array, let index) = node.kind, index.isSame(as: mask) else { return nil }
                return array
            }
            forget(owner.bound)
            let test = PythonNode(kind: .unary("mask", mask), position: mask.position)
            let choice = PythonExpression.conditional(then: masked, condition: test, otherwise: owner)
            return [made(owner, PythonNode(kind: choice, position: statement.position))]
        case .tuple(let names):
            if case .call(let function, _, _) = value.kind, names.count > 1,
                ["chunk", "split", "unbind", "array_split", "tensor_split"].contains(function.lastName)
            {
                throw PythonProblem(
                    "this splits the layer; a function here has as many outputs as inputs", value.position)
            }
            let node = try put(value, statement)
            if case .tuple(let parts) = node.kind, parts.count == names.count {
                forget(target.bound)
                return [made(target, node)]
            }
            if case .tuple = node.kind {
                throw PythonProblem("there are not as many values as names", target.position)
            }
            throw PythonProblem("this gives several values; a function here gives one", value.position)
        default: throw PythonProblem("only names can be given values", target.position)
        }
    }

    private mutating func conditional(
        _ test: PythonNode, _ then: [PythonStatement], _ otherwise: [PythonStatement], _ statement: PythonStatement
    ) throws(PythonProblem) -> [PythonStatement] {
        let condition = try put(test, statement)
        if let isSo = known.truth(condition) { return try all(isSo ? then : otherwise) }
        // What cannot be computed is no part of the function.
        if then.isFailure { return try all(otherwise) }
        if otherwise.isFailure { return try all(then) }
        let outer = (known, meanings)
        let first = try all(then)
        (known, meanings) = outer
        let second = try all(otherwise)
        (known, meanings) = outer
        forget(then.flatMap(\.assigned) + otherwise.flatMap(\.assigned))
        return [
            PythonStatement(
                kind: .conditional(condition, then: first, otherwise: second), position: statement.position)
        ]
    }

    /// `for c in [0.1, 0.5]`.
    private mutating func unrolled(
        _ variable: String, _ parts: [PythonNode], _ body: [PythonStatement], _ statement: PythonStatement
    ) throws(PythonProblem) -> [PythonStatement] {
        guard parts.count <= 64, !body.contains(where: \.leaves) else {
            throw PythonProblem("a loop over a list may have 64 elements, and no break or continue", statement.position)
        }
        var result: [PythonStatement] = []
        for part in parts {
            let target = PythonNode(kind: .name(variable), position: part.position)
            result += try assignment([target], part, statement)
            result += try all(body)
            steps += body.count + 1
            guard steps < 5_000 else { throw PythonProblem("these loops have too many steps", statement.position) }
        }
        return result
    }

    /// A statement that gives no name a value.
    private mutating func effect(
        _ node: PythonNode, _ statement: PythonStatement
    ) throws(PythonProblem) -> [PythonStatement] {
        if case .text = node.kind { return [] }
        guard case .call(let called, let arguments, _) = node.kind else {
            throw PythonProblem("this value is not used", node.position)
        }
        if called.isName("print") || ["warnings", "logging", "logger", "log"].contains(called.root ?? "") { return [] }
        // y.mul_(2).add_(1), F.relu(y, inplace=True)
        let changed = PythonPlaces.changed(by: node, known)
        guard let name = changed ?? (called.lastName?.hasSuffix("_") == true ? arguments.first : nil), name.name != nil
        else { throw PythonProblem("this value is not used", node.position) }
        try places.check(changing: name, in: statement, arrays: true)
        let value = try put(node, statement, isAssigned: true)
        forget(name.bound)
        return [PythonStatement(kind: .assignment(targets: [name], value: value), position: statement.position)]
    }

    /// What changes nothing of the values.
    private static let contexts: Set<String> = [
        "errstate", "catch_warnings", "name_scope", "named_scope", "enable_grad", "autocast", "device", "GradientTape",
        "record_function", "set_grad_enabled", "no_grad", "inference_mode",
    ]

    private mutating func context(
        _ nodes: [PythonNode], _ body: [PythonStatement], _ statement: PythonStatement
    ) throws(PythonProblem) -> [PythonStatement] {
        for node in nodes {
            guard case .call(let called, _, _) = node.kind, let name = called.lastName, Self.contexts.contains(name)
            else {
                throw PythonProblem("this 'with' is not read here; write what is in it without it", statement.position)
            }
            if name == "no_grad" || name == "inference_mode", !body.returns {
                throw PythonProblem(
                    "'\(name)' changes the gradient and not the value; here the gradient is always the value's: leave it out",
                    statement.position)
            }
        }
        return try all(body)
    }

    // MARK: Expressions

    private mutating func temporary(_ position: SourcePosition) -> PythonNode {
        temporaries += 1
        return PythonNode(kind: .name("part\(temporaries)"), position: position)
    }

    /// With what is known put in. Assignments in it go before the statement.
    private mutating func put(
        _ node: PythonNode, _ statement: PythonStatement, isAssigned: Bool = false
    ) throws(PythonProblem) -> PythonNode {
        var (found, made): ([(String, PythonNode)], [PythonStatement]) = ([], [])
        if !isAssigned { try places.check(node, in: statement, known) }
        let result = try meant(node) { name, value in found.append((name, value)) }
        for (name, value) in found {
            guard given.insert(name).inserted else {
                throw PythonProblem("'\(name)' has a value already; give := another name", value.position)
            }
            let target = PythonNode(kind: .name(name), position: value.position)
            made.append(
                PythonStatement(kind: .assignment(targets: [target], value: value), position: value.position))
        }
        before += made
        return result
    }

    /// - Parameter assign: what is done with `name := value`.
    private func meant(
        _ node: PythonNode, _ assign: (String, PythonNode) -> Void
    ) throws(PythonProblem) -> PythonNode {
        try node.replacing { node throws(PythonProblem) in
            switch node.kind {
            case .name(let name): return meanings[name]
            case .walrus(let name, let value):
                let value = try meant(value, assign)
                assign(name, value)
                return PythonNode(kind: .name(name), position: node.position)
            case .lambda(_, let body) where body.contains({ if case .walrus = $0 { true } else { false } }):
                throw PythonProblem("':=' is not read inside a lambda", node.position)
            case .element(let owner, let index):
                let list = owner.name.flatMap { meanings[$0] ?? translator.list($0, hiddenBy: given) } ?? owner
                guard case .tuple(let parts) = list.kind,
                    case .number(let place, true)? = known.literal(index)?.kind
                else { return nil }
                let wanted = Int(place) < 0 ? Int(place) + parts.count : Int(place)
                guard parts.indices.contains(wanted) else {
                    throw PythonProblem("the list has \(parts.count) elements", index.position)
                }
                return try meant(parts[wanted], assign)
            default: return nil
            }
        }
    }

    // MARK: Functions inside

    /// What it uses of the variables around it is handed on to it as further arguments.
    private mutating func hoist(_ nested: PythonFunction) throws(PythonProblem) {
        var function = nested
        if translator.isTaken(nested.name) || hoisted.contains(where: { $0.name == nested.name }) {
            function.name = self.function.name + "_" + nested.name
        }
        guard !hoisted.contains(where: { $0.name == function.name }) else {
            throw PythonProblem("'\(nested.name)' is defined several times inside a function", nested.position)
        }
        meanings[nested.name] = nil
        let own = function.variables
        function.body = try function.body.map { statement throws(PythonProblem) in
            try statement.replacing { node throws(PythonProblem) in
                guard let name = node.name, !own.contains(name) else { return nil }
                return meanings[name]
            }
        }
        let inner = hoisted.filter { function.mentions.contains($0.name) }.flatMap(\.parameters).filter(\.isCaptured)
        let used = Set(function.mentions).union(inner.map(\.name)).intersection(self.function.variables)
        for name in used.subtracting([nested.name]).subtracting(hoisted.map(\.name)).sorted() {
            let value = PythonNode(kind: .name(name), position: nested.position)
            function.parameters.append(
                PythonParameter(name: name, value: value, position: nested.position, isCaptured: true))
        }
        function.isNested = true
        hoisted.append(function)
        if function.name != nested.name {
            meanings[nested.name] = PythonNode(kind: .name(function.name), position: nested.position)
        }
    }
}
