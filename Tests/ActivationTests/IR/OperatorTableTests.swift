import ActivationIR
import EvolveTypes
import Foundation
import Testing

@Suite("Operator table")
struct OperatorTableTests {
    @Test("every operator has exactly one row")
    func completeness() {
        #expect(
            OperatorTable.rows.map(\.op).sorted { $0.rawValue < $1.rawValue }
                == Operator.allCases.sorted { $0.rawValue < $1.rawValue })
    }

    @Test("a row's value takes as many operands as the row says", arguments: OperatorTable.rows.map(\.op))
    func arity(op: Operator) {
        let row = OperatorTable[op]
        let expected =
            switch row.value {
            case .leaf: 0
            case .unary, .reduction, .shift: 1
            case .binary: 2
            case .ternary: 3
            }
        #expect(row.arity == expected)
        #expect(row.edgePoints.allSatisfy { $0.count == row.arity })
        if row.isCommutative {
            for point in row.edgePoints + Self.randomPoints(row) { #expect(row(point) == row(point.reversed())) }
        }
    }

    @Test("a derivative rule is the finite difference of the value", arguments: OperatorTable.rows.map(\.op))
    func derivatives(op: Operator) {
        let row = OperatorTable[op]
        guard row.resultType == .real, row.arity > 0, !row.readsLayer else { return }
        var compared = 0
        for point in row.edgePoints + Self.randomPoints(row) where row(point).isFinite {
            let partials = Self.partials(of: row, at: point)
            for index in 0..<row.arity where row.operandTypes[index] == .real {
                guard let slope = Self.slope(of: row, at: point, index) else { continue }
                let error = abs(partials[index] - slope)
                #expect(
                    error <= 1e-6 * max(1, abs(slope)),
                    "\(row.name) at \(point), operand \(index): rule \(partials[index]), difference \(slope)")
                compared += 1
            }
        }
        #expect(compared >= 40, "only \(compared) comparisons")
    }

    @Test("at a kink the derivative is the documented convention")
    func conventions() {
        #expect(Self.partials(of: OperatorTable[.absolute], at: [0]) == [0])
        #expect(Self.partials(of: OperatorTable[.maximum], at: [2, 2]) == [0.5, 0.5])
        #expect(Self.partials(of: OperatorTable[.minimum], at: [2, 2]) == [0.5, 0.5])
        #expect(Self.partials(of: OperatorTable[.hypot], at: [0, 0]) == [0, 0])
        #expect(Self.partials(of: OperatorTable[.pow], at: [0, 0])[0] == 0)
    }

    /// Operands away from kinks, with probability one.
    private static func randomPoints(_ row: OperatorInfo) -> [[Double]] {
        var stream = RandomStream(key: ["operands", row.name])
        return (0..<200).map { number in
            row.operandTypes.map { type in
                if type == .boolean { return Double(stream.index(below: 2)) }
                let size = 0.05 + (number.isMultiple(of: 3) ? 1 : 4) * stream.uniform()
                return stream.uniform() < 0.4 ? -size : size
            }
        }
    }

    /// The rule's values at `point`: operands enter as parameters, booleans as comparisons of parameters.
    private static func partials(of row: OperatorInfo, at point: [Double]) -> [Double] {
        var builder = ProgramBuilder()
        var operands: [ValueID] = []
        for (type, value) in zip(row.operandTypes, point) {
            let operand = builder.trainable(name: "operand", initial: value)
            operands.append(type == .real ? operand : builder.binary(.less, builder.constant(0), operand))
        }
        let result = builder.append(row.op, operands)
        let rule = row.derivative(&builder, operands, result)
        let zero = builder.constant(0)
        let program = builder.finish(outputs: rule.map { $0 ?? zero })
        return Interpreter.evaluate(program, inputs: [0]).map { $0[0] }
    }

    /// Central difference with two steps; nil where they or the two sides disagree.
    private static func slope(of row: OperatorInfo, at point: [Double], _ index: Int) -> Double? {
        func value(_ step: Double) -> Double {
            var moved = point
            moved[index] += step
            return row(moved)
        }
        let step = max(1, abs(point[index])) * 0x1p-15
        let wide = (value(step) - value(-step)) / (2 * step)
        let near = (value(step / 2) - value(-step / 2)) / step
        let (right, left) = ((value(step) - value(0)) / step, (value(0) - value(-step)) / step)
        let scale = max(1, abs(near))
        guard near.isFinite, abs(wide - near) < 1e-6 * scale, abs(right - left) < 1e-2 * scale,
            abs(value(0)).ulp / step < 1e-8 * scale
        else { return nil }
        return near + (near - wide) / 3
    }
}
