/// Parts of a tree put in the place of others, from the top down.
extension PythonNode {
    /// - Parameter change: what a node becomes; nil = its parts are looked at.
    func replacing(_ change: (PythonNode) throws(PythonProblem) -> PythonNode?) throws(PythonProblem) -> PythonNode {
        if let changed = try change(self) { return changed }
        func all(_ nodes: [PythonNode]) throws(PythonProblem) -> [PythonNode] {
            try nodes.map { node throws(PythonProblem) in try node.replacing(change) }
        }
        var node = self
        switch kind {
        case .number, .text, .name: break
        case .attribute(let owner, let name): node.kind = .attribute(try owner.replacing(change), name)
        case .call(let function, let arguments, let options):
            node.kind = .call(
                try function.replacing(change), try all(arguments),
                try options.map { option throws(PythonProblem) in (option.name, try option.value.replacing(change)) })
        case .unary(let sign, let operand): node.kind = .unary(sign, try operand.replacing(change))
        case .binary(let sign, let a, let b):
            node.kind = .binary(sign, try a.replacing(change), try b.replacing(change))
        case .comparison(let first, let rest):
            node.kind = .comparison(
                try first.replacing(change),
                try rest.map { part throws(PythonProblem) in (part.sign, try part.right.replacing(change)) })
        case .conditional(let then, let condition, let otherwise):
            node.kind = .conditional(
                then: try then.replacing(change), condition: try condition.replacing(change),
                otherwise: try otherwise.replacing(change))
        case .tuple(let parts): node.kind = .tuple(try all(parts))
        case .element(let owner, let index):
            node.kind = .element(try owner.replacing(change), try index.replacing(change))
        case .lambda(let parameters, let body):
            // Its own arguments hide what has their names.
            let own = Set(parameters.map(\.name))
            let inner = try body.replacing { node throws(PythonProblem) in
                if let name = node.name, own.contains(name) { return node }
                return try change(node)
            }
            let outer = try parameters.map { parameter throws(PythonProblem) in
                var parameter = parameter
                parameter.value = try parameter.value?.replacing(change)
                return parameter
            }
            node.kind = .lambda(parameters: outer, inner)
        case .comprehension(let value, let variable, let list):
            let inner = try value.replacing { node throws(PythonProblem) in
                node.isName(variable) ? node : try change(node)
            }
            node.kind = .comprehension(inner, variable: variable, over: try list.replacing(change))
        case .walrus(let name, let value): node.kind = .walrus(name, try value.replacing(change))
        }
        return node
    }
}

extension PythonStatement {
    func replacing(
        _ change: (PythonNode) throws(PythonProblem) -> PythonNode?
    ) throws(PythonProblem) -> PythonStatement {
        func all(_ statements: [PythonStatement]) throws(PythonProblem) -> [PythonStatement] {
            try statements.map { statement throws(PythonProblem) in try statement.replacing(change) }
        }
        var statement = self
        switch kind {
        case .assignment(let targets, let value):
            statement.kind = .assignment(
                targets: try targets.map { target throws(PythonProblem) in try target.replacing(change) },
                value: try value.replacing(change))
        case .augmented(let target, let sign, let value):
            statement.kind = .augmented(
                target: try target.replacing(change), sign: sign, value: try value.replacing(change))
        case .result(let node):
            if let node { statement.kind = .result(try node.replacing(change)) }
        case .conditional(let test, let then, let otherwise):
            statement.kind = .conditional(
                try test.replacing(change), then: try all(then), otherwise: try all(otherwise))
        case .loop(let variable, let range, let body):
            statement.kind = .loop(variable: variable, over: try range.replacing(change), body: try all(body))
        case .repetition(let test, let body):
            statement.kind = .repetition(try test.replacing(change), body: try all(body))
        case .expression(let node): statement.kind = .expression(try node.replacing(change))
        case .context(let nodes, let body):
            statement.kind = .context(
                try nodes.map { node throws(PythonProblem) in try node.replacing(change) }, body: try all(body))
        case .attempt(let body): statement.kind = .attempt(try all(body))
        case .function(var function):
            function.body = try all(function.body)
            statement.kind = .function(function)
        case .type, .failure, .outer, .leave, .next, .nothing: break
        }
        return statement
    }
}
