import ActivationIR

/// Collects like terms of sums: x − 1.63·x → −0.63·x, 2·x·y + y·x·3 → 5·x·y, (1 + a) + (2 + b) → 3 + a + b.
///
/// A sum is read whole (`SumReader`) and written anew where that takes fewer operations. Terms that cancel must be
/// finite for certain, else 0 would replace NaN.
enum LikeTerms: ProgramPass {
    static let name = "like-terms"

    static func run(_ program: inout Workspace) {
        let reader = SumReader(program)
        let live = program.isLive
        var sums: [ValueID: CollectedSum] = [:]
        for id in live.indices where live[id] { sums[id] = reader.collected(id) }
        guard !sums.isEmpty else { return }
        program.rewrite { editor, _, id, replaced in sums[id].flatMap { write($0, &editor, replaced) } }
    }

    private static func write(_ sum: CollectedSum, _ editor: inout Editor, _ rebuilt: [ValueID]) -> ValueID? {
        for term in sum.terms where term.coefficient == 0 {
            guard term.spellings.allSatisfy({ editor.isFinite(rebuilt[$0]) }) else { return nil }
        }
        var left = sum.terms.filter { $0.coefficient != 0 }
        var result: ValueID
        if sum.constant != 0 || left.isEmpty {
            result = editor.builder.constant(sum.constant)
        } else {
            let first = left.remove(at: left.firstIndex { $0.sign > 0 } ?? 0)
            result =
                first.isUntouched
                ? rebuilt[first.spellings[0]] : product(of: first, scale: first.coefficient, &editor, rebuilt)
            if first.isUntouched, first.sign < 0 { result = editor.builder.unary(.negate, result) }
        }
        for term in left {
            let size =
                term.isUntouched
                ? rebuilt[term.spellings[0]] : product(of: term, scale: abs(term.coefficient), &editor, rebuilt)
            result = editor.builder.binary(term.sign > 0 ? .add : .subtract, result, size)
        }
        return result
    }

    /// scale · the term's factors.
    private static func product(
        of term: LikeTerm, scale: Double, _ editor: inout Editor, _ rebuilt: [ValueID]
    ) -> ValueID {
        var factors = (term.product.map { [$0] } ?? term.factors).map { rebuilt[$0] }
        if factors.isEmpty { return editor.builder.constant(scale) }
        // The constant goes to the first factor: the bare product might overflow.
        var value = factors.removeFirst()
        if scale != 1 {
            let constant = editor.builder.constant(scale)
            value = editor.builder.binary(.multiply, constant, value)
        }
        for factor in factors { value = editor.builder.binary(.multiply, value, factor) }
        return value
    }
}
