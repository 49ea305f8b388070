import ActivationIR
import Foundation

/// Writes the values of one program, remembering which got names.
struct FormulaWriter {
    /// Named values in the order in which they may be read: each uses earlier ones.
    private(set) var definitions: [(name: String, text: String)] = []
    private let program: Program
    private let notation: FormulaNotation
    private let uses: [Int]
    private var named: [ValueID: String] = [:]
    private var freeNames: [String]
    private let parameterNames: [String]

    private static let longestRepeatedText = 10

    init(_ program: Program, _ notation: FormulaNotation = .plain) {
        self.program = program
        self.notation = notation
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
        if let name = named[id] { return written(notation.name(name), .atom) }
        let formula = spelled(id)
        guard uses[id] > 1, formula.text.count > Self.longestRepeatedText, let name = freeNames.popLast() else {
            return formula
        }
        named[id] = name
        definitions.append((name, formula.text))
        return written(notation.name(name), .atom)
    }

    private mutating func spelled(_ id: ValueID) -> Formula {
        let node = program.nodes[id]
        let operands = node.operands
        switch node.op {
        case .input: return written("x", .atom)
        case .constant: return number(node.payload)
        case .parameter: return written(notation.name(parameterNames[Int(node.payload)]), .atom)
        case .add: return sum(operands[0], operands[1], subtracts: false)
        case .subtract: return sum(operands[0], operands[1], subtracts: true)
        case .fusedMultiplyAdd:
            let product = product(of: [operands[0], operands[1]])
            return join(product, formula(of: operands[2]), subtracts: false)
        case .multiply, .maskedMultiply: return product(of: operands)
        case .divide:
            let numerator = formula(of: operands[0])
            return notation.quotient(numerator, formula(of: operands[1]))
        case .negate:
            let inner = formula(of: operands[0]).within(.product)
            return written(notation.minus + inner, .product, isNegative: true)
        case .pow:
            let base = formula(of: operands[0])
            return notation.power(base, formula(of: operands[1]))
        case .absolute: return written(notation.absolute(formula(of: operands[0]).text), .atom)
        case .less, .lessEqual, .equal: return comparison(node)
        case .and, .or:
            let level: Precedence = node.op == .and ? .conjunction : .disjunction
            let text = operands.map { formula(of: $0).within(level) }.joined(separator: notation.logic(node.op.name))
            return written(text, level)
        case .not: return negation(operands[0])
        case .select:
            let (condition, first) = (formula(of: operands[0]), formula(of: operands[1]))
            return notation.choice(condition, first, formula(of: operands[2]))
        case .unitShift:
            let value = formula(of: operands[0]).text
            return written(notation.call(node.op, [value, "\(Int(node.payload))"]), .atom)
        default:
            let list = operands.map { formula(of: $0).text }
            // e^{x}^{2} is no LaTeX.
            let isPower = notation == .latex && (node.op == .exp || node.op == .exp2)
            return written(notation.call(node.op, list), isPower ? .power : .atom)
        }
    }

    private func written(_ text: String, _ precedence: Precedence, isNegative: Bool = false) -> Formula {
        Formula(text: text, precedence: precedence, isNegative: isNegative, notation: notation)
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
        let sign = subtracts != absorbs ? notation.minus : "+"
        return written("\(a.precedence < .sum ? notation.grouped(a.text) : a.text) \(sign) \(term)", .sum)
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
                factor.count == 1 ? inner.within(.product) : notation.power(inner.within(.atom), factor.count))
        }
        let isPower = texts.count == 1 && coefficient == 1
        let precedence: Precedence = isPower && factors[0].count > 1 ? .power : .product
        let size = abs(coefficient)
        let divisor = (1 / size).rounded()
        let divides =
            size < 1 && divisor <= 1000 && abs(size * divisor - 1) < 1e-7 && FormulaNotation.digits(size).count > 5
        if texts.isEmpty || size != 1 && !divides { texts.insert(number(size).text, at: 0) }
        let whole = notation.times(texts)
        let text = divides ? notation.divided(whole, by: Int(divisor)) : whole
        return written(coefficient < 0 ? notation.minus + text : text, precedence, isNegative: coefficient < 0)
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
        return written(
            texts.joined(separator: " \(notation.comparison(isFlipped ? symbols.1 : symbols.0)) "),
            .comparison)
    }

    private mutating func negation(_ operand: ValueID) -> Formula {
        let node = program.nodes[operand]
        if node.op == .equal, named[operand] == nil, uses[operand] == 1 {
            let equation = comparison(node)
            let text = equation.text.replacingOccurrences(of: " = ", with: " \(notation.comparison("≠")) ")
            return written(text, .comparison)
        }
        return written(notation.negation(formula(of: operand).text), .atom)
    }

    // MARK: Numbers

    private func number(_ value: Double) -> Formula {
        let size = abs(value)
        let text =
            if size.isInfinite { notation.infinity } else if Float(size) == Float.pi || size == Double.pi {
                notation.pi
            } else {
                notation.number(size)
            }
        return written(value < 0 ? notation.minus + text : text, .atom, isNegative: value < 0)
    }
}
