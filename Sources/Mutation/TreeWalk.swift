import ActivationParser

/// An expression of a candidate that a tree operator may replace by another one of float type.
struct TreeSite {
    /// Position in the walk, from 0; the same tree gives the same numbers.
    var index: Int
    var expression: Expression
    /// Float variables that may be read here, the parameter first.
    var variables: [String]
    /// Name of the function it stands in.
    var function: String
    /// The initial value of a `trainable`, which must stay constant.
    var isInitialValue = false
    /// The condition of an if or of ?:.
    var isCondition = false
}

/// Visits the expressions of a tree in a fixed order, outer before inner, and rebuilds the tree.
///
/// Left out is what fixes the shape of a program: loop headers, indices, array sizes, int and bool variables, and what
/// stands outside functions.
struct TreeWalk {
    private var index = 0
    private var function = ""
    private var scopes: [[String]] = []
    /// The replacement; nil to keep the expression and visit what is in it.
    private let visit: (TreeSite) -> Expression?

    static func sites(of tree: TranslationUnit) -> [TreeSite] {
        var sites: [TreeSite] = []
        var walk = TreeWalk { site in
            sites.append(site)
            return nil
        }
        _ = walk.rebuild(tree)
        return sites
    }

    static func replacing(_ index: Int, in tree: TranslationUnit, with replacement: Expression) -> TranslationUnit {
        var walk = TreeWalk { $0.index == index ? replacement : nil }
        return walk.rebuild(tree)
    }

    private init(visit: @escaping (TreeSite) -> Expression?) { self.visit = visit }

    private mutating func rebuild(_ tree: TranslationUnit) -> TranslationUnit {
        var tree = tree
        for (place, item) in tree.items.enumerated() {
            guard case .function(var body) = item, body.result == .float else { continue }
            function = body.name
            scopes = [body.parameters.filter { $0.type == .float }.map(\.name)]
            rebuild(&body.body)
            tree.items[place] = .function(body)
        }
        return tree
    }

    // MARK: Statements

    private mutating func rebuild(_ statements: inout [Statement]) {
        scopes.append([])
        for place in statements.indices { rebuild(&statements[place]) }
        scopes.removeLast()
    }

    private mutating func rebuild(_ statement: inout Statement) {
        switch statement.kind {
        case .declaration(var declaration):
            guard declaration.type == .float else { return }
            for place in declaration.declarators.indices { rebuild(&declaration.declarators[place]) }
            statement.kind = .declaration(declaration)
        case .assignment(let target, let op, let value):
            guard isFloat(target.name) else { return }
            statement.kind = .assignment(target: target, operator: op, value: rebuilt(value))
        case .conditional(let condition, var then, var otherwise):
            let rebuiltCondition = rebuilt(condition, isCondition: true)
            rebuild(&then)
            if var rest = otherwise {
                rebuild(&rest)
                otherwise = rest
            }
            statement.kind = .conditional(rebuiltCondition, then: then, otherwise: otherwise)
        case .loop(var loop):
            rebuild(&loop.body)
            statement.kind = .loop(loop)
        case .block(var statements):
            rebuild(&statements)
            statement.kind = .block(statements)
        case .result(let value): statement.kind = .result(rebuilt(value))
        case .expression, .leave, .next: break
        }
    }

    private mutating func rebuild(_ declarator: inout Declarator) {
        switch declarator.initializer {
        case .none: break
        case .expression(let value): declarator.initializer = .expression(rebuilt(value))
        case .list(let values):
            var rebuiltValues: [Expression] = []
            for value in values { rebuiltValues.append(rebuilt(value)) }
            declarator.initializer = .list(rebuiltValues)
        }
        if declarator.shape == .scalar { scopes[scopes.count - 1].append(declarator.name) }
    }

    private func isFloat(_ name: String) -> Bool { scopes.contains { $0.contains(name) } }

    // MARK: Expressions

    private mutating func rebuilt(
        _ expression: Expression, isCondition: Bool = false, isInitialValue: Bool = false
    ) -> Expression {
        let site = TreeSite(
            index: index, expression: expression, variables: scopes.flatMap { $0 }, function: function,
            isInitialValue: isInitialValue, isCondition: isCondition)
        index += 1
        if let replacement = visit(site) { return replacement }
        let position = expression.position
        switch expression.kind {
        case .real, .integer, .name, .element: return expression
        case .unary(let op, let a):
            return Expression(.unary(op, rebuilt(a, isCondition: op == .not)), position: position)
        case .cast(let type, let a): return Expression(.cast(type, rebuilt(a)), position: position)
        case .binary(let op, let a, let b):
            let isLogic = op == .and || op == .or
            let left = rebuilt(a, isCondition: isLogic)
            return Expression(.binary(op, left, rebuilt(b, isCondition: isLogic)), position: position)
        case .conditional(let condition, let a, let b):
            let rebuiltCondition = rebuilt(condition, isCondition: true)
            let first = rebuilt(a)
            return Expression(.conditional(rebuiltCondition, first, rebuilt(b)), position: position)
        case .call(let name, let arguments):
            var rebuiltArguments: [Expression] = []
            for argument in arguments {
                rebuiltArguments.append(rebuilt(argument, isInitialValue: name == TreeVocabulary.trainable))
            }
            return Expression(.call(name, rebuiltArguments), position: position)
        }
    }
}
