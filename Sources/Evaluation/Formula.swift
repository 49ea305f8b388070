import EvolveTypes
import Foundation

/// A formula of the AI Feynman table (Udrescu and Tegmark 2020), in the table's Python notation, ready to evaluate.
package struct Formula: Sendable {
    indirect enum Expression: Sendable {
        case number(Double)
        case variable(Int)
        case negative(Expression)
        case binary(BinaryOperator, Expression, Expression)
        case call(Function, Expression)
    }

    enum BinaryOperator: Sendable { case add, subtract, multiply, divide, power }

    enum Function: String, CaseIterable, Sendable {
        case exp, sqrt, sin, cos, tanh, arcsin
        case logarithm = "ln"
    }

    let root: Expression

    /// - Parameter variables: their order is the order of the values given to `value(at:)`.
    /// - Throws: `Failure` naming the column (from 1) of what cannot be read.
    package init(parsing text: String, variables: [String]) throws {
        var parser = FormulaParser(text: text, variables: variables)
        root = try parser.parse()
    }

    /// The value in double precision; NaN or infinite where the formula has none (0/0, root of a negative number).
    package func value(at point: [Double]) -> Double { Self.value(of: root, point) }

    private static func value(of expression: Expression, _ point: [Double]) -> Double {
        switch expression {
        case .number(let number): return number
        case .variable(let index): return point[index]
        case .negative(let operand): return -value(of: operand, point)
        case .binary(let symbol, let left, let right):
            let (a, b) = (value(of: left, point), value(of: right, point))
            switch symbol {
            case .add: return a + b
            case .subtract: return a - b
            case .multiply: return a * b
            case .divide: return a / b
            case .power: return pow(a, b)
            }
        case .call(let function, let operand):
            let x = value(of: operand, point)
            switch function {
            case .exp: return Foundation.exp(x)
            case .sqrt: return x.squareRoot()
            case .sin: return Foundation.sin(x)
            case .cos: return Foundation.cos(x)
            case .tanh: return Foundation.tanh(x)
            case .arcsin: return Foundation.asin(x)
            case .logarithm: return Foundation.log(x)
            }
        }
    }
}
