/// Tokens → tokens: what a C preprocessor does, as far as candidates use it.
///
/// Replaced where they are used, as C has it: macros with parameters, macros whose text is no closed constant, and the
/// names that `typedef` gives to a number type. `#ifdef`, `#ifndef`, `#if 0`, `#else` and `#endif` choose lines.
/// Attributes are left out. The `#define` of a plain constant stays for the parser: tree operators may tune it.
///
/// A replaced token keeps its place in the text of the macro, where a mistake is to be mended.
struct Preprocessor {
    struct Definition {
        /// Nil: used without parentheses.
        var parameters: [String]?
        var body: [Token]
    }

    let limits: ParserLimits
    var report: DiagnosticReport
    /// Names of macros that were refused: nothing more is said about them.
    private(set) var tainted: Set<String> = []
    private(set) var tokens: [Token] = []
    private var definitions: [String: Definition] = [:]
    private var constants: Set<String> = []
    /// One entry for each open `#if`: whether its lines count, and whether one of its parts has counted.
    private var conditions: [(isActive: Bool, wasActive: Bool)] = []
    /// Bounds the work where macros make many macros and few tokens.
    private var replacements = 0
    /// Macros grew beyond the limits; the tokens are not all there.
    private(set) var isExhausted = false

    init(limits: ParserLimits, report: DiagnosticReport) {
        self.limits = limits
        self.report = report
    }

    mutating func run(_ input: [Token]) {
        var index = 0
        while index < input.count, input[index].kind != .end, !isExhausted {
            let token = input[index]
            if token.text == "#", token.kind == .punctuator, token.startsLine {
                let line = Self.line(of: input, from: index)
                directive(Array(line))
                index += line.count
            } else if !isActive {
                index += 1
            } else if token.text == "typedef", let (name, type, next) = Self.typeName(input, index) {
                definitions[name] = Definition(parameters: nil, body: type)
                index = next
            } else {
                var replaced: [Token] = []
                index = expand(input, index, hidden: [], into: &replaced)
                tokens += replaced
            }
            if isExhausted {
                let name = token.text == "#" ? "this macro" : "macro '\(token.text)'"
                report.error(token.position, "\(name) grows too large; write it as a helper function")
            }
        }
        if let end = input.last { tokens.append(end) }
    }

    private var isActive: Bool { conditions.last?.isActive ?? true }

    private static func line(of input: [Token], from start: Int) -> ArraySlice<Token> {
        let end = input[(start + 1)...].firstIndex { $0.startsLine || $0.kind == .end } ?? input.count
        return input[start..<end]
    }

    /// `typedef float real;`
    private static func typeName(_ input: [Token], _ start: Int) -> (String, [Token], next: Int)? {
        let type = input[(start + 1)...].prefix { SpecifierWords.all.contains($0.text) }
        let name = start + 1 + type.count
        guard !type.isEmpty, name + 1 < input.count, case .identifier = input[name].kind, input[name + 1].text == ";"
        else { return nil }
        return (input[name].text, Array(type), name + 2)
    }

    // MARK: Directives

    private mutating func directive(_ line: [Token]) {
        let word = line.count > 1 ? line[1].text : ""
        let argument = line.count > 2 ? line[2] : nil
        switch word {
        case "ifdef", "ifndef", "if": open(line, word)
        case "elif":
            guard !conditions.isEmpty else { return orphan(line[0], word) }
            let isFirst = !conditions[conditions.count - 1].wasActive
            choose(isFirst && truth(line) ?? false)
        case "else":
            guard let last = conditions.last else { return orphan(line[0], word) }
            choose(!last.wasActive)
        case "endif":
            if conditions.popLast() == nil { orphan(line[0], word) }
        case _ where !isActive: return
        case "include", "pragma", "": return
        case "undef":
            if let argument { definitions[argument.text] = nil }
        case "define": define(line)
        default: tokens += line
        }
    }

    private mutating func orphan(_ hash: Token, _ word: String) {
        report.error(hash.position, "#\(word) without an #if before it; remove it")
    }

    private mutating func choose(_ isActive: Bool) {
        let last = conditions.count - 1
        let isOuterActive = last == 0 || conditions[last - 1].isActive
        conditions[last].isActive = isActive && isOuterActive
        conditions[last].wasActive = conditions[last].wasActive || isActive
    }

    private mutating func open(_ line: [Token], _ word: String) {
        var holds = truth(line)
        if holds == nil {
            if isActive {
                report.error(
                    line[0].position, "#if with a condition is not available; use #ifdef, #ifndef or a C if")
            }
            holds = false
        }
        conditions.append((isActive && holds == true, holds == true))
    }

    /// Nil: not one of the conditions that are read.
    private func truth(_ line: [Token]) -> Bool? {
        let words = line.dropFirst().map(\.text)
        switch (words.first, words.dropFirst().first) {
        case ("ifdef", let name?): return isDefined(name)
        case ("ifndef", let name?): return !isDefined(name)
        case (_, "0"?) where words.count == 2: return false
        case (_, "1"?) where words.count == 2: return true
        case (_, "defined"?): return words.dropFirst(2).first { $0 != "(" }.map { isDefined($0) }
        case (_, "!"?) where words.dropFirst(2).first == "defined":
            return words.dropFirst(3).first { $0 != "(" }.map { !isDefined($0) }
        default: return nil
        }
    }

    private func isDefined(_ name: String) -> Bool {
        definitions[name] != nil || constants.contains(name) || NamedConstants.value(name) != nil
    }

    private mutating func define(_ line: [Token]) {
        guard line.count > 2, case .identifier = line[2].kind else {
            tokens += line
            return
        }
        let name = line[2]
        let body = Array(line.dropFirst(3))
        constants.insert(name.text)
        definitions[name.text] = nil
        if let first = body.first, first.text == "(", first.position == name.endPosition {
            return defineWithParameters(name, body)
        }
        if isClosed(body) {
            var kept = Array(line.prefix(3))
            var index = 0
            while index < body.count { index = expand(body, index, hidden: [name.text], into: &kept) }
            for place in kept.indices.dropFirst() { kept[place].startsLine = false }
            tokens += kept
        } else {
            definitions[name.text] = Definition(parameters: nil, body: body)
        }
    }

    private mutating func defineWithParameters(_ name: Token, _ rest: [Token]) {
        guard let end = rest.firstIndex(where: { $0.text == ")" }) else {
            tainted.insert(name.text)
            return report.error(name.position, "the parameters of macro '\(name.text)' are never closed; add ')'")
        }
        let parameters = rest[1..<end].filter { $0.text != "," }
        let body = Array(rest[(end + 1)...])
        if let mark = body.first(where: { $0.text == "#" }) {
            tainted.insert(name.text)
            return report.error(
                mark.position, "# and ## in a macro are not available; write '\(name.text)' as a helper function")
        }
        if let odd = parameters.first(where: { $0.kind != .identifier }) {
            tainted.insert(name.text)
            return report.error(odd.position, "a macro's parameters are names, like #define SQUARE(a) ((a) * (a))")
        }
        definitions[name.text] = Definition(parameters: parameters.map(\.text), body: body)
    }

    /// Whether a macro's text means the same wherever it stands: one number or name with its sign, a call, or all of it
    /// in parentheses. What has a stray `;` or a missing `)` is left to the parser, which knows what to say.
    private func isClosed(_ body: [Token]) -> Bool {
        guard let first = body.first, let last = body.last else { return true }
        if SpecifierWords.all.contains(first.text) || Parser.statementWords.contains(first.text) || first.text == "{" {
            return false
        }
        if last.text == ";" { return true }
        // A name that means nothing yet, like the x of `#define HALF (0.5f * x)`, gets its meaning where it is used.
        for token in body where token.kind == .identifier {
            let isKnown = constants.contains(token.text) || NamedConstants.value(token.text) != nil
            guard isKnown || BuiltinTable[token.text] != nil || SpecifierWords.all.contains(token.text) else {
                return false
            }
        }
        var open = 0
        for (index, token) in body.enumerated() where token.kind == .punctuator {
            if token.text == "(" { open += 1 }
            if token.text == ")" { open -= 1 }
            let isSign = index == 0 && (token.text == "-" || token.text == "+")
            let isOperator = token.text == "?" || BinaryOperator(rawValue: token.text) != nil
            if open == 0, isOperator, !isSign, index < body.count - 1 { return false }
        }
        return true
    }

    // MARK: Replacing

    /// Writes what stands for the token at `index`.
    /// - Returns: the index after what was used up.
    private mutating func expand(
        _ input: [Token], _ index: Int, hidden: Set<String>, into output: inout [Token]
    ) -> Int {
        let token = input[index]
        if let next = Attributes.end(input, index) { return next }
        guard case .identifier = token.kind, !hidden.contains(token.text), let definition = definitions[token.text]
        else {
            output.append(token)
            return index + 1
        }
        replacements += 1
        var body = definition.body
        var next = index + 1
        if let parameters = definition.parameters {
            guard next < input.count, input[next].text == "(", let (arguments, end) = Self.arguments(input, next) else {
                output.append(token)
                return next
            }
            next = end
            let count = parameters.isEmpty && arguments.allSatisfy(\.isEmpty) ? 0 : arguments.count
            guard count == parameters.count else {
                let expected = parameters.count == 1 ? "1 argument" : "\(parameters.count) arguments"
                report.error(token.position, "macro '\(token.text)' takes \(expected), found \(count)")
                output.append(Token(kind: .stray, text: token.text, like: token))
                return next
            }
            body = substitute(zip(parameters, arguments.map { expanded($0, hidden) }), in: body)
        }
        var replaced = expanded(body, hidden.union([token.text]))
        guard !isExhausted, hidden.count < limits.nesting, replacements <= limits.tokens,
            tokens.count + output.count + replaced.count <= limits.tokens
        else {
            isExhausted = true
            return next
        }
        for place in replaced.indices { replaced[place].startsLine = place == 0 && token.startsLine }
        // An error after the macro is told after its use.
        if !replaced.isEmpty { replaced[replaced.count - 1].end = input[next - 1].endPosition }
        output += replaced
        return next
    }

    private mutating func expanded(_ input: [Token], _ hidden: Set<String>) -> [Token] {
        var output: [Token] = []
        var index = 0
        while index < input.count, !isExhausted, hidden.count <= limits.nesting {
            index = expand(input, index, hidden: hidden, into: &output)
        }
        return output
    }

    private mutating func substitute(_ pairs: some Sequence<(String, [Token])>, in body: [Token]) -> [Token] {
        let arguments = Dictionary(pairs) { first, _ in first }
        var result: [Token] = []
        for token in body where result.count <= limits.tokens {
            result += token.kind == .identifier ? arguments[token.text] ?? [token] : [token]
        }
        return result
    }

    /// From the `(` at `start`: the tokens between the commas, and where they end. Nil when it is never closed.
    private static func arguments(_ input: [Token], _ start: Int) -> ([[Token]], next: Int)? {
        var arguments: [[Token]] = [[]]
        var open = 0
        for index in start..<input.count {
            let token = input[index]
            if token.text == ")" { open -= 1 }
            if open == 0, token.text == ")" { return (arguments, index + 1) }
            if open == 1, token.text == "," {
                arguments.append([])
            } else if open > 0 {
                arguments[arguments.count - 1].append(token)
            }
            if token.text == "(" { open += 1 }
            if token.text == ";" || token.text == "{" { return nil }
        }
        return nil
    }
}

/// `__attribute__((…))`, `[[…]]` and their like say nothing about values.
private enum Attributes {
    private static let words: Set<String> = [
        "__attribute__", "__attribute", "__declspec", "__launch_bounds__", "_Alignas", "alignas",
    ]

    /// The index after an attribute that begins at `index`.
    static func end(_ tokens: [Token], _ index: Int) -> Int? {
        let token = tokens[index]
        guard index + 1 < tokens.count else { return nil }
        let isBracketed = token.text == "[" && tokens[index + 1].text == "[" && token.kind == .punctuator
        guard isBracketed || words.contains(token.text) && tokens[index + 1].text == "(" else { return nil }
        let (opening, closing) = isBracketed ? ("[", "]") : ("(", ")")
        var open = 0
        for place in (isBracketed ? index : index + 1)..<tokens.count {
            if tokens[place].text == opening { open += 1 }
            if tokens[place].text == closing { open -= 1 }
            if open == 0 { return place + 1 }
        }
        return nil
    }
}
