import ActivationIR

/// A sum in fewer operations than its program spends on it.
struct CollectedSum {
    var constant: Double
    var terms: [LikeTerm]
}

/// coefficient · product of factors: one summand, or several that differ in their coefficients only.
struct LikeTerm {
    var coefficient: Double
    var factors: [ValueID]
    /// The summands, as nodes of the program.
    var spellings: [ValueID]
    /// A node that is the bare product, and the operations that keeping it costs.
    var product: ValueID?
    var productOperations = 0
    /// What the program spends on the first spelling alone.
    var spellingOperations: Int
    /// 1 or −1 while the term is ± its one spelling as it stands; else nil.
    var spellingSign: Double?

    var isUntouched: Bool { spellingSign != nil }
    var sign: Double { spellingSign ?? coefficient }

    /// What it takes to write the term, its sign aside.
    var operations: Int {
        if isUntouched { return spellingOperations }
        let scaling = abs(coefficient) == 1 || factors.isEmpty ? 0 : 1
        return scaling + (product == nil ? max(0, factors.count - 1) : productOperations)
    }
}

/// Reads sums through all their additions, subtractions, minus signs and constant factors that nothing else uses, and
/// counts operations: what a sum takes, and what it would take with like terms collected.
struct SumReader {
    private let nodes: [Node]
    /// The one user of a node that has one; −1 where it has none or several, or is an output.
    private let user: [ValueID]

    /// Sums of more terms stay as they are. It bounds the depth of recursion too.
    private static let mostTerms = 64
    /// What is further down in a product counts as one factor.
    private static let mostFactors = 8

    init(_ program: Workspace) {
        nodes = program.editor.builder.nodes
        let uses = program.uses
        var user = [ValueID](repeating: -1, count: nodes.count)
        let live = program.isLive
        for (id, node) in nodes.enumerated() where live[id] {
            for operand in node.operands where uses[operand] == 1 { user[operand] = id }
        }
        self.user = user
    }

    /// The sum that begins at `id`, if one does and collecting its like terms saves operations.
    func collected(_ id: ValueID) -> CollectedSum? {
        guard isSum(id), user[id] < 0 || !isSum(user[id]) else { return nil }
        for multipliesOut in [false, true] {
            var reading = Reading(multipliesOut: multipliesOut)
            read(id, scale: 1, isOwn: true, depth: 0, &reading)
            guard reading.hasLikeTerms, reading.summands <= Self.mostTerms else { continue }
            let terms = reading.terms.filter { $0.coefficient != 0 }
            let additions = max(0, terms.count - (reading.constant == 0 ? 1 : 0))
            guard terms.reduce(additions, { $0 + $1.operations }) < reading.operations,
                (terms.map(\.coefficient) + [reading.constant]).allSatisfy({ $0 == 0 || Float($0).isNormal })
            else { continue }
            return CollectedSum(constant: reading.constant, terms: reading.terms)
        }
        return nil
    }

    private struct Reading {
        /// Whether constant factors of sums are multiplied out.
        let multipliesOut: Bool
        var constant = 0.0
        var constants = 0
        var terms: [LikeTerm] = []
        /// Of each term the factors, sorted.
        var keys: [[ValueID]] = []
        var summands = 0
        /// What the program spends on the sum.
        var operations = 0

        var hasLikeTerms: Bool { constants > 1 || terms.contains { $0.spellings.count > 1 } }
    }

    private func isSum(_ id: ValueID) -> Bool { nodes[id].op == .add || nodes[id].op == .subtract }

    /// Adds scale · node to the reading; `isOwn`: nothing else uses the node.
    private func read(_ id: ValueID, scale: Double, isOwn: Bool, depth: Int, _ reading: inout Reading) {
        guard depth <= Self.mostTerms else { return note(id, scale, isOwn, &reading) }
        let node = nodes[id]
        func isOwned(_ operand: ValueID) -> Bool { isOwn && user[operand] == id }
        switch node.op {
        case .constant:
            reading.summands += 1
            reading.constants += 1
            reading.constant += scale * node.payload
        case .add where isOwn, .subtract where isOwn:
            reading.operations += 1
            let (a, b) = (node.operands[0], node.operands[1])
            read(a, scale: scale, isOwn: isOwned(a), depth: depth + 1, &reading)
            read(b, scale: node.op == .add ? scale : -scale, isOwn: isOwned(b), depth: depth + 1, &reading)
        case .negate where isOwn:
            reading.operations += 1
            read(node.operands[0], scale: -scale, isOwn: isOwned(node.operands[0]), depth: depth + 1, &reading)
        case .multiply where isOwn && reading.multipliesOut:
            if let (factor, sum) = constantFactor(node), isOwned(sum), isSum(sum) {
                reading.operations += 1
                read(sum, scale: scale * factor, isOwn: true, depth: depth + 1, &reading)
            } else {
                note(id, scale, isOwn, &reading)
            }
        default: note(id, scale, isOwn, &reading)
        }
    }

    private func constantFactor(_ node: Node) -> (factor: Double, other: ValueID)? {
        let (a, b) = (node.operands[0], node.operands[1])
        if nodes[a].op == .constant { return (nodes[a].payload, b) }
        if nodes[b].op == .constant { return (nodes[b].payload, a) }
        return nil
    }

    private func note(_ id: ValueID, _ scale: Double, _ isOwn: Bool, _ reading: inout Reading) {
        reading.summands += 1
        var split = Split()
        factor(id, isOwn, depth: 0, &split)
        reading.operations += split.operations
        let bare = bareProduct(id, isOwn)
        let key = split.factors.sorted()
        guard let place = reading.keys.firstIndex(of: key) else {
            reading.keys.append(key)
            reading.terms.append(
                LikeTerm(
                    coefficient: scale * split.coefficient, factors: split.factors, spellings: [id],
                    product: bare?.product, productOperations: bare?.operations ?? 0,
                    spellingOperations: split.operations, spellingSign: abs(scale) == 1 ? scale : nil))
            return
        }
        reading.terms[place].coefficient += scale * split.coefficient
        reading.terms[place].spellings.append(id)
        reading.terms[place].spellingSign = nil
        let known = reading.terms[place]
        if let bare, known.product == nil || bare.operations < known.productOperations {
            reading.terms[place].product = bare.product
            reading.terms[place].productOperations = bare.operations
        }
    }

    private struct Split {
        var coefficient = 1.0
        var factors: [ValueID] = []
        /// Of nodes that nothing else uses.
        var operations = 0
    }

    private func factor(_ id: ValueID, _ isOwn: Bool, depth: Int, _ split: inout Split) {
        let node = nodes[id]
        switch node.op {
        case .constant: split.coefficient *= node.payload
        case .negate,
            .multiply where split.factors.count < Self.mostFactors:
            if node.op == .negate { split.coefficient = -split.coefficient }
            split.operations += isOwn ? 1 : 0
            for operand in node.operands { factor(operand, isOwn && user[operand] == id, depth: depth + 1, &split) }
        default: split.factors.append(id)
        }
    }

    /// The node that is left of a term without its constant factors and minus signs in front, if it has no others.
    private func bareProduct(
        _ id: ValueID, _ isOwn: Bool, depth: Int = 0
    ) -> (product: ValueID, operations: Int)? {
        let node = nodes[id]
        let inner: ValueID? =
            node.op == .negate ? node.operands[0] : node.op == .multiply ? constantFactor(node)?.other : nil
        if let inner {
            return depth < Self.mostFactors ? bareProduct(inner, isOwn && user[inner] == id, depth: depth + 1) : nil
        }
        var split = Split()
        factor(id, isOwn, depth: 0, &split)
        return split.coefficient == 1 ? (id, split.operations) : nil
    }
}
