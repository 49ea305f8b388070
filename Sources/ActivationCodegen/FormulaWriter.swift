import ActivationIR
import Foundation

/// Writes the values of one program, remembering which got names.
struct FormulaWriter {
    /// Named values in the order in which they may be read: each uses earlier ones.
    private(set) var definitions: [(name: String, text: String)] = []
    private let program: Program
    private let uses: [Int]
    private var named: [ValueID: String] = [:]
    private var freeNames: [String]
    private let parameterNames: [String]

    private static let longestRepeatedText = 10

    init(_ program: Program) {
        self.program = program
        var uses = [Int](repeating: 0, count: program.nodes.count)
        // Only what the first output needs is written.
        var live = [Bool](repeating: false, count: program.nodes.count)
        live[program.outputs[0]] = true
        for (id, node) in program.nodes.enumerated().reversed() where live[id] {
            for operand in Set(node.operands) {
                live[operand] = true
                uses[operand] += 1
            }
        }
        self.uses = uses
        var taken: Set<String> = ["x"]
        parameterNames = program.parameters.map { parameter in
            var name = parameter.name
            var suffix = 2
            while !taken.insert(name).inserted {
                name = "\(parameter.name)\(suffix)"
                suffix += 1
            }
            return name
        }
        let letters = "abcdfghuvwstrqpnmkz".map(String.init)
        let numbered = (0..<program.nodes.count).map { "t\($0)" }
        freeNames = (letters + numbered).filter { !taken.contains($0) }.reversed()
    }

    mutating func formula(of id: ValueID) -> Formula {
        if let name = named[id] { return Formula(text: name, precedence: .atom) }
        let formula = spelled(id)
        guard uses[id] > 1, formula.text.count > Self.longestRepeatedText, let name = freeNames.popLast() else {
            return formula
        }
        named[id] = name
        definitions.append((name, formula.text))
        return Formula(text: name, precedence: .atom)
    }

    private mutating func spelled(_ id: ValueID) -> Formula {
        let node = program.nodes[id]
        let operands = node.operands
        switch node.op {
        case .input: return Formula(text: "x", precedence: .atom)
        case .constant: return Self.number(node.payload)
        case .parameter: return Formula(text: parameterNames[Int(node.payload)], precedence: .atom)
        case .add: return sum(operands[0], operands[1], subtracts: false)
        case .subtract: return sum(operands[0], operands[1], subtracts: true)
        case .fusedMultiplyAdd:
            let product = product(of: [operands[0], operands[1]])
            return join(product, formula(of: operands[2]), subtracts: false)
        case .multiply, .maskedMultiply: return product(of: operands)
        case .divide:
            let numerator = formula(of: operands[0])
            let text = numerator.within(.product) + "/" + formula(of: operands[1]).within(.power)
            return Formula(text: text, precedence: .product)
        case .negate:
            let inner = formula(of: operands[0]).within(.product)
            return Formula(text: "−" + inner, precedence: .product, isNegative: true)
        case .pow:
            let text = formula(of: operands[0]).within(.atom) + "^" + formula(of: operands[1]).within(.atom)
            return Formula(text: text, precedence: .power)
        case .absolute: return Formula(text: "|\(formula(of: operands[0]).text)|", precedence: .atom)
        case .less, .lessEqual, .equal: return comparison(node)
        case .and, .or:
            let level: Precedence = node.op == .and ? .conjunction : .disjunction
            let text = operands.map { formula(of: $0).within(level) }.joined(separator: " \(node.op.name) ")
            return Formula(text: text, precedence: level)
        case .not: return negation(operands[0])
        case .select:
            let condition = formula(of: operands[0]).within(.disjunction)
            let text =
                "\(condition) ? \(formula(of: operands[1]).within(.disjunction)) : \(formula(of: operands[2]).text)"
            return Formula(text: text, precedence: .conditional)
        case .unitShift:
            let value = formula(of: operands[0]).text
            return Formula(text: "unit_shift(\(value), \(Int(node.payload)))", precedence: .atom)
        case .unitIndex, .unitCount: return Formula(text: node.op.name + "()", precedence: .atom)
        default:
            let list = operands.map { formula(of: $0).text }.joined(separator: ", ")
            return Formula(text: "\(Self.name(of: node.op))(\(list))", precedence: .atom)
        }
    }

    // MARK: Sums and products

    private mutating func sum(_ a: ValueID, _ b: ValueID, subtracts: Bool) -> Formula {
        // −1 + x reads better as x − 1.
        if !subtracts, program.nodes[a].op == .constant, program.nodes[a].payload < 0,
            program.nodes[b].op != .constant
        {
            return join(formula(of: b), formula(of: a), subtracts: false)
        }
        let first = formula(of: a)
        return join(first, formula(of: b), subtracts: subtracts)
    }

    private func join(_ a: Formula, _ b: Formula, subtracts: Bool) -> Formula {
        // a + −b is a − b; a − −b is a + b. Only a minus sign that covers the whole of b may be absorbed.
        let absorbs = b.isNegative && b.precedence >= .product
        let term = absorbs ? String(b.text.dropFirst()) : b.within(subtracts || b.isNegative ? .product : .sum)
        let sign = subtracts != absorbs ? "−" : "+"
        return Formula(
            text: "\(a.precedence < .sum ? "(\(a.text))" : a.text) \(sign) \(term)", precedence: .sum, isNegative: false
        )
    }

    /// A product of all factors that are not named, equal ones as powers, a constant factor first.
    private mutating func product(of operands: [ValueID]) -> Formula {
        var factors: [(id: ValueID, count: Int)] = []
        collect(operands, into: &factors)
        var coefficient = 1.0
        factors.removeAll { factor in
            guard program.nodes[factor.id].op == .constant else { return false }
            coefficient *= Foundation.pow(program.nodes[factor.id].payload, Double(factor.count))
            return true
        }
        var texts: [String] = []
        for factor in factors {
            let inner = formula(of: factor.id)
            texts.append(
                factor.count == 1 ? inner.within(.product) : inner.within(.atom) + Self.superscript(factor.count))
        }
        let isPower = texts.count == 1 && coefficient == 1
        let precedence: Precedence = isPower && factors[0].count > 1 ? .power : .product
        let size = abs(coefficient)
        let divisor = (1 / size).rounded()
        let divides = size < 1 && divisor <= 1000 && abs(size * divisor - 1) < 1e-7 && Self.digits(size).count > 5
        if texts.isEmpty || size != 1 && !divides { texts.insert(Self.number(size).text, at: 0) }
        let text = texts.joined(separator: "·") + (divides ? "/\(Int(divisor))" : "")
        return Formula(
            text: coefficient < 0 ? "−" + text : text, precedence: precedence, isNegative: coefficient < 0)
    }

    /// Flattens nested products that are written in place.
    private func collect(_ operands: [ValueID], into factors: inout [(id: ValueID, count: Int)]) {
        for operand in operands {
            let node = program.nodes[operand]
            // A product that is used elsewhere too may get a name; x·x never does.
            let isShort = node.operands.allSatisfy { program.nodes[$0].operands.isEmpty }
            if node.op == .multiply, named[operand] == nil, uses[operand] == 1 || isShort {
                collect(node.operands, into: &factors)
            } else if let place = factors.firstIndex(where: { $0.id == operand }) {
                factors[place].count += 1
            } else {
                factors.append((operand, 1))
            }
        }
    }

    // MARK: Conditions

    /// A constant on the left changes sides: 0 ≤ x is written x ≥ 0.
    private mutating func comparison(_ node: Node) -> Formula {
        let isFlipped = program.nodes[node.operands[0]].op == .constant
        let symbols: (String, String) =
            switch node.op {
            case .less: ("<", ">")
            case .lessEqual: ("≤", "≥")
            default: ("=", "=")
            }
        let sides = isFlipped ? node.operands.reversed() : node.operands
        let texts = sides.map { formula(of: $0).within(.sum) }
        return Formula(
            text: texts.joined(separator: " \(isFlipped ? symbols.1 : symbols.0) "), precedence: .comparison)
    }

    private mutating func negation(_ operand: ValueID) -> Formula {
        let node = program.nodes[operand]
        if node.op == .equal, named[operand] == nil, uses[operand] == 1 {
            let equation = comparison(node)
            return Formula(text: equation.text.replacingOccurrences(of: " = ", with: " ≠ "), precedence: .comparison)
        }
        return Formula(text: "not(\(formula(of: operand).text))", precedence: .atom)
    }

    // MARK: Words

    private static func name(of op: Operator) -> String {
        switch op {
        case .minimum: "min"
        case .maximum: "max"
        case .copySign: "copysign"
        case .ceiling: "ceil"
        case .truncate: "trunc"
        case .roundEven: "round"
        case .squareRoot: "sqrt"
        case .cubeRoot: "cbrt"
        case .remainder: "fmod"
        default: op.name
        }
    }

    private static func number(_ value: Double) -> Formula {
        let text =
            if value.isInfinite { "∞" } else if Float(abs(value)) == Float.pi || abs(value) == Double.pi { "π" } else {
                digits(abs(value))
            }
        return Formula(text: value < 0 ? "−" + text : text, precedence: .atom, isNegative: value < 0)
    }

    /// The shortest decimal notation that rounds to the same float32.
    private static func digits(_ value: Double) -> String {
        for count in 1...9 {
            let text = String(format: "%.\(count)g", value)
            if Float(text) == Float(value) { return text }
        }
        return String(format: "%.9g", value)
    }

    private static func superscript(_ count: Int) -> String {
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return String(String(count).compactMap { $0.wholeNumberValue }.map { digits[$0] })
    }
}
