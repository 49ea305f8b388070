import ActivationIR

/// A program as C statements, one a node, sorted into those computed once a layer and those computed for each element.
struct StraightLine {
    private(set) var perLayer: [String] = []
    private(set) var perElement: [String] = []
    private(set) var readsInput = false
    private(set) var readsParameters = false
    /// The operands of helpers that are right near 0 only, as C expressions of an element; empty if all are right.
    private(set) var rangedOperands: [String] = []
    private var names: [String] = []

    /// - Parameter input: the C expression that x is.
    init(_ program: Program, reach: CExpression.Reach, input: String) {
        let live = program.isLive
        let depends = program.dependsOnInput
        let types = program.types
        for (id, node) in program.nodes.enumerated() {
            guard live[id] else {
                names.append("")
                continue
            }
            switch node.op {
            case .constant:
                names.append(CExpression.literal(node.payload))
                continue
            case .input: readsInput = true
            case .parameter: readsParameters = true
            default: break
            }
            if reach == .near, case .ranged = OperatorTable[node.op].spelling {
                let operand = names[node.operands[0]]
                if !rangedOperands.contains(operand) { rangedOperands.append(operand) }
            }
            let value =
                switch node.op {
                case .input: input
                case .parameter: "p[\(Int(node.payload))]"
                default: CExpression.text(of: node, type: types[id], reach: reach) { [names] in names[$0] }
                }
            names.append(node.op == .input ? "x" : "v\(id)")
            let statement = "const \(types[id] == .boolean ? "int" : "float") \(names[id]) = \(value);"
            if depends[id] { perElement.append(statement) } else { perLayer.append(statement) }
        }
    }

    func name(of id: ValueID) -> String { names[id] }
}
