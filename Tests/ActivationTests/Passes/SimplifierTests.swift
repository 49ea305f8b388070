import ActivationIR
import ActivationPasses
import EvolveTypes
import Testing

@Suite("Simplifier")
struct SimplifierTests {
    @Test("values of random programs stay, and nothing gets dearer by much")
    func values() {
        var compared = 0
        for index in 0..<1000 {
            let program = RandomProgram.make(index)
            let simple = Simplifier.run(program)
            #expect(Verifier.verify(simple).isEmpty, "program \(index)")
            #expect(Simplifier.run(simple) == simple, "program \(index) is not at a fixed point")
            var stream = RandomStream(key: ["simplifier", "\(index)"])
            let points = (0..<20).map { _ in 8 * stream.uniform() - 4 }
            let (before, after) = (
                Interpreter.evaluate(program, inputs: points)[0], Interpreter.evaluate(simple, inputs: points)[0]
            )
            let rough = Interpreter.evaluate(program, inputs: points.map { $0 * (1 + 1e-12) })[0]
            for place in points.indices where before[place].isFinite {
                // Points where a relative change of 1e-12 in x moves the value are too ill-conditioned to compare.
                let tolerance = 1e-9 * max(1, abs(before[place]))
                guard abs(rough[place] - before[place]) < tolerance else { continue }
                compared += 1
                #expect(
                    abs(after[place] - before[place]) <= tolerance,
                    "program \(index) at \(points[place]): \(before[place]) became \(after[place])")
            }
        }
        #expect(compared > 10000)
    }

    /// What each program must become, written as a program.
    static let rules: [(name: String, before: Program, after: Program)] = [
        rule("x + 0", { b, x in b.plus(x, b.real(0)) }, { _, x in x }),
        rule("1·x", { b, x in b.times(x, b.real(1)) }, { _, x in x }),
        rule("x·0 with x finite", { b, x in b.plus(x, b.times(x, b.real(0))) }, { _, x in x }),
        rule("−−x", { b, x in b.unary(.negate, b.unary(.negate, x)) }, { _, x in x }),
        rule("x + (x − x)", { b, x in b.plus(x, b.minus(x, x)) }, { _, x in x }),
        rule("x + x", { b, x in b.plus(x, x) }, { b, x in b.times(b.real(2), x) }),
        rule("x/4", { b, x in b.over(x, b.real(4)) }, { b, x in b.times(b.real(0.25), x) }),
        rule("2·(3·x)", { b, x in b.times(b.real(2), b.times(x, b.real(3))) }, { b, x in b.times(b.real(6), x) }),
        rule("x + (−1)·sin x", { b, x in b.plus(x, b.times(b.real(-1), b.unary(.sin, x))) }) { b, x in
            b.minus(x, b.unary(.sin, x))
        },
        rule("1 < 2 ? x : exp x", { b, x in b.select(b.less(b.real(1), b.real(2)), x, b.exp(x)) }, { _, x in x }),
        rule("c ? x : x", { b, x in b.select(b.less(x, b.real(2)), x, x) }, { _, x in x }),
        rule("!!c", { b, x in b.select(b.unary(.not, b.unary(.not, b.less(x, b.real(1)))), x, b.real(0)) }) { b, x in
            b.select(b.less(x, b.real(1)), x, b.real(0))
        },
        rule("pow(x, 2)", { b, x in b.binary(.pow, x, b.real(2)) }, { b, x in b.times(x, x) }),
        rule("pow(x, −3)", { b, x in b.binary(.pow, x, b.real(-3)) }) { b, x in
            b.over(b.real(1), b.times(b.times(x, x), x))
        },
        rule("pow(|x|, ½)", { b, x in b.binary(.pow, b.unary(.absolute, x), b.real(0.5)) }) { b, x in
            b.unary(.squareRoot, b.unary(.absolute, x))
        },
        rule("√(x·x)", { b, x in b.unary(.squareRoot, b.times(x, x)) }, { b, x in b.unary(.absolute, x) }),
        rule("1/(1 + exp(−x))", { b, x in b.over(b.real(1), b.plus(b.real(1), b.exp(b.unary(.negate, x)))) }) { b, x in
            b.unary(.sigmoid, x)
        },
        rule("exp(x)/(1 + exp(x))", { b, x in b.over(b.exp(x), b.plus(b.exp(x), b.real(1))) }) { b, x in
            b.unary(.sigmoid, x)
        },
        rule("log(1 + exp(x))", { b, x in b.unary(.log, b.plus(b.real(1), b.exp(x))) }) { b, x in
            b.unary(.softplus, x)
        },
        rule("log1p(exp(x))", { b, x in b.unary(.log1p, b.exp(x)) }, { b, x in b.unary(.softplus, x) }),
        rule(
            "½(1 + tanh(x/2))",
            { b, x in b.times(b.real(0.5), b.plus(b.real(1), b.unary(.tanh, b.over(x, b.real(2))))) }
        ) { b, x in b.unary(.sigmoid, x) },
        rule("½x(1 + tanh(x/2))", Examples.siluByTanh, Examples.silu),
        rule(
            "(exp(x) − exp(−x))/(exp(x) + exp(−x))",
            { b, x in
                let (up, down) = (b.exp(x), b.exp(b.unary(.negate, x)))
                return b.over(b.minus(up, down), b.plus(up, down))
            }
        ) { b, x in b.unary(.tanh, x) },
        rule("x·sin x + x·cos x", { b, x in b.plus(b.times(x, b.unary(.sin, x)), b.times(x, b.unary(.cos, x))) }) {
            b, x in b.times(x, b.plus(b.unary(.sin, x), b.unary(.cos, x)))
        },
        rule(
            "sin(x·y) shared with sin(y·x)",
            { b, x in
                let y = b.exp(x)
                return b.minus(b.unary(.sin, b.times(x, y)), b.times(b.unary(.cos, x), b.unary(.sin, b.times(y, x))))
            }
        ) { b, x in
            let wave = b.unary(.sin, b.times(x, b.exp(x)))
            return b.minus(wave, b.times(b.unary(.cos, x), wave))
        },
    ]

    @Test("each identity leaves the expected program", arguments: rules.indices)
    func identities(index: Int) {
        let rule = Self.rules[index]
        #expect(CanonicalHash.of(Simplifier.run(rule.before)) == CanonicalHash.of(rule.after), "\(rule.name)")
    }

    @Test("0·exp(x) and 1/x − 1/x stay: they are NaN where the factor is infinite")
    func unsafeZeros() {
        let product = Examples.program { b, x in b.plus(x, b.times(b.real(0), b.exp(x))) }
        #expect(Simplifier.run(product).nodes.contains { $0.op == .exp })
        let difference = Examples.program { b, x in b.minus(b.over(b.real(1), x), b.over(b.real(1), x)) }
        #expect(Simplifier.run(difference).nodes.contains { $0.op == .divide })
    }

    @Test("infinite constants never merge to NaN")
    func infinities() {
        let program = Examples.program { b, x in
            b.plus(b.real(-.infinity), b.plus(b.real(.infinity), b.times(b.real(0), b.times(b.real(.infinity), x))))
        }
        #expect(Verifier.verify(Simplifier.run(program)).isEmpty)
    }

    @Test("unused trainables go, the others keep their order")
    func unusedParameters() {
        let program = Examples.program { b, x in
            let (p, q, r) = (
                b.trainable(name: "p", initial: 1), b.trainable(name: "q", initial: 2),
                b.trainable(name: "r", initial: 3)
            )
            return b.plus(b.times(r, x), b.plus(p, b.times(b.real(0), q)))
        }
        let simple = Simplifier.run(program)
        #expect(simple.parameters.map(\.name) == ["p", "r"])
        #expect(Interpreter.evaluate(simple, inputs: [2])[0] == [7])
    }

    private static func rule(
        _ name: String, _ before: (inout ProgramBuilder, ValueID) -> ValueID,
        _ after: (inout ProgramBuilder, ValueID) -> ValueID
    ) -> (name: String, before: Program, after: Program) {
        rule(name, Examples.program(before), Examples.program(after))
    }

    private static func rule(
        _ name: String, _ before: Program, _ after: Program
    ) -> (name: String, before: Program, after: Program) { (name, before, after) }
}
