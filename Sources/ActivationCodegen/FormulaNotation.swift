import ActivationIR
import Foundation

/// How formulas are written: in a line of plain text, or in LaTeX's mathematics.
enum FormulaNotation {
    case plain, latex

    var minus: String { self == .plain ? "−" : "-" }
    /// Between two factors; LaTeX's stand side by side.
    func times(_ factors: [String]) -> String { factors.joined(separator: self == .plain ? "·" : " \\, ") }

    var infinity: String { self == .plain ? "∞" : "\\infty" }
    var pi: String { self == .plain ? "π" : "\\pi" }

    /// - Parameters: what the plain fraction needs are operands in parentheses.
    func quotient(_ numerator: Formula, _ denominator: Formula) -> Formula {
        switch self {
        case .plain:
            Formula(
                text: numerator.within(.product) + "/" + denominator.within(.power), precedence: .product,
                notation: self)
        case .latex:
            Formula(text: "\\frac{\(numerator.text)}{\(denominator.text)}", precedence: .product, notation: self)
        }
    }

    func power(_ base: Formula, _ exponent: Formula) -> Formula {
        let text =
            self == .plain
            ? base.within(.atom) + "^" + exponent.within(.atom) : base.within(.atom) + "^{\(exponent.text)}"
        return Formula(text: text, precedence: .power, notation: self)
    }

    /// A factor that stands there `count` times.
    func power(_ base: String, _ count: Int) -> String {
        guard self == .plain else { return base + "^{\(count)}" }
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return base + String(String(count).compactMap { $0.wholeNumberValue }.map { digits[$0] })
    }

    func divided(_ text: String, by divisor: Int) -> String {
        self == .plain ? text + "/\(divisor)" : "\\frac{\(text)}{\(divisor)}"
    }

    func absolute(_ text: String) -> String { self == .plain ? "|\(text)|" : "\\left|\(text)\\right|" }

    /// In parentheses.
    func grouped(_ text: String) -> String { self == .plain ? "(\(text))" : "\\left(\(text)\\right)" }

    /// "<", "≤", "=", "≠", ">" or "≥".
    func comparison(_ sign: String) -> String {
        guard self == .latex else { return sign }
        return ["≤": "\\le", "≥": "\\ge", "≠": "\\ne"][sign] ?? sign
    }

    func logic(_ word: String) -> String {
        self == .plain ? " \(word) " : word == "and" ? " \\land " : " \\lor "
    }

    func negation(_ text: String) -> String { self == .plain ? "not(\(text))" : "\\lnot\\left(\(text)\\right)" }

    func choice(_ condition: Formula, _ first: Formula, _ second: Formula) -> Formula {
        switch self {
        case .plain:
            Formula(
                text:
                    "\(condition.within(.disjunction)) ? \(first.within(.disjunction)) : \(second.text)",
                precedence: .conditional, notation: self)
        case .latex:
            Formula(
                text:
                    "\\begin{cases} \(first.text) & \\text{if } \(condition.text) \\\\ \(second.text) & \\text{else} \\end{cases}",
                precedence: .conditional, notation: self)
        }
    }

    /// A name of a value or a parameter.
    func name(_ name: String) -> String {
        self == .plain || name.count == 1 ? name : "\\mathrm{\(name.replacing("_", with: "\\_"))}"
    }

    func call(_ op: Operator, _ operands: [String]) -> String {
        let list = operands.joined(separator: ", ")
        guard self == .latex else { return "\(Self.word(op))(\(list))" }
        switch op {
        case .squareRoot: return "\\sqrt{\(list)}"
        case .cubeRoot: return "\\sqrt[3]{\(list)}"
        case .exp: return "e^{\(list)}"
        case .exp2: return "2^{\(list)}"
        case .floor: return "\\left\\lfloor \(list) \\right\\rfloor"
        case .ceiling: return "\\left\\lceil \(list) \\right\\rceil"
        case .sigmoid: return "\\sigma\\left(\(list)\\right)"
        default: break
        }
        let known = ["sin", "cos", "tan", "sinh", "cosh", "tanh", "log", "min", "max"]
        let word = Self.word(op)
        let head =
            switch word {
            case _ where known.contains(word): "\\" + word
            case "asin", "acos", "atan": "\\arc" + word.dropFirst()
            case "log2", "log10": "\\log_{\(word.dropFirst(3))}"
            default: "\\operatorname{\(word.replacing("_", with: "\\_"))}"
            }
        return "\(head)\\left(\(list)\\right)"
    }

    private static func word(_ op: Operator) -> String {
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

    /// The shortest decimal notation of a positive number that rounds to the same float32.
    func number(_ value: Double) -> String {
        let digits = Self.digits(value)
        guard self == .latex, let place = digits.firstIndex(of: "e"),
            let exponent = Int(digits[digits.index(after: place)...])
        else { return digits }
        return "\(digits[..<place]) \\cdot 10^{\(exponent)}"
    }

    static func digits(_ value: Double) -> String {
        for count in 1...9 {
            let text = String(format: "%.\(count)g", value)
            if Float(text) == Float(value) { return text }
        }
        return String(format: "%.9g", value)
    }
}
