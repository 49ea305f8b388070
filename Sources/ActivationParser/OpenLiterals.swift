import ActivationIR

/// A number that stands in a candidate's text and may be another one.
package struct Literal: Hashable, Sendable {
    package var position: SourcePosition
    /// As float32, never negative: a minus before it is not a part of it.
    package var value: Double
}

/// A program in which some numbers of the text are open: parameters, named by `OpenLiterals.name`.
package struct OpenProgram: Sendable {
    package var program: Program
    /// Of each trained parameter of `program` that starts from a plain number: that literal, and whether a minus stands
    /// before it.
    package var initials: [String: (literal: SourcePosition, isNegative: Bool)]
}

/// The numbers of a candidate's text, and programs that leave them open.
package enum OpenLiterals {
    /// No name of the language.
    package static func name(_ index: Int) -> String { "#\(index)" }

    package static func isOpen(_ parameter: Parameter) -> Bool { parameter.name.hasPrefix("#") }

    /// The floats of a text that say how much, in the order of the text; each once, wherever macros carry it.
    ///
    /// Left out are those that say what: 0; a 1 in a sum, a difference, or above a fraction line (1 + erf, 1 − x, 1/x); a
    /// whole exponent. Integers count and index.
    package static func candidates(in tree: TranslationUnit) -> [Literal] {
        var walk = LiteralWalk()
        walk.visit(tree)
        return walk.found.filter { !walk.fixed.contains($0.key) }.map { Literal(position: $0.key, value: $0.value) }
            .sorted { ($0.position.line, $0.position.column) < ($1.position.line, $1.position.column) }
    }

    /// - Parameters:
    ///   - tree: of a text that was accepted.
    ///   - literals: to be parameters `name(0)`, `name(1)`, …
    /// - Returns: nil where the program cannot be made without knowing them: they bound a loop, or size an array.
    package static func program(
        of tree: TranslationUnit, open literals: [Literal], limits: ParserLimits = .standard
    ) -> OpenProgram? {
        var lowering = Lowering(tree: tree, limits: limits, report: DiagnosticReport(limit: 1))
        lowering.open(
            literals.enumerated().map { (position: $1.position, name: name($0), value: Double(Float($1.value))) })
        guard let program = lowering.run() else { return nil }
        var result = OpenProgram(program: program, initials: [:])
        for (parameter, expression) in zip(program.parameters, lowering.initialExpressions) {
            guard !isOpen(parameter) else { continue }
            switch expression.kind {
            case .real: result.initials[parameter.name] = (expression.position, false)
            case .unary(.minus, let inner):
                if case .real = inner.kind { result.initials[parameter.name] = (inner.position, true) }
            default: break
            }
        }
        return result
    }
}

/// Collects the floats of a tree.
private struct LiteralWalk {
    var found: [SourcePosition: Double] = [:]
    /// Of those, the ones that are no matter of degree somewhere.
    var fixed: Set<SourcePosition> = []

    mutating func visit(_ tree: TranslationUnit) {
        for item in tree.items {
            switch item {
            case .macro(let macro): visit(macro.value)
            case .declaration(let declaration): visit(declaration)
            case .function(let function): visit(function.body)
            }
        }
    }

    private mutating func visit(_ expression: Expression) {
        switch expression.kind {
        case .real(let value):
            found[expression.position] = value
            if value == 0 { fixed.insert(expression.position) }
        case .binary(.add, let a, let b), .binary(.subtract, let a, let b):
            fix(a) { $0 == 1 }
            fix(b) { $0 == 1 }
        case .binary(.divide, let a, _): fix(a) { $0 == 1 }
        case .call(let name, let arguments) where name.hasPrefix("pow") && arguments.count == 2:
            fix(arguments[1]) { $0 == $0.rounded() }
        default: break
        }
        for child in expression.kind.children { visit(child) }
    }

    private mutating func fix(_ expression: Expression, where isFixed: (Double) -> Bool) {
        switch expression.kind {
        case .real(let value) where isFixed(value): fixed.insert(expression.position)
        case .unary(_, let inner): fix(inner, where: isFixed)
        default: break
        }
    }

    private mutating func visit(_ declaration: Declaration) {
        for declarator in declaration.declarators {
            switch declarator.initializer {
            case .none: break
            case .expression(let value): visit(value)
            case .list(let values): for value in values { visit(value) }
            }
        }
    }

    private mutating func visit(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .declaration(let declaration): visit(declaration)
            case .assignment(_, _, let value), .expression(let value), .result(let value): visit(value)
            case .conditional(let condition, let then, let otherwise):
                visit(condition)
                visit(then + (otherwise ?? []))
            // What stands in a loop's head counts.
            case .loop(let loop): visit(loop.body)
            case .block(let inner): visit(inner)
            case .leave, .next: break
            }
        }
    }
}
