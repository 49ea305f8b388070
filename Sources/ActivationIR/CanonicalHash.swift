import EvolveTypes

/// Names a program by its structure: equal for programs that differ only in the order of commutative operands, the
/// order of independent nodes, repeated or dead nodes, source lines and parameter names.
///
/// A node's hash is taken over its operator, its payload and its operands' hashes, the latter sorted where the operator
/// commutes. A parameter counts by its place among the parameters in use and its initial value. It sees no algebra:
/// run the simplifier first, or ask for the `Fingerprint`.
package enum CanonicalHash {
    /// Lower-case hexadecimal SHA-256, 64 characters. The program is verified.
    package static func of(_ program: Program) -> String {
        let live = program.isLive
        let names = parameterNames(of: program, live: live)
        var hashes: [String] = []
        hashes.reserveCapacity(program.nodes.count)
        for (id, node) in program.nodes.enumerated() {
            guard live[id] else {
                hashes.append("")
                continue
            }
            var operands = node.operands.map { hashes[$0] }
            if OperatorTable[node.op].isCommutative { operands.sort() }
            let payload =
                switch node.op {
                case .constant, .unitShift: text(of: node.payload)
                case .parameter: names[Int(node.payload)]
                default: ""
                }
            hashes.append(Digest.hex(([node.op.name, payload] + operands).joined(separator: " ")))
        }
        return Digest.hex(program.outputs.map { hashes[$0] }.joined(separator: "\n"))
    }

    /// For each parameter, its rank among those in use and its initial value.
    private static func parameterNames(of program: Program, live: [Bool]) -> [String] {
        var isUsed = [Bool](repeating: false, count: program.parameters.count)
        for (node, isLive) in zip(program.nodes, live) where isLive && node.op == .parameter {
            isUsed[Int(node.payload)] = true
        }
        var rank = 0
        return zip(program.parameters, isUsed).map { parameter, isUsed in
            defer { rank += isUsed ? 1 : 0 }
            return "\(rank) \(text(of: parameter.initial))"
        }
    }

    /// The bits of a number, the same for 0 and −0.
    private static func text(of value: Double) -> String {
        String(value == 0 ? 0 : value.bitPattern, radix: 16)
    }
}
