import ActivationParser

/// What a text imports.
extension PythonParser {
    mutating func importing() throws(PythonProblem) {
        let isFrom = takesWord("from")
        if !isFrom { place += 1 }
        func dotted(_ parser: inout PythonParser) throws(PythonProblem) -> String {
            // from .layers import f: no library's, whatever it is called.
            var name = ""
            while parser.takes(".") { name = "." }
            if parser.token != .name("import") { name += try parser.word() }
            while parser.takes(".") { name += "." + (try parser.word()) }
            return name
        }
        let source = try dotted(&self)
        if isFrom {
            guard takesWord("import") else { throw problem("expected 'import', found \(token.shown)") }
            if takes("*") {
                module.stars.append(source)
                return try ended(())
            }
            let isGrouped = takes("(")
            repeat {
                if token == .sign(")") { break }
                let name = try word()
                let own = takesWord("as") ? try word() : name
                module.imports[own] = source + "." + name
            } while takes(",")
            if isGrouped { try expect(")") }
        } else {
            module.imports[takesWord("as") ? try word() : String(source.prefix { $0 != "." })] = source
            while takes(",") {
                let next = try dotted(&self)
                module.imports[takesWord("as") ? try word() : String(next.prefix { $0 != "." })] = next
            }
        }
        try ended(())
    }
}
