/// Lines that begin with `#`: macros are defined, lines are chosen.
extension Preprocessor {
    mutating func directive(_ line: [Token]) {
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
}
