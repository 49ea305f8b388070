import ActivationIR

/// When and where each value of a layer program is computed and kept.
///
/// A statistic is known only when the loop over its elements is done, so a program falls into stages: stage s is one loop
/// over the layer, and reads statistics and shifts that stages before it have finished. Everything between two statistics
/// is in one loop. Each value is computed once, in the earliest stage and the smallest scope that has its operands (once
/// a layer, a unit, a sample, an element), and kept in the workspace when something else reads it later: computed twice,
/// a value and its own maximum might differ in the last bit.
struct LayerSchedule {
    let program: Program
    let live: [Bool]
    let types: [ValueType]
    /// The first stage in which the value can be read.
    let stage: [Int]
    /// The scope that computes the value, and so the shape it is kept in.
    let scope: [LayerExtent]
    /// Whether the value is in the workspace: a batch or unit statistic, a shift, a value of a unit, or one read later.
    let isKept: [Bool]

    var stages: Int { 1 + (zip(stage, live).map { $1 ? $0 : 0 }.max() ?? 0) }

    init(_ program: Program) {
        self.program = program
        live = program.isLive
        types = program.types
        var stage: [Int] = []
        var scope: [LayerExtent] = []
        for node in program.nodes {
            let ready = node.operands.map { stage[$0] }.max() ?? 0
            switch OperatorTable[node.op].value {
            case .reduction(_, let axis):
                stage.append(ready + 1)
                scope.append(axis == .batch ? .unit : axis == .unit ? .batch : [])
            case .shift:
                stage.append(ready + 1)
                scope.append(.element)
            default:
                stage.append(ready)
                scope.append(LayerExtent.of(node, operands: node.operands.map { scope[$0] }))
            }
        }
        var isKept = [Bool](repeating: false, count: program.nodes.count)
        for (id, node) in program.nodes.enumerated() where live[id] {
            let crossesLayer = OperatorTable[node.op].adjoint != nil
            if crossesLayer || scope[id] == .unit { isKept[id] = !scope[id].isEmpty && !node.isLeaf }
            guard !crossesLayer else { continue }
            for operand in node.operands where stage[operand] < stage[id] {
                isKept[operand] = !scope[operand].isEmpty && !program.nodes[operand].isLeaf
            }
        }
        self.stage = stage
        self.scope = scope
        self.isKept = isKept
    }

    /// Values computed in `stage` by the loop of `scope`, in order.
    func computed(_ stage: Int, _ scope: LayerExtent) -> [ValueID] {
        program.nodes.indices.filter { id in
            live[id] && self.stage[id] == stage && self.scope[id] == scope && !program.nodes[id].isLeaf
                && OperatorTable[program.nodes[id].op].adjoint == nil
        }
    }

    /// Statistics and shifts whose operands the loop of `stage` passes over.
    func crossings(_ stage: Int) -> [ValueID] {
        program.nodes.indices.filter { id in
            live[id] && OperatorTable[program.nodes[id].op].adjoint != nil && self.stage[id] == stage + 1
        }
    }
}

extension Node {
    /// Read from the program, the layer or its arrays wherever it is needed.
    var isLeaf: Bool { operands.isEmpty }
}
