import ActivationIR
import Foundation
import Testing

@Suite("Interpreter")
struct InterpreterTests {
    @Test("known values come out")
    func knownValues() {
        #expect(Interpreter.evaluate(Examples.relu, inputs: [-2, 0, 3])[0] == [0, 0, 3])
        let gelu = Interpreter.evaluate(Examples.gelu, inputs: [1])[0][0]
        #expect(abs(gelu - 0.8413447460685429) < 1e-8)
        let sinc = Interpreter.evaluate(Examples.maskedSinc, inputs: [0, 2])[0]
        #expect(sinc == [1, sin(2.0) / 2])
    }

    @Test("parameters default to their initial values and can be given")
    func parameters() {
        #expect(Interpreter.evaluate(Examples.snake, inputs: [1])[0] == [1 + sin(1.0) * sin(1.0)])
        let given = Interpreter.evaluate(Examples.snake, inputs: [1], parameters: [2])[0][0]
        #expect(abs(given - (1 + sin(2.0) * sin(2.0) / 2)) < 1e-15)
    }

    @Test("in single precision intermediate values overflow and underflow as in a kernel")
    func singlePrecision() {
        let program = Examples.program { b, x in b.over(b.exp(x), b.exp(x)) }
        #expect(Interpreter.evaluate(program, inputs: [200])[0] == [1])
        #expect(Interpreter.evaluate(program, inputs: [200], precision: .single)[0][0].isNaN)
    }

    @Test("nothing overflows in sigmoid and softplus")
    func logisticFamily() {
        let program = Program(
            nodes: [Node(.input), Node(.sigmoid, [0]), Node(.softplus, [0])], parameters: [], outputs: [1, 2])
        let values = Interpreter.evaluate(program, inputs: [-2000, -40, 40, 2000])
        #expect(values[0][0] == 0 && values[0][3] == 1)
        #expect(abs(values[0][1] / exp(-40) - 1) < 1e-12)
        #expect(values[1][0] == 0 && values[1][3] == 2000)
        #expect(abs(values[1][1] / exp(-40) - 1) < 1e-12)
    }

    @Test("in float32 denormals are zero, as they are to a kernel in training")
    func denormals() {
        let program = Examples.program { b, x in b.select(b.binary(.equal, x, b.real(0)), b.real(7), b.times(x, x)) }
        let inputs = [1e-40, -1e-45, 1e-30]
        #expect(Interpreter.evaluate(program, inputs: inputs, precision: .single)[0] == [7, 7, 0])
        #expect(Interpreter.evaluate(program, inputs: inputs)[0] == inputs.map { $0 * $0 })
    }
}
