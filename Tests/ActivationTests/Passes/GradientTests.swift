import ActivationIR
import ActivationPasses
import EvolveTypes
import Foundation
import Testing

@Suite("Gradient")
struct GradientTests {
    @Test("42 hand-written functions agree with finite differences, by x and by every trainable")
    func examples() {
        for example in Examples.all + Examples.more {
            let gradient = Gradient.differentiate(example.program)
            #expect(Verifier.verify(gradient).isEmpty)
            let counts = Self.compare(gradient, original: example.program, name: example.name, key: example.name)
            #expect(counts.undefined == 0 && counts.arbitrated == 0)
            #expect(counts.compared >= 30, "\(example.name): only \(counts.compared) comparisons")
        }
    }

    @Test("random programs agree with finite differences where they are smooth")
    func randomPrograms() throws {
        var compared = 0
        var programs = 0
        var singular = 0
        var arbitrated = 0
        for index in 0..<Stress.differences {
            let program = RandomProgram.make(index)
            let gradient = Gradient.differentiate(program)
            #expect(Verifier.verify(gradient).isEmpty, "program \(index)")
            #expect(gradient.outputs.count == 2 + program.parameters.count)
            let counts = Self.compare(gradient, original: program, name: "program \(index)", key: "\(index)")
            compared += counts.compared
            programs += counts.compared > 0 ? 1 : 0
            singular += counts.undefined > 0 ? 1 : 0
            arbitrated += counts.arbitrated
        }
        // 0·∞ at a true singularity of an inner function, as in cbrt(0·x).
        #expect(
            singular * 100 <= Stress.differences, "\(singular) programs had no derivative where their value is smooth")
        #expect(programs * 10 >= 8 * Stress.differences, "only \(programs) programs were compared")
        #expect(compared >= 12 * Stress.differences, "only \(compared) slopes were compared")
        #expect(arbitrated * 10_000 <= compared, "\(arbitrated) differences disagree and dual numbers do not")
        try Stress.write(
            "differences",
            ["programs": programs, "slopes compared": compared, "settled by dual numbers": arbitrated])
    }

    @Test("the arm not taken contributes exactly zero: masked sinc")
    func maskedSinc() {
        let gradient = Gradient.differentiate(Examples.maskedSinc)
        let points = [0.0, -0.0, 1e-45, -1e-45, 1e-40, 1e-30, 1e-10, 1e-3, 1, 100, 1e4]
        for precision in [Interpreter.Precision.double, .single] {
            let values = Interpreter.evaluate(gradient, inputs: points, precision: precision)
            #expect(values[0][0] == 1 && values[0][1] == 1)
            #expect(values[1][0] == 0 && values[1][1] == 0)
            #expect(values[1].allSatisfy { $0.isFinite }, "\(values[1])")
        }
        let slope = Interpreter.evaluate(gradient, inputs: [2])[1][0]
        #expect(abs(slope - (cos(2.0) / 2 - sin(2.0) / 4)) < 1e-15)
    }

    /// Programs whose slope is 1 at 1 and at 2, with an arm beside it that is infinite or NaN there.
    static let poisoned: [(name: String, program: Program)] = [
        (
            "root of a negative number",
            Examples.program { b, x in b.select(b.less(x, b.real(3)), x, b.unary(.squareRoot, b.minus(x, b.real(3)))) }
        ),
        (
            "overflow",
            Examples.program { b, x in b.select(b.less(b.real(0), x), x, b.exp(b.times(b.real(1000), x))) }
        ),
        (
            "a chain behind nested choices",
            Examples.program { b, x in
                let inner = b.select(b.less(x, b.real(-1)), b.over(b.real(1), x), b.unary(.log, b.unary(.negate, x)))
                return b.select(b.less(x, b.real(3)), x, b.unary(.sin, b.unary(.tan, b.over(inner, x))))
            }
        ),
        (
            "one poisoned value behind two different choices",
            Examples.program { b, x in
                let root = b.unary(.squareRoot, b.minus(x, b.real(5)))
                let first = b.select(b.less(x, b.real(3)), x, root)
                let second = b.select(b.less(x, b.real(4)), b.real(7), b.times(root, root))
                return b.plus(first, second)
            }
        ),
        (
            "the smaller of a number and NaN",
            Examples.program { b, x in b.binary(.minimum, x, b.unary(.log, b.unary(.negate, x))) }
        ),
    ]

    @Test("an arm not taken may be infinite or NaN, at any depth", arguments: poisoned.indices)
    func poisonedArms(index: Int) {
        let gradient = Gradient.differentiate(Self.poisoned[index].program)
        for precision in [Interpreter.Precision.double, .single] {
            let slopes = Interpreter.evaluate(gradient, inputs: [1, 2], precision: precision)[1]
            #expect(slopes == [1, 1], "\(Self.poisoned[index].name)")
        }
    }

    @Test("a saturated function silences an infinite derivative behind it")
    func saturation() {
        let slopes = Interpreter.evaluate(
            Gradient.differentiate(Examples.tanhExp), inputs: [100, 1e4], precision: .single)[1]
        #expect(slopes == [1, 1])
    }

    @Test("conventions at kinks: |x|' = 0, relu' = 0 in every spelling, steps are flat")
    func kinks() {
        func slope(_ program: Program, at x: Double = 0) -> Double {
            Interpreter.evaluate(Gradient.differentiate(program), inputs: [x])[1][0]
        }
        #expect(slope(Examples.program { b, x in b.unary(.absolute, x) }) == 0)
        #expect(slope(Examples.relu) == 0)
        #expect(slope(Examples.program { b, x in b.binary(.maximum, x, b.real(0)) }) == 0)
        #expect(slope(Examples.program { b, x in b.binary(.maximum, b.real(0), x) }) == 0)
        #expect(slope(Examples.program { b, x in b.binary(.maximum, x, b.unary(.negate, x)) }) == 0)
        #expect(slope(Examples.program { b, x in b.binary(.maximum, x, b.unary(.absolute, x)) }, at: 1) == 1)
        for op in [Operator.floor, .ceiling, .truncate, .roundEven] {
            #expect(slope(Examples.program { b, x in b.unary(op, x) }, at: 1.3) == 0)
        }
    }

    @Test("the gradient of GELU costs one exponential beside the error function")
    func sharing() {
        let gradient = Gradient.differentiate(Examples.gelu)
        #expect(gradient.nodes.count { $0.op == .erf } == 1)
        #expect(gradient.nodes.count { $0.op == .exp } == 1)
        let tanh = Gradient.differentiate(Examples.program { b, x in b.unary(.tanh, x) })
        #expect(tanh.nodes.count { OperatorTable[$0.op].arity > 0 } == 3)
    }

    /// Compares every derivative of `gradient` with differences of the ORIGINAL program's values.
    private static func compare(
        _ gradient: Program, original: Program, name: String, key: String
    ) -> (compared: Int, undefined: Int, arbitrated: Int) {
        var stream = RandomStream(key: ["points", key])
        let points = (0..<12).map { _ in 6 * stream.uniform() - 3 } + (0..<24).map { _ in 3 * stream.uniform() - 1.5 }
        let parameters = original.parameters.map(\.initial)
        let values = Interpreter.evaluate(gradient, inputs: points)
        let written = Interpreter.evaluate(original, inputs: points)[0]
        var compared = 0
        var undefined = 0
        var arbitrated = 0
        for index in 1..<gradient.outputs.count {
            let slopes = FiniteDifference.slopes(
                of: original, at: points, parameters: parameters, parameter: index == 1 ? nil : index - 2)
            for (place, slope) in slopes.enumerated() {
                guard let slope else { continue }
                // At a jump rounding decides on which side the value is.
                guard abs(values[0][place] - written[place]) <= 1e-9 * max(1, abs(written[place])) else { continue }
                if !values[index][place].isFinite {
                    undefined += 1
                    continue
                }
                compared += 1
                if slope.agrees(with: values[index][place]) { continue }
                // Differences cannot see the steps of a truncated giant, nor that atanh(erf(x)) blows up rounding.
                let moves = parameters.indices.map { index == $0 + 2 ? 1.0 : 0 }
                let dual = ForwardMode.evaluate(
                    original, x: [[points[place]]], direction: [[index == 1 ? 1 : 0]], parameterDirection: moves
                ).slope[0]
                arbitrated += 1
                #expect(
                    abs(dual - values[index][place]) <= 1e-5 * abs(dual),
                    "\(name), output \(index) at \(points[place]): \(values[index][place]), difference \(slope.slope)")
            }
        }
        return (compared, undefined, arbitrated)
    }
}
