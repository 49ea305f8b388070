import ActivationCodegen
import ActivationIR
import ActivationPasses
import Testing

@Suite("Formula printer")
struct FormulaPrinterTests {
    static let formulas: [(Program, String)] = [
        (Examples.gelu, "0.5·x·(1 + erf(0.70710678·x))"),
        (Examples.leakyReLU, "x ≥ 0 ? x : 0.01·x"),
        (Examples.relu, "x > 0 ? x : 0"),
        (Examples.elu, "x > 0 ? x : exp(x) − 1"),
        (Examples.silu, "x·sigmoid(x)"),
        (Examples.mish, "x·tanh(softplus(x))"),
        (Examples.geluSine, "0.5·x·(1 + erf(0.70710678·x)) + 0.1·sin(x)"),
        (Examples.gmtu, "tanh(1.5·x)·exp(−0.2·x²) + 0.1·x"),
        (Examples.snake, "x + sin(a·x)²/a"),
        (Examples.maskedSinc, "x = 0 ? 1 : sin(x)/x"),
        (Examples.softsign, "x/(1 + |x|)"),
        (Examples.program { b, x in b.minus(x, b.minus(b.unary(.sin, x), b.unary(.cos, x))) }, "x − (sin(x) − cos(x))"),
        (Examples.program { b, x in b.over(x, b.times(b.exp(x), b.unary(.cos, x))) }, "x/(exp(x)·cos(x))"),
        (Examples.program { b, x in b.times(b.plus(x, b.real(1)), b.plus(x, b.real(1))) }, "(1 + x)²"),
        (Examples.program { b, x in b.unary(.sin, b.over(x, b.real(3))) }, "sin(x/3)"),
        (Examples.program { b, x in b.times(b.real(.pi), x) }, "π·x"),
        (Examples.program { b, x in b.plus(b.real(-1), x) }, "x − 1"),
        (Examples.program { b, x in b.unary(.negate, b.plus(x, b.exp(x))) }, "−(x + exp(x))"),
        (Examples.program { b, x in b.times(x, b.unary(.negate, b.exp(x))) }, "−x·exp(x)"),
        (Examples.program { b, x in b.binary(.pow, b.unary(.absolute, x), b.real(1.5)) }, "|x|^1.5"),
        (
            Examples.program { b, x in
                b.times(b.select(b.unary(.not, b.binary(.equal, x, b.real(0))), x, b.real(1)), b.exp(x))
            }, "(x = 0 ? 1 : x)·exp(x)"
        ),
        (
            Examples.program { b, x in
                let wave = b.plus(x, b.times(b.real(0.1), b.unary(.sin, x)))
                return b.times(wave, b.unary(.sigmoid, wave))
            }, "a·sigmoid(a) where a = x + 0.1·sin(x)"
        ),
    ]

    @Test("formulas read as people write them", arguments: formulas.indices)
    func text(index: Int) {
        let (program, expected) = Self.formulas[index]
        #expect(FormulaPrinter.print(Simplifier.run(program)) == expected)
    }

    @Test("any program has a formula, the same each time")
    func anyProgram() {
        for index in 0..<200 {
            let program = Simplifier.run(RandomProgram.make(index))
            let formula = FormulaPrinter.print(program)
            #expect(!formula.isEmpty && formula == FormulaPrinter.print(program))
            #expect(formula.count { $0 == "(" } == formula.count { $0 == ")" }, "\(formula)")
        }
    }
}
