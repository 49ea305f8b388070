import ActivationIR

/// Exact derivatives by reverse mode over the operator table's rules.
///
/// An adjoint (dy/d node) flows from the output to the operands, each time multiplied by a partial derivative. An arm that
/// a select did not take must get exactly zero, also where the arm's own derivatives are infinite or NaN. Two means:
/// - A partial that is a choice between something and zero becomes a guard of the adjoint. Guards stay outside the
///   products; they become selects where adjoints with different guards meet, or at the end.
/// - An adjoint that may be zero on purpose, because guards were resolved in it or because it passed a saturated function
///   (tanh far out), is masked: it meets a partial that is not known to be finite in a `maskedMultiply`, where zero wins.
package enum Gradient {
    /// An element's slope says nothing where values depend on other elements. There the reverse program starts from an
    /// input `cotangent`, dL/dy of every element, and gives dL/dx; a statistic hands its adjoint on by its `adjoint` rule.
    ///
    /// - Parameter program: verified, with one output y.
    /// - Returns: a program with outputs y, dy/dx, then dy/dp for each parameter of `program`; of a program that reads its
    ///   layer y, dL/dx, then for each parameter the element's part of dL/dp, to be summed over the layer. Simplified.
    package static func differentiate(_ program: Program) -> Program {
        precondition(program.outputs.count == 1, "an activation has one output")
        let forward = Simplifier.reduce(program)
        let y = forward.outputs[0]
        var sweep = Sweep(forward)
        let seed =
            forward.readsLayer ? sweep.editor.builder.append(.cotangent) : sweep.editor.builder.constant(1)
        sweep.run(from: y, seed: seed)
        let zero = sweep.editor.builder.constant(0)
        var outputs = [y, zero] + forward.parameters.map { _ in zero }
        for (id, node) in forward.nodes.enumerated() {
            guard let adjoint = sweep.resolved(at: id) else { continue }
            if node.op == .input { outputs[1] = adjoint }
            if node.op == .parameter { outputs[2 + Int(node.payload)] = adjoint }
        }
        return Simplifier.reduce(sweep.editor.builder.finish(outputs: outputs))
    }
}

private struct Sweep {
    /// The adjoint is zero unless `condition` has the value `holds`.
    struct Guard: Hashable {
        var condition: ValueID
        var holds: Bool
    }

    struct Adjoint {
        var value: ValueID
        /// Outermost last.
        var guards: [Guard] = []
        /// Whether `value` itself may be zero on purpose.
        var isMasked = false
    }

    let forward: Program
    var editor: Editor
    /// One per node of `forward`; nil where y does not depend on the node.
    private var adjoints: [Adjoint?]
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

    mutating func run(from output: ValueID, seed: ValueID) {
        adjoints[output] = Adjoint(value: seed)
        for (id, node) in forward.nodes.enumerated().reversed() {
            guard let adjoint = adjoints[id], isActive[id] else { continue }
            editor.builder.line = node.line
            let row = OperatorTable[node.op]
            if let rule = row.adjoint {
                if isActive[node.operands[0]] { accumulate(spread(adjoint, rule, of: id), at: node.operands[0]) }
                continue
            }
            let partials = row.derivative(&editor.builder, node.operands, id)
            for (operand, partial) in combined(node.operands, partials) where isActive[operand] {
                var contribution = product(adjoint, partial)
                if row.saturates { contribution.isMasked = true }
                accumulate(contribution, at: operand)
            }
        }
    }

    /// What the operand of a statistic or shift gets. Guards speak of the element they are in, so they end here.
    private mutating func spread(_ adjoint: Adjoint, _ rule: OperatorInfo.AdjointRule, of id: ValueID) -> Adjoint {
        let whole = resolve(adjoint)
        let (value, gate) = rule(&editor.builder, forward.nodes[id], id, whole.value)
        return Adjoint(
            value: value, guards: gate.map { [Guard(condition: $0, holds: true)] } ?? [], isMasked: whole.isMasked)
    }

    /// One partial per distinct operand: that of x·x by x is x + x.
    private mutating func combined(
        _ operands: [ValueID], _ partials: [ValueID?]
    ) -> [(operand: ValueID, partial: ValueID)] {
        var result: [(operand: ValueID, partial: ValueID)] = []
        for (operand, partial) in zip(operands, partials) {
            guard let partial else { continue }
            if let place = result.firstIndex(where: { $0.operand == operand }) {
                result[place].partial = editor.builder.binary(.add, result[place].partial, partial)
            } else {
                result.append((operand, partial))
            }
        }
        return result
    }

    /// The adjoint of node `id` with its guards as selects; nil where y does not depend on the node.
    mutating func resolved(at id: ValueID) -> ValueID? {
        guard let adjoint = adjoints[id] else { return nil }
        return resolve(adjoint).value
    }

    private mutating func resolve(_ adjoint: Adjoint) -> Adjoint {
        guard !adjoint.guards.isEmpty else { return adjoint }
        let zero = editor.builder.constant(0)
        let value = adjoint.guards.reduce(adjoint.value) { value, gate in
            gate.holds
                ? editor.builder.select(gate.condition, value, zero)
                : editor.builder.select(gate.condition, zero, value)
        }
        return Adjoint(value: value, isMasked: true)
    }

    private mutating func accumulate(_ contribution: Adjoint, at operand: ValueID) {
        guard var sum = adjoints[operand] else {
            adjoints[operand] = contribution
            return
        }
        var term = contribution
        if sum.guards != term.guards {
            sum = resolve(sum)
            term = resolve(term)
        }
        sum.value = editor.builder.binary(.add, sum.value, term.value)
        sum.isMasked = sum.isMasked || term.isMasked
        adjoints[operand] = sum
    }

    private mutating func product(_ adjoint: Adjoint, _ partial: ValueID) -> Adjoint {
        if let choice = editor.operands(partial, of: .select), hasZeroLeaf(partial) {
            return product(adjoint, choice: choice)
        }
        if editor.constant(partial) == 1 { return adjoint }
        let isHarmless = !adjoint.isMasked || editor.isFinite(partial)
        var result = adjoint
        result.value = editor.builder.binary(isHarmless ? .multiply : .maskedMultiply, adjoint.value, partial)
        return result
    }

    /// adjoint · select(condition, a, b), where a or b holds a zero.
    private mutating func product(_ adjoint: Adjoint, choice: [ValueID]) -> Adjoint {
        for (arm, other, holds) in [(choice[1], choice[2], true), (choice[2], choice[1], false)]
        where editor.constant(other) == 0 {
            var result = product(adjoint, arm)
            let gate = Guard(condition: choice[0], holds: holds)
            if !result.guards.contains(gate) { result.guards.append(gate) }
            return result
        }
        let bare = Adjoint(value: adjoint.value, isMasked: adjoint.isMasked)
        let left = product(bare, choice[1])
        let right = product(bare, choice[2])
        let value = editor.builder.select(choice[0], resolve(left).value, resolve(right).value)
        return Adjoint(value: value, guards: adjoint.guards, isMasked: true)
    }

    /// Whether `id` is zero, or a choice with a zero among its values.
    private func hasZeroLeaf(_ id: ValueID) -> Bool {
        if let choice = editor.operands(id, of: .select) { return hasZeroLeaf(choice[1]) || hasZeroLeaf(choice[2]) }
        return editor.constant(id) == 0
    }
}
