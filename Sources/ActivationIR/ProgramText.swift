/// A program as lines to read: one node a line, `%3 = multiply %0, %2`, then the outputs.
///
///     %0 = input
///     %1 = parameter a                  // 0.1 at first
///     %2 = sin %0                       // line 4
///     %3 = multiply %1, %2              // line 4
///     y = %3
///
/// Numbers are written as Swift does: as many digits as tell them apart.
package enum ProgramText {
    package static func print(_ program: Program) -> String {
        let lines = program.nodes.enumerated().map { id, node in
            let text = "%\(id) = \(text(of: node, in: program))"
            let note = note(on: node, in: program)
            return note.isEmpty ? text : text.padded(to: 33) + " // " + note
        }
        let outputs = program.outputs.enumerated().map { index, id in "\(name(of: index, in: program)) = %\(id)" }
        return (lines + outputs).joined(separator: "\n")
    }

    private static func text(of node: Node, in program: Program) -> String {
        let operands = node.operands.map { "%\($0)" }
        switch node.op {
        case .constant: return "constant \(node.payload)"
        case .parameter: return "parameter \(program.parameters[Int(node.payload)].name)"
        case .unitShift: return "unit_shift \(operands[0]), \(Int(node.payload))"
        default:
            return ([node.op.name] + [operands.joined(separator: ", ")].filter { !$0.isEmpty }).joined(separator: " ")
        }
    }

    private static func note(on node: Node, in program: Program) -> String {
        if node.op == .parameter { return "\(program.parameters[Int(node.payload)].initial) at first" }
        // The line at which an equal constant or x happens to be used first says nothing.
        return node.line > 0 && !node.operands.isEmpty ? "line \(node.line)" : ""
    }

    private static func name(of output: Int, in program: Program) -> String {
        let loss = program.readsLayer ? "dL" : "dy"
        switch output {
        case 0: return "y"
        case 1: return "\(loss)/dx"
        default: return "\(loss)/d\(program.parameters[output - 2].name)"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
