import ActivationIR
import ActivationPasses
import Testing

@Suite("Cost")
struct CostTests {
    private func cost(_ program: Program) -> Cost { Cost.of(gradient: Gradient.differentiate(program)) }

    private func amount(_ operators: Operator...) -> Double {
        operators.reduce(0) { $0 + OperatorTable[$1].cost.amount }
    }

    @Test("value and derivative count, after simplification, transcendentals by the table")
    func counts() {
        #expect(cost(Examples.gelu).transcendental == amount(.erf, .exp))
        #expect(cost(Examples.siluByTanh) == cost(Examples.silu))
        #expect(cost(Examples.identity).total == 0)
        let sine = cost(Examples.program { b, x in b.unary(.sin, x) })
        #expect(sine == Cost(arithmetic: 0, transcendental: amount(.sin, .cos)))
        // 1 − tanh²: a product and a difference.
        let tanh = cost(Examples.program { b, x in b.unary(.tanh, x) })
        #expect(tanh == Cost(arithmetic: 2, transcendental: amount(.tanh)))
    }

    @Test("softplus and the sigmoid that is its derivative share an exponential; of different arguments they do not")
    func sharing() {
        let softplus = cost(Examples.program { b, x in b.unary(.softplus, x) })
        #expect(softplus.transcendental == amount(.softplus, .sigmoid) - amount(.exp))
        let two = cost(
            Examples.program { b, x in b.plus(b.unary(.sigmoid, x), b.unary(.sigmoid, b.times(b.real(2), x))) })
        #expect(two.transcendental == amount(.sigmoid, .sigmoid))
    }

    @Test("what depends on trainables alone is free, being computed once a layer; a trainable's slope is stored")
    func layerValues() {
        // y = dy/da = x·exp(a) and dy/dx = exp(a): one product.
        let program = Examples.program { b, x in b.times(x, b.exp(b.trainable(name: "a", initial: 1))) }
        #expect(cost(program) == Cost(arithmetic: 1 + Cost.storedSlope, transcendental: 0))
    }

    @Test("lines get the cost of what they say and of its derivative, and sum to the total")
    func lines() {
        var builder = ProgramBuilder()
        builder.line = 2
        let x = builder.input()
        let wave = builder.unary(.sin, x)
        builder.line = 3
        let y = builder.times(wave, builder.plus(x, builder.real(1)))
        let gradient = Gradient.differentiate(builder.finish(outputs: [y]))
        let lines = Cost.byLine(gradient: gradient)
        #expect(lines[2]?.transcendental == amount(.sin, .cos))
        #expect(lines[3]?.transcendental == 0)
        #expect(lines.values.reduce(0) { $0 + $1.total } == Cost.of(gradient: gradient).total)
    }
}
