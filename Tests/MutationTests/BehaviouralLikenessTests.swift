import ActivationCompiler
import EvolveTypes
import Population
import Retrieval
import Testing

@testable import Mutation

@Suite("Likeness by behaviour")
struct BehaviouralLikenessTests {
    private static func elite(_ expression: String) -> Elite {
        Elite(
            id: 1, source: "float activation(float x) { return \(expression); }\n", gain: 0, cost: 1, cell: cell(),
            isSeed: true)
    }

    private static func cell(
        _ left: ArchiveCell.Slope = .flat, _ right: ArchiveCell.Slope = .unit,
        _ turns: ArchiveCell.Oscillation = .monotone
    ) -> ArchiveCell {
        ArchiveCell(left: left, right: right, oscillation: turns, cost: .cheap)
    }

    private let likeness = BehaviouralLikeness()

    @Test("Elites are unlike by what they do, whatever they are written as")
    func unlikeness() throws {
        let gelu = Self.elite("gelu(x)")
        let same = try #require(likeness.unlikeness(gelu, Self.elite("0.5f * x * (1.0f + erff(x * 0.70710678f))")))
        let near = try #require(likeness.unlikeness(gelu, Self.elite("x * sigmoid(1.6f * x)")))
        let far = try #require(likeness.unlikeness(gelu, Self.elite("sinf(4.0f * x)")))
        #expect(same < 1e-6 && near > 0.005 && near < 0.1 && far > 0.5)
        #expect(likeness.unlikeness(gelu, Self.elite("no(x)")) == nil)
    }

    @Test("A cell's form has the cell's slopes and turning points, wherever signs allow that")
    func forms() {
        let cells = ArchiveCell.Slope.allCases.flatMap { left in
            ArchiveCell.Slope.allCases.flatMap { right in
                ArchiveCell.Oscillation.allCases.map { Self.cell(left, right, $0) }
            }
        }
        var fitting = 0
        for cell in cells {
            let form = CellForm(cell)
            #expect(ArchiveCell.Slope(form.slope(at: -20)) == cell.left)
            #expect(ArchiveCell.Slope(form.slope(at: 20)) == cell.right)
            let signs = (0...960).map { form.slope(at: -6 + Double($0) / 80) }.filter { abs($0) > 1e-3 }.map { $0 > 0 }
            let turns = zip(signs, signs.dropFirst()).count { $0 != $1 }
            // Between slopes of one sign a function turns an even number of times, between others an odd number.
            let isEven =
                cell.left != .flat && cell.right != .flat && (cell.left == .falling) == (cell.right == .falling)
            let isOdd = cell.left != .flat && cell.right != .flat && !isEven
            switch cell.oscillation {
            case .monotone where isOdd, .one where isEven: continue
            default: break
            }
            fitting += 1
            #expect(ArchiveCell.Oscillation(turns: turns) == cell.oscillation, "\(cell): \(turns) turns")
        }
        #expect(fitting == 84)
        let curve = CellForm(Self.cell(.unit, .unit)).curve
        #expect(zip(curve, Behaviour.points).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "f(x) = x")
    }

    @Test("What is nearest to an empty cell is what does the like, as a whole or inside")
    func remoteness() throws {
        func remoteness(_ expression: String, _ cell: ArchiveCell) throws -> Double {
            try #require(likeness.remoteness(of: Self.elite(expression), from: cell))
        }
        let gate = Self.cell(.flat, .unit)
        #expect(try remoteness("softplus(x)", gate) < remoteness("sinf(3.0f * x)", gate))
        let waves = Self.cell(.flat, .flat, .many)
        let inside = try remoteness("x + 0.01f * sinf(3.0f * x)", waves)
        #expect(try inside < remoteness("x + 0.01f * tanhf(3.0f * x)", waves))
        #expect(try inside <= remoteness("sinf(3.0f * x)", waves) + 1e-6, "its wave is an expression of its own")
        #expect(likeness.remoteness(of: Self.elite("no(x)"), from: gate) == nil)
    }
}
