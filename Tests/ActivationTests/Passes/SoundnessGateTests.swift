import ActivationIR
import ActivationPasses
import Testing

@Suite("Soundness gate")
struct SoundnessGateTests {
    private func verdict(_ program: Program) -> String? { SoundnessGate.check(Gradient.differentiate(program)) }

    @Test("the literature's functions are sound", arguments: (Examples.all + Examples.more).map(\.name))
    func literature(name: String) throws {
        let example = try #require((Examples.all + Examples.more).first { $0.name == name })
        #expect(verdict(example.program) == nil)
    }

    @Test("a pole, an overflow, an infinite slope and a domain error are named with place and value")
    func failures() throws {
        let pole = try #require(verdict(Examples.program { b, x in b.over(b.real(1), x) }))
        #expect(pole.contains("value") && pole.contains("x = 0.0") && pole.contains("inf"))
        let sinc = try #require(verdict(Examples.program { b, x in b.over(b.unary(.sin, x), x) }))
        #expect(sinc.contains("NaN") && sinc.contains("x = 0.0"))
        let overflow = try #require(verdict(Examples.program { b, x in b.exp(x) }))
        #expect(overflow.contains("inf") && overflow.contains("x = 89.0"))
        let slope = try #require(verdict(Examples.program { b, x in b.unary(.cubeRoot, x) }))
        #expect(slope.contains("derivative by x") && slope.contains("x = 0.0"))
        let domain = try #require(verdict(Examples.program { b, x in b.unary(.log, x) }))
        #expect(domain.contains("not finite"))
        let trainable = Examples.program { b, x in b.times(x, b.unary(.cubeRoot, b.trainable(name: "a", initial: 0))) }
        #expect(try #require(verdict(trainable)).contains("trainable a"))
    }

    @Test("what overflows only in float32 is found")
    func singlePrecision() throws {
        // x¹⁰ is 1e40 at 1e4.
        let power = Examples.program { b, x in b.binary(.pow, x, b.real(10)) }
        #expect(try #require(verdict(power)).contains("inf"))
    }

    @Test("a wrong derivative is found, kinks and jumps are not mistaken for one")
    func derivatives() throws {
        var gradient = Gradient.differentiate(Examples.gelu)
        gradient.outputs[1] = gradient.outputs[0]
        #expect(try #require(SoundnessGate.check(gradient)).contains("finite differences"))
        #expect(verdict(Examples.program { b, x in b.unary(.floor, x) }) == nil)
        #expect(verdict(Examples.program { b, x in b.unary(.absolute, b.unary(.sin, b.times(b.real(7), x))) }) == nil)
    }
}
