/// Syntax tree → tidy C text that parses back to the same program.
package struct SourcePrinter {
    private var text = ""
    private var indentation = 0

    package static func print(_ tree: TranslationUnit) -> String {
        var printer = SourcePrinter()
        if let idea = tree.idea { printer.line("// \(printer.safe(idea))") }
        for (index, item) in tree.items.enumerated() {
            if case .function = item, index > 0 { printer.text += "\n" }
            printer.print(item)
        }
        return printer.text
    }

    package static func print(_ expression: Expression) -> String { SourcePrinter().text(of: expression) }

    private init() {}

    private mutating func line(_ line: String) {
        text += String(repeating: "    ", count: indentation) + line + "\n"
    }

    /// A comment must end where its line ends: no line break, and no backslash that would join the next line.
    private func safe(_ idea: String) -> String {
        var idea = idea.split(whereSeparator: \.isNewline).joined(separator: " ")
        while idea.hasSuffix("\\") { idea.removeLast() }
        return idea
    }

    // MARK: Items

    private mutating func print(_ item: TranslationUnit.Item) {
        switch item {
        case .macro(let macro): line("#define \(macro.name) \(text(of: macro.value, above: .primary))")
        case .declaration(let declaration): line("static " + text(of: declaration) + ";")
        case .function(let function):
            let parameters = function.parameters.map { "\($0.type.rawValue) \($0.name)" }.joined(separator: ", ")
            // Without `static` a helper may clash with a function of the same name in a C library.
            let storage = function.name == "activation" ? "" : "static "
            line("\(storage)\(function.result.rawValue) \(function.name)(\(parameters))")
            line("{")
            printBlock(function.body)
            line("}")
        }
    }

    private func text(of declaration: Declaration) -> String {
        let declarators = declaration.declarators.map { text(of: $0) }.joined(separator: ", ")
        return (declaration.isConstant ? "const " : "") + "\(declaration.type.rawValue) \(declarators)"
    }

    private func text(of declarator: Declarator) -> String {
        let name =
            switch declarator.shape {
            case .scalar: declarator.name
            case .array(let count): declarator.name + "[" + (count.map { text(of: $0) } ?? "") + "]"
            }
        switch declarator.initializer {
        case .none: return name
        case .expression(let value): return "\(name) = \(text(of: value))"
        case .list(let elements): return "\(name) = {\(elements.map { text(of: $0) }.joined(separator: ", "))}"
        }
    }

    // MARK: Statements

    private mutating func printBlock(_ statements: [Statement]) {
        indentation += 1
        for statement in statements { print(statement) }
        indentation -= 1
    }

    private mutating func print(_ statement: Statement) {
        switch statement.kind {
        case .conditional(let condition, let then, let otherwise):
            printConditional("if (\(text(of: condition))) {", then, otherwise)
        case .loop(let loop): print(loop)
        case .block(let statements):
            line("{")
            printBlock(statements)
            line("}")
        default: line(simpleText(of: statement) + ";")
        }
    }

    private mutating func printConditional(_ head: String, _ then: [Statement], _ otherwise: [Statement]?) {
        line(head)
        printBlock(then)
        guard let otherwise else { return line("}") }
        if otherwise.count == 1, case .conditional(let condition, let inner, let rest) = otherwise[0].kind {
            return printConditional("} else if (\(text(of: condition))) {", inner, rest)
        }
        line("} else {")
        printBlock(otherwise)
        line("}")
    }

    private mutating func print(_ loop: Statement.Loop) {
        let condition = loop.condition.map { text(of: $0) } ?? ""
        switch loop.form {
        case .forLoop:
            let initial = loop.initial.map { simpleText(of: $0) }.joined(separator: ", ")
            let step = loop.step.map { simpleText(of: $0) }.joined(separator: ", ")
            line("for (\(initial); \(condition); \(step)) {")
        case .whileLoop: line("while (\(condition)) {")
        case .doWhile: line("do {")
        }
        printBlock(loop.body)
        line(loop.form == .doWhile ? "} while (\(condition));" : "}")
    }

    /// A statement that stands on one line, without its semicolon.
    private func simpleText(of statement: Statement) -> String {
        switch statement.kind {
        case .declaration(let declaration): return text(of: declaration)
        case .assignment(let target, let op, let value):
            let name = target.name + (target.index.map { "[\(text(of: $0))]" } ?? "")
            if value.kind == .integer(1), op == .add { return name + "++" }
            if value.kind == .integer(1), op == .subtract { return name + "--" }
            return "\(name) \(op?.rawValue ?? "")= \(text(of: value))"
        case .expression(let value): return text(of: value)
        case .result(let value): return "return \(text(of: value))"
        case .leave: return "break"
        case .next: return "continue"
        case .conditional, .loop, .block: return ""
        }
    }

    // MARK: Expressions

    /// How tight an expression binds; an operand looser than its place needs parentheses.
    private enum Level: Int {
        case any = 0
        case condition = 1
        case unary = 7
        case primary = 8
    }

    private func text(of expression: Expression, above level: Level = .any) -> String {
        text(of: expression, above: level.rawValue)
    }

    private func text(of expression: Expression, above level: Int) -> String {
        let (text, own) = bare(expression)
        return own < level ? "(\(text))" : text
    }

    private func bare(_ expression: Expression) -> (text: String, level: Int) {
        switch expression.kind {
        case .real(let value): return (Self.spelling(ofReal: value), Level.primary.rawValue)
        case .integer(let value): return (String(Int(value)), Level.primary.rawValue)
        case .name(let name): return (name, Level.primary.rawValue)
        case .element(let array, let index): return ("\(array)[\(text(of: index))]", Level.primary.rawValue)
        case .call(let name, let arguments):
            return ("\(name)(\(arguments.map { text(of: $0) }.joined(separator: ", ")))", Level.primary.rawValue)
        case .cast(let type, let a): return ("(\(type.rawValue))\(text(of: a, above: .unary))", Level.unary.rawValue)
        case .unary(let op, let a):
            let operand = text(of: a, above: .unary)
            // `--x` and `++x` are other operators.
            let needsSpace = operand.hasPrefix(op.rawValue)
            return (op.rawValue + (needsSpace ? "(\(operand))" : operand), Level.unary.rawValue)
        case .binary(let op, let a, let b):
            let own = op.precedence
            return ("\(text(of: a, above: own)) \(op.rawValue) \(text(of: b, above: own + 1))", own)
        case .conditional(let condition, let a, let b):
            let values = "\(text(of: a)) : \(text(of: b))"
            return ("\(text(of: condition, above: .condition)) ? \(values)", Level.any.rawValue)
        }
    }

    /// The shortest spelling that reads back as the same float.
    static func spelling(ofReal value: Double) -> String {
        let digits = Float(value).description
        return digits.contains(".") || digits.contains("e") ? digits + "f" : digits + ".0f"
    }
}
