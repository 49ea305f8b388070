import ActivationIR

/// The table of functions in docs/language.md, written from the tables that the parser and the cost model read.
package enum LanguageReference {
    /// Markdown: one row for each function, in the order of `BuiltinTable`.
    package static var functions: String {
        let head = """
            | function | arguments | returns | cost | finite where |
            |---|---|---|---|---|

            """
        return head + BuiltinTable.rows.map(row).joined()
    }

    /// Markdown: names and values of the constants.
    package static var constants: String {
        NamedConstants.names.map { "`\($0)`" }.joined(separator: ", ") + "\n"
    }

    private static func row(_ builtin: Builtin) -> String {
        var build = FoldingBuilder()
        let output = build.applied(builtin)
        let program = build.finish(output: output)
        let infos = program.nodes.map { OperatorTable[$0.op] }.filter { $0.arity > 0 }
        let cost = infos.reduce(0) { $0 + $1.cost.amount }
        let domain = infos.count == 1 ? infos[0].domain : ""
        let names = [builtin.spelling] + (builtin.spelling == builtin.name ? [] : [builtin.name])
        let arguments = ["a", "b", "c", "d"].prefix(builtin.arity).joined(separator: ", ")
        let spelled = names.map { "`\($0)`" }.joined(separator: ", ")
        return "| \(spelled) | \(arguments) | \(builtin.result.rawValue) | \(Int(cost)) | \(domain) |\n"
    }
}

extension FoldingBuilder {
    /// The function over values that are not known.
    fileprivate mutating func applied(_ builtin: Builtin) -> ValueID {
        let operands = (0..<builtin.arity).map { trainable(name: "a\($0)", initial: 0) }
        return node(builtin.lower(&self, operands))
    }
}
