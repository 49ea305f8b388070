import ActivationIR

/// The walk of `Gradient` from the output back to the leaves. What it appends may hold dead nodes.
struct ReverseSweep {
    /// The adjoint is zero unless `condition` has the value `holds`.
    struct Guard: Hashable {
        var condition: ValueID
        var holds: Bool
    }

    /// A part of an adjoint: value / divisor where all guards hold, else exactly zero.
    struct Term {
        var value: ValueID
        /// Only one that may vanish: the others divide at once.
        var divisor: ValueID?
        /// Outermost last.
        var guards: [Guard] = []
        /// Whether `value` may be zero on purpose.
        var isMasked = false
        /// Whether it might have been so before it met the divisor: then zero wins over a divisor that vanishes.
        var masksDivisor = false

        func adds(to other: Term) -> Bool { guards == other.guards && divisor == other.divisor }
    }

    let forward: Program
    var editor: Editor
    /// For each node of `forward` the parts whose sum is its adjoint, no two with equal guards and divisor; none where y
    /// does not depend on the node.
    private var adjoints: [[Term]]
    /// Whether the node depends on the pre-activation or a parameter.
    private let isActive: [Bool]

    /// Whether the value of the node may be zero, and changes from element to element.
    private let mayVanish: [Bool]

    /// Parts of one adjoint that go on separately: only those whose divisor may vanish, and no more than this.
    private static let mostSingularTerms = 3

    init(_ program: Program) {
        forward = program
        var ranges = Editor(extending: program)
        editor = ranges
        adjoints = [[Term]](repeating: [], count: program.nodes.count)
        var isActive: [Bool] = []
        isActive.reserveCapacity(program.nodes.count)
        for node in program.nodes {
            isActive.append(
                node.op == .input || node.op == .parameter || node.operands.contains { isActive[$0] })
        }
        self.isActive = isActive
        let extents = program.extents
        mayVanish = program.nodes.indices.map { id in
            extents[id] == .element && ranges.mayVanish(id)
        }
    }

    mutating func run(from output: ValueID, seed: ValueID) {
        adjoints[output] = [Term(value: seed)]
        for (id, node) in forward.nodes.enumerated().reversed() {
            guard !adjoints[id].isEmpty, isActive[id] else { continue }
            if node.op == .input || node.op == .parameter { continue }
            editor.builder.line = node.line
            let row = OperatorTable[node.op]
            if let rule = row.adjoint {
                if isActive[node.operands[0]] { accumulate(spread(rule, of: id), at: node.operands[0]) }
                continue
            }
            let terms = gathered(adjoints[id])
            if node.op == .divide, mayVanish[node.operands[1]] {
                for term in terms { divide(term, node.operands, result: id) }
                continue
            }
            let partials = combined(node.operands, row.derivative(&editor.builder, node.operands, id))
            let silences = row.saturates || node.op == .divide
            for term in terms {
                for (operand, partial) in partials where isActive[operand] {
                    var contribution = product(term, partial)
                    if silences { contribution.isMasked = true }
                    accumulate(contribution, at: operand)
                }
            }
        }
    }

    /// The whole adjoint of node `id`; nil where y does not depend on the node.
    mutating func adjoint(of id: ValueID) -> ValueID? {
        adjoints[id].isEmpty ? nil : resolve(adjoints[id]).value
    }

    // MARK: Through operators

    /// Of a/b = q the numerator gets g/b and the divisor −q·g/b, both with their division still to come.
    private mutating func divide(_ term: Term, _ operands: [ValueID], result: ValueID) {
        var term = divided(term)
        term.divisor = operands[1]
        term.masksDivisor = term.isMasked
        if isActive[operands[0]] { accumulate(term, at: operands[0]) }
        guard isActive[operands[1]] else { return }
        var opposite = product(term, result)
        opposite.value = editor.builder.unary(.negate, opposite.value)
        // An infinite divisor makes it zero, and the limit is zero then too.
        opposite.isMasked = true
        accumulate(opposite, at: operands[1])
    }

    /// What the operand of a statistic or shift gets. Guards speak of the element they are in, so they end here.
    private mutating func spread(_ rule: OperatorInfo.AdjointRule, of id: ValueID) -> Term {
        let whole = resolve(adjoints[id])
        let (value, gate) = rule(&editor.builder, forward.nodes[id], id, whole.value)
        return Term(
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

    private mutating func product(_ term: Term, _ partial: ValueID) -> Term {
        if let choice = editor.operands(partial, of: .select), hasZeroLeaf(partial) {
            return product(term, choice: choice)
        }
        if editor.constant(partial) == 1 { return term }
        let isHarmless = !term.isMasked || editor.isFinite(partial)
        var result = term
        result.value = editor.builder.binary(isHarmless ? .multiply : .maskedMultiply, term.value, partial)
        return result
    }

    /// term · select(condition, a, b), where a or b holds a zero.
    private mutating func product(_ term: Term, choice: [ValueID]) -> Term {
        for (arm, other, holds) in [(choice[1], choice[2], true), (choice[2], choice[1], false)]
        where editor.constant(other) == 0 {
            var result = product(term, arm)
            let gate = Guard(condition: choice[0], holds: holds)
            if !result.guards.contains(gate) { result.guards.append(gate) }
            return result
        }
        let bare = Term(value: term.value, isMasked: term.isMasked)
        let left = guarded(product(bare, choice[1]))
        let right = guarded(product(bare, choice[2]))
        var result = term
        result.value = editor.builder.select(choice[0], left.value, right.value)
        result.isMasked = true
        return result
    }

    /// Whether `id` is zero, or a choice with a zero among its values.
    private func hasZeroLeaf(_ id: ValueID) -> Bool {
        if let choice = editor.operands(id, of: .select) { return hasZeroLeaf(choice[1]) || hasZeroLeaf(choice[2]) }
        return editor.constant(id) == 0
    }

    // MARK: Sums of terms

    private mutating func accumulate(_ contribution: Term, at operand: ValueID) {
        guard let place = adjoints[operand].firstIndex(where: { contribution.adds(to: $0) }) else {
            adjoints[operand].append(contribution)
            return
        }
        var sum = adjoints[operand][place]
        sum.value = editor.builder.binary(.add, sum.value, contribution.value)
        sum.isMasked = sum.isMasked || contribution.isMasked
        sum.masksDivisor = sum.masksDivisor || contribution.masksDivisor
        adjoints[operand][place] = sum
    }

    /// The same sum in as few terms as may be, before it goes through an operator: terms with divisors stay apart, to
    /// meet their counterparts further down.
    private mutating func gathered(_ terms: [Term]) -> [Term] {
        guard terms.count > 1 else { return terms }
        let singular = terms.filter { $0.divisor != nil }
        let plain = terms.filter { $0.divisor == nil }
        if singular.count > Self.mostSingularTerms { return [resolve(terms)] }
        return (plain.isEmpty ? [] : plain.count == 1 ? plain : [resolve(plain)]) + singular
    }

    /// One term without divisor and guards.
    private mutating func resolve(_ terms: [Term]) -> Term {
        let parts = terms.map { guarded(divided($0)) }
        var sum = parts[0]
        for part in parts.dropFirst() {
            sum.value = editor.builder.binary(.add, sum.value, part.value)
            sum.isMasked = sum.isMasked || part.isMasked
        }
        return sum
    }

    private mutating func divided(_ term: Term) -> Term {
        guard let divisor = term.divisor else { return term }
        var result = term
        result.divisor = nil
        result.masksDivisor = false
        result.value = editor.builder.binary(.divide, term.value, divisor)
        if term.masksDivisor {
            let zero = editor.builder.constant(0)
            let isZero = editor.builder.binary(.equal, term.value, zero)
            result.value = editor.builder.select(isZero, zero, result.value)
        }
        return result
    }

    private mutating func guarded(_ term: Term) -> Term {
        guard !term.guards.isEmpty else { return term }
        let zero = editor.builder.constant(0)
        let value = term.guards.reduce(term.value) { value, gate in
            gate.holds
                ? editor.builder.select(gate.condition, value, zero)
                : editor.builder.select(gate.condition, zero, value)
        }
        return Term(value: value, isMasked: true)
    }
}
