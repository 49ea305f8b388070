import ActivationIR
import ActivationPasses
import Testing

@Suite("Cost")
struct CostTests {
    @Test("arithmetic counts one each, transcendentals by the table, after simplification")
    func counts() {
        // 0.5·x·(1 + erf(c·x)): three products, one sum, one erf.
        #expect(Cost.of(Examples.gelu) == Cost(arithmetic: 4, transcendental: OperatorTable[.erf].cost.amount))
        #expect(Cost.of(Examples.siluByTanh) == Cost.of(Examples.silu))
        #expect(Cost.of(Examples.identity).total == 0)
    }

    @Test("what depends on trainables alone is free, being computed once a layer")
    func layerValues() {
        let program = Examples.program { b, x in b.times(x, b.exp(b.trainable(name: "a", initial: 1))) }
        #expect(Cost.of(program) == Cost(arithmetic: 1, transcendental: 0))
    }

    @Test("lines get the cost of what they say, and sum to the total")
    func lines() {
        var builder = ProgramBuilder()
        builder.line = 2
        let x = builder.input()
        let wave = builder.unary(.sin, x)
        builder.line = 3
        let y = builder.times(wave, builder.plus(x, builder.real(1)))
        let lines = Cost.byLine(builder.finish(outputs: [y]))
        #expect(lines[2] == Cost(arithmetic: 0, transcendental: OperatorTable[.sin].cost.amount))
        #expect(lines[3] == Cost(arithmetic: 2, transcendental: 0))
        #expect(lines.count == 2)
    }
}
