/// The top level of a text, and declarations wherever they stand.
extension Parser {
    mutating func translationUnit() -> TranslationUnit {
        var items: [TranslationUnit.Item] = []
        while !isAtEnd {
            if at("#") {
                if let macro = directive() { items.append(.macro(macro)) }
            } else if at("}") {
                report.error(current.position, "'}' without a '{' before it; remove it")
                advance()
            } else if accept(";") {
                continue
            } else if let item = recovering({ try $0.item() }) {
                items.append(contentsOf: item)
            } else {
                skipToItem()
            }
        }
        return TranslationUnit(items: items)
    }

    /// After an error: past what cannot begin an item, prose or the rest of a broken function.
    private mutating func skipToItem() {
        while !isAtEnd, !at("#"), !at("void"), !startsDeclaration { advance() }
    }

    /// Nothing for a prototype: the definition says it all.
    private mutating func item() throws -> [TranslationUnit.Item] {
        let position = current.position
        if try leaveOutWithoutResult() { return [] }
        guard SpecifierWords.all.contains(current.text) || at("void") else {
            if case .identifier = current.kind, case .identifier = ahead(1).kind,
                UnsupportedSyntax.keywords[current.text] == nil, !UnsupportedSyntax.isReserved(ahead(1).text)
            {
                throw fail(position, "unknown type '\(current.text)'; use float, int or bool")
            }
            throw unexpected("a function such as float activation(float x) { return x; }")
        }
        if at("void") { throw fail(position, "a function must return a value; write float instead of void") }
        let specifiers = try self.specifiers()
        if ahead(1).text == "(" { return try function(specifiers.type).map { [.function($0)] } ?? [] }
        return [.declaration(try declaration(specifiers, position))]
    }

    // MARK: Preprocessor

    private mutating func directive() -> Macro? {
        let hash = current.position
        advance()
        var line: [Token] = []
        while !isAtEnd, !current.startsLine {
            line.append(current)
            advance()
        }
        switch line.first?.text {
        case "include", "pragma", "undef", nil: return nil
        case "define": return macro(Array(line.dropFirst()), hash)
        default:
            report.error(hash, "only #include and #define of constants are available; remove this line")
            return nil
        }
    }

    private mutating func macro(_ line: [Token], _ hash: SourcePosition) -> Macro? {
        guard let name = line.first, case .identifier = name.kind else {
            report.error(hash, "#define needs a name and a constant, like #define ALPHA 0.5f")
            return nil
        }
        // A macro without a value, such as _GNU_SOURCE, asks something of a C library.
        guard let body = line.dropFirst().first else { return nil }
        if body.text == "(", body.position.column == name.endColumn {
            report.error(
                name.position, "macros with parameters are not available; write '\(name.text)' as a helper function")
            tainted.insert(name.text)
            return nil
        }
        let last = line[line.count - 1]
        let end = Token(
            kind: .end, text: "", position: last.endPosition, endColumn: last.endColumn, startsLine: true)
        var inner = Parser(tokens: line.dropFirst() + [end], limits: limits, report: report)
        let value = inner.recovering { parser in
            let value = try parser.expression()
            if !parser.isAtEnd {
                throw parser.fail(
                    parser.current.position, "#define gives a constant its name; after the constant nothing may follow")
            }
            return value
        }
        report = inner.report
        tainted.formUnion(inner.tainted)
        guard let value else {
            tainted.insert(name.text)
            return nil
        }
        return Macro(name: name.text, value: value, position: name.position)
    }

    // MARK: Functions

    private mutating func function(_ result: ScalarType) throws -> Function? {
        let position = current.position
        let name = try self.name("a function name")
        if name == "main" {
            leaveOut(name, position, "a program's main is not needed, the engine calls activation")
            return nil
        }
        advance()
        let headerStart = index
        let parameters: [FunctionParameter]
        var problem: Problem?
        do {
            parameters = try self.parameters(&problem)
        } catch {
            // What the body does with a parameter that cannot be is not worth a word.
            while !isAtEnd, !at("{"), !at(";") { advance() }
            for token in tokens[headerStart..<index] where token.kind == .identifier { tainted.insert(token.text) }
            tainted.insert(name)
            // Parameters in the style of the first C are declared before the body.
            while at(";"), SpecifierWords.all.contains(ahead(1).text) || ahead(1).text == "{" {
                advance()
                let mark = index
                while !isAtEnd, !at("{"), !at(";"), !at("(") { advance() }
                if at("(") {
                    index = mark
                    break
                }
            }
            if at("{") { skipBraces() }
            return nil
        }
        if let problem {
            if name != "activation" {
                leaveOut(name, problem.position, problem.message)
                return nil
            }
            report.error(problem.position, problem.message)
        }
        if accept(";") { return nil }
        if let nameless = parameters.first(where: { $0.name.isEmpty }) {
            throw fail(nameless.position, "this parameter has no name; write for example float x")
        }
        guard at("{") else { throw unexpected("'{' to begin the body of '\(name)'") }
        let body = try block()
        return Function(result: result, name: name, parameters: parameters, body: body, position: position)
    }

    private struct Problem {
        var position: SourcePosition
        var message: String
    }

    /// `void` functions other than activation are read past: answers like to show how they test theirs.
    private mutating func leaveOutWithoutResult() throws -> Bool {
        var place = index
        while SpecifierWords.all.contains(tokens[place].text) { place += 1 }
        guard tokens[place].text == "void", place + 2 < tokens.count, tokens[place + 2].text == "(" else {
            return false
        }
        let name = tokens[place + 1].text
        guard name != "activation" else { return false }
        let message = "a function must return a value; write float instead of void"
        leaveOut(name, tokens[place].position, message)
        return true
    }

    /// Past the rest of a function's header, and its body.
    private mutating func leaveOut(_ name: String, _ position: SourcePosition, _ message: String) {
        while !isAtEnd, !at("{"), !at(";") { advance() }
        if at("{") { skipBraces() } else { advance() }
        places.leftOut.append(.init(name: name, position: position, message: message))
    }

    /// - Parameter problem: the first parameter whose type is refused; the parameters after it are still read.
    private mutating func parameters(_ problem: inout Problem?) throws -> [FunctionParameter] {
        if at("void"), ahead(1).text == ")" { advance() }
        if accept(")") { return [] }
        var parameters: [FunctionParameter] = []
        repeat {
            guard SpecifierWords.all.contains(current.text) || at("void") else {
                throw unexpected("a parameter such as float x")
            }
            var type = ScalarType.float
            if at("void") { advance() } else { type = try specifiers(mayBePointer: true).type }
            let start = index
            var position = current.position
            if at("*") || at("&") || at("(") {
                let message = at("&") ? UnsupportedSyntax.reference : UnsupportedSyntax.pointer
                if problem == nil { problem = Problem(position: position, message: message) }
                skipParameter()
                position = tokens[index - 1].position
            }
            // A prototype may leave names out.
            let name =
                start < index
                ? tokens[start..<index].last { $0.kind == .identifier }?.text ?? "?"
                : at(",") || at(")") ? "" : try self.name("a parameter name")
            if at("[") {
                let message = "array parameters are not available; pass float values one by one"
                if problem == nil { problem = Problem(position: current.position, message: message) }
                skipParameter()
            }
            if problem != nil {
                places.parameters.insert(position)
                tainted.insert(name)
            }
            parameters.append(FunctionParameter(type: type, name: name, position: position))
        } while accept(",")
        try expect(")", "after the parameters")
        return parameters
    }

    /// To the `,` or `)` that ends a parameter.
    private mutating func skipParameter() {
        var open = 0
        while !isAtEnd, !at("{"), !at(";"), open > 0 || !at(",") && !at(")") {
            open += at("(") ? 1 : at(")") ? -1 : 0
            advance()
        }
    }

    // MARK: Declarations

    struct Specifiers {
        var type: ScalarType
        var isConstant: Bool
    }

    var startsDeclaration: Bool { SpecifierWords.all.contains(current.text) }

    mutating func specifiers(mayBePointer: Bool = false) throws -> Specifiers {
        var type: ScalarType?
        var isConstant = false
        while SpecifierWords.all.contains(current.text) {
            let word = current.text
            // A static variable keeps its value from call to call, which nothing here can: it may only be constant.
            if SpecifierWords.constants.contains(word) || word == "static" { isConstant = true }
            if SpecifierWords.floats.contains(word) { type = .float }
            if SpecifierWords.booleans.contains(word) { type = .bool }
            // `long double` is a float too.
            if SpecifierWords.integers.contains(word), type != .float { type = .int }
            advance()
        }
        if at("*"), !mayBePointer { throw fail(current.position, UnsupportedSyntax.pointer) }
        if at("&"), !mayBePointer { throw fail(current.position, UnsupportedSyntax.reference) }
        guard let type else {
            if UnsupportedSyntax.keywords[current.text] != nil { throw unexpected("a type") }
            throw fail(current.position, "expected a type, found \(current.described); use float, int or bool")
        }
        return Specifiers(type: type, isConstant: isConstant)
    }

    /// The declarators and the semicolon.
    mutating func declaration(_ specifiers: Specifiers, _ position: SourcePosition) throws -> Declaration {
        var declarators: [Declarator] = []
        repeat {
            declarators.append(try declarator())
        } while accept(",")
        try expectSemicolon(after: "the declaration")
        return Declaration(
            isConstant: specifiers.isConstant, type: specifiers.type, declarators: declarators, position: position)
    }

    private mutating func declarator() throws -> Declarator {
        if at("*") { throw fail(current.position, UnsupportedSyntax.pointer) }
        let position = current.position
        let name = try self.name("a variable name")
        var shape = Declarator.Shape.scalar
        if accept("[") {
            let count = at("]") ? nil : try withoutEffects { try $0.bracketed() }
            try expect("]", "after the number of elements")
            if at("[") { throw fail(current.position, "arrays have one dimension; index it as row * columns + column") }
            shape = .array(count: count)
        }
        guard accept("=") else {
            return Declarator(name: name, shape: shape, initializer: .none, position: position)
        }
        let initializer: Declarator.Initializer =
            at("{") ? .list(try initializerList()) : .expression(try chained(expression()))
        return Declarator(name: name, shape: shape, initializer: initializer, position: position)
    }

    private mutating func initializerList() throws -> [Expression] {
        advance()
        var elements: [Expression] = []
        while !at("}") {
            if at("{") { throw fail(current.position, "arrays have one dimension; list plain numbers") }
            elements.append(try expression())
            if !accept(",") { break }
        }
        try expect("}", "after the elements")
        return elements
    }
}
