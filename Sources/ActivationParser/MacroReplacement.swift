/// What stands in place of a macro's use.
extension Preprocessor {
    /// Writes what stands for the token at `index`.
    /// - Returns: the index after what was used up.
    mutating func expand(
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
