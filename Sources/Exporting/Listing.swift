import ActivationIR

/// A program as statements of a language: values that are used once are written in place, others get names.
struct Listing {
    private(set) var lines: [String] = []
    /// The expressions of the outputs, in their order.
    private(set) var outputs: [String] = []
    /// The same as they stand in a product.
    private(set) var factors: [String] = []

    private let program: Program
    private let language: Language
    private let names: ExportNames
    private let types: [ValueType]
    private let extents: [LayerExtent]
    private var uses: [Int]
    private var texts: [ValueID: Text] = [:]
    private var named = 0

    /// How tightly a text holds together.
    private enum Tightness: Int, Comparable {
        case comparison, sum, product, sign, atom

        static func < (a: Tightness, b: Tightness) -> Bool { a.rawValue < b.rawValue }
    }

    private struct Text {
        var text: String
        var tightness: Tightness

        func within(_ least: Tightness) -> String { tightness < least ? "(\(text))" : text }
    }

    /// A longer expression gets a name even if it is used once.
    private static let longest = 60

    /// - Parameter outputs: values of the program; each becomes an expression that its reader puts where it wants.
    init(_ program: Program, outputs: [ValueID], language: Language, names: ExportNames) {
        self.program = program
        self.language = language
        self.names = names
        types = program.types
        extents = program.extents
        let live = Program.isLive(program.nodes, outputs: outputs)
        uses = [Int](repeating: 0, count: program.nodes.count)
        for (node, isLive) in zip(program.nodes, live) where isLive {
            for operand in node.operands { uses[operand] += Self.mentions(of: node, language) }
        }
        for output in outputs { uses[output] += 1 }
        for id in program.nodes.indices where live[id] { texts[id] = place(id) }
        let results = outputs.map { id in
            program.nodes[id].op == .constant
                ? Text(text: language.constant(program.nodes[id].payload), tightness: .atom)
                : texts[id] ?? Text(text: "", tightness: .atom)
        }
        self.outputs = results.map(\.text)
        factors = results.map { $0.within(.sign) }
    }

    /// Of an operand in the node's text: one that stands there twice has to have a name.
    private static func mentions(of node: Node, _ language: Language) -> Int {
        guard let template = language.functions[node.op] else { return 1 }
        return template.components(separatedBy: "{0}").count > 2 ? 2 : 1
    }

    /// The node's text where it is used.
    private mutating func place(_ id: ValueID) -> Text {
        let text = spelled(id)
        let isLeaf = program.nodes[id].operands.isEmpty
        guard !isLeaf, uses[id] > 1 || text.text.count > Self.longest else { return text }
        named += 1
        let name = names.temporary(named)
        lines.append("\(language.declaration(types[id], name)) = \(text.text)\(language.terminator)")
        return Text(text: name, tightness: .atom)
    }

    private func spelled(_ id: ValueID) -> Text {
        let node = program.nodes[id]
        func operand(_ place: Int, _ least: Tightness) -> String {
            (texts[node.operands[place]] ?? Text(text: "", tightness: .atom)).within(least)
        }
        func infix(_ sign: String, _ own: Tightness, _ left: Tightness, _ right: Tightness) -> Text {
            Text(text: "\(operand(0, left)) \(sign) \(operand(1, right))", tightness: own)
        }
        switch node.op {
        case .input: return Text(text: "x", tightness: .atom)
        case .cotangent: return Text(text: "g", tightness: .atom)
        case .constant:
            let text = language.literal(node.payload)
            return Text(text: text, tightness: text.hasPrefix("-") ? .sign : .atom)
        case .parameter: return Text(text: names.parameters[Int(node.payload)], tightness: .atom)
        case .add: return infix("+", .sum, .sum, .product)
        case .subtract: return infix("-", .sum, .sum, .product)
        case .multiply: return infix("*", .product, .product, .sign)
        case .divide: return infix("/", .product, .product, .sign)
        case .fusedMultiplyAdd:
            return Text(
                text: "\(operand(0, .product)) * \(operand(1, .sign)) + \(operand(2, .product))", tightness: .sum)
        case .negate: return Text(text: "-" + operand(0, .atom), tightness: .sign)
        case .less: return infix("<", .comparison, .sum, .sum)
        case .lessEqual: return infix("<=", .comparison, .sum, .sum)
        case .equal: return infix("==", .comparison, .sum, .sum)
        case .and: return infix(language.signs.and, .comparison, .atom, .atom)
        case .or: return infix(language.signs.or, .comparison, .atom, .atom)
        case .not: return Text(text: language.signs.not + operand(0, .atom), tightness: .sign)
        default: return call(node)
        }
    }

    private func call(_ node: Node) -> Text {
        var text = language.functions[node.op] ?? ""
        let readsOthers = OperatorTable[node.op].adjoint != nil
        for (place, id) in node.operands.enumerated() {
            var operand =
                program.nodes[id].op == .constant
                ? language.constant(program.nodes[id].payload) : texts[id]?.text ?? ""
            if readsOthers, extents[id] != .element {
                operand = language.broadcast.replacing("{0}", with: operand)
            }
            text = text.replacing("{\(place)}", with: operand)
        }
        text = text.replacing("{k}", with: "\(Int(node.payload))")
        return Text(text: text, tightness: .atom)
    }
}

extension Language {
    /// The definitions that the live part of a program needs.
    /// - Parameter also: those that the file calls itself.
    func helpers(for program: Program, also: [String] = []) -> [String] {
        let used = Set(zip(program.nodes, program.isLive).filter(\.1).map(\.0.op))
        var calls = used.compactMap { functions[$0] } + also.map { $0 + "(" }
        var needed: [String] = []
        for helper in helpers.reversed() where calls.contains(where: { $0.contains(helper.name + "(") }) {
            calls.append(helper.text)
            needed.append(helper.text)
        }
        return needed.reversed()
    }
}
