import ActivationIR

/// a·b ± a·c → a·(b ± c), and a/c ± b/c → (a ± b)/c: one operation less.
///
/// It also keeps derivatives of quotients finite near a removable singularity: cos(x)/x − sin(x)/x·(1/x) is a difference
/// of infinities at a denormal x, (cos(x) − sin(x)/x)/x is not.
enum Factoring: ProgramPass {
    static func run(_ program: Program) -> Program {
        Rewriter.rewrite(program) { editor, node in
            guard node.op == .add || node.op == .subtract else { return nil }
            let (a, b) = (node.operands[0], node.operands[1])
            if let first = editor.operands(a, of: .divide), let second = editor.operands(b, of: .divide),
                first[1] == second[1]
            {
                let numerator = editor.builder.binary(node.op, first[0], second[0])
                return editor.builder.binary(.divide, numerator, first[1])
            }
            // Products that others use too would have to be computed all the same.
            guard editor.uses[a, default: 0] <= 1 || editor.uses[b, default: 0] <= 1,
                let first = editor.operands(a, of: .multiply), let second = editor.operands(b, of: .multiply)
            else { return nil }
            for (index, factor) in first.enumerated() {
                guard let place = second.firstIndex(of: factor) else { continue }
                let rest = editor.builder.binary(node.op, first[1 - index], second[1 - place])
                return editor.builder.binary(.multiply, factor, rest)
            }
            return nil
        }
    }
}
