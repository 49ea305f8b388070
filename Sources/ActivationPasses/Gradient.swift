import ActivationIR

/// Exact derivatives by reverse mode over the operator table's rules.
///
/// An adjoint (dy/d node) flows from the output to the operands, each time multiplied by a partial derivative. An arm that
/// a select did not take must get exactly zero, also where the arm's own derivatives are infinite or NaN; so must the
/// operand of a saturated tanh. Therefore an adjoint that passed such an operator is `masked`: it meets a partial that is
/// not known to be finite in a `maskedMultiply`, where zero wins.
package enum Gradient {
    /// - Parameter program: verified, with one output y.
    /// - Returns: a program with outputs y, dy/dx, then dy/dp for each parameter of `program`; simplified.
    package static func differentiate(_ program: Program) -> Program {
        precondition(program.outputs.count == 1, "an activation has one output")
        let forward = Simplifier.reduce(program)
        let y = forward.outputs[0]
        var sweep = Sweep(forward)
        sweep.run(from: y)
        let zero = sweep.editor.builder.constant(0)
        var outputs = [y, zero] + forward.parameters.map { _ in zero }
        for (id, node) in forward.nodes.enumerated() {
            guard let adjoint = sweep.adjoints[id] else { continue }
            if node.op == .input { outputs[1] = adjoint.value }
            if node.op == .parameter { outputs[2 + Int(node.payload)] = adjoint.value }
        }
        return Simplifier.reduce(sweep.editor.builder.finish(outputs: outputs))
    }
}

private struct Sweep {
    struct Adjoint {
        var value: ValueID
        /// Whether it may be zero on purpose, see `Gradient`.
        var isMasked: Bool
    }

    let forward: Program
    var editor: Editor
    /// One per node of `forward`; nil where y does not depend on the node.
    var adjoints: [Adjoint?]
    /// Whether the node depends on the pre-activation or a parameter.
    private let isActive: [Bool]

    init(_ program: Program) {
        forward = program
        editor = Editor(extending: program)
        adjoints = [Adjoint?](repeating: nil, count: program.nodes.count)
        var isActive: [Bool] = []
        for node in program.nodes {
            isActive.append(
                node.op == .input || node.op == .parameter || node.operands.contains { isActive[$0] })
        }
        self.isActive = isActive
    }

    mutating func run(from output: ValueID) {
        adjoints[output] = Adjoint(value: editor.builder.constant(1), isMasked: false)
        for (id, node) in forward.nodes.enumerated().reversed() {
            guard let adjoint = adjoints[id], isActive[id] else { continue }
            editor.builder.line = node.line
            let row = OperatorTable[node.op]
            let partials = row.derivative(&editor.builder, node.operands, id)
            for (operand, partial) in zip(node.operands, partials) {
                guard let partial, isActive[operand] else { continue }
                var contribution = product(adjoint, partial)
                if row.saturates { contribution.isMasked = true }
                accumulate(contribution, at: operand)
            }
        }
    }

    private mutating func accumulate(_ contribution: Adjoint, at operand: ValueID) {
        guard let sum = adjoints[operand] else {
            adjoints[operand] = contribution
            return
        }
        adjoints[operand] = Adjoint(
            value: editor.builder.binary(.add, sum.value, contribution.value),
            isMasked: sum.isMasked || contribution.isMasked)
    }

    /// adjoint · partial. A partial that is a choice between constants becomes a choice between products.
    private mutating func product(_ adjoint: Adjoint, _ partial: ValueID) -> Adjoint {
        if let choice = editor.operands(partial, of: .select), isConstantTree(choice[1]), isConstantTree(choice[2]) {
            let left = product(adjoint, choice[1]).value
            let right = product(adjoint, choice[2]).value
            return Adjoint(value: editor.builder.select(choice[0], left, right), isMasked: true)
        }
        if let constant = editor.constant(partial), constant == 0 || constant == 1 {
            return Adjoint(value: constant == 0 ? partial : adjoint.value, isMasked: adjoint.isMasked)
        }
        let isMasked = adjoint.isMasked && !editor.isFinite(partial)
        let op: Operator = isMasked ? .maskedMultiply : .multiply
        return Adjoint(value: editor.builder.binary(op, adjoint.value, partial), isMasked: adjoint.isMasked)
    }

    /// Whether `id` is a constant or selects only among constants.
    private func isConstantTree(_ id: ValueID) -> Bool {
        if let choice = editor.operands(id, of: .select) {
            return isConstantTree(choice[1]) && isConstantTree(choice[2])
        }
        return editor.constant(id) != nil
    }
}
