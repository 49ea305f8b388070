import ActivationIR
import ActivationPasses
import Testing

@Suite("Identity: canonical hash and fingerprint")
struct IdentityTests {
    private func fingerprint(_ program: Program) -> String { Fingerprint.of(gradient: Gradient.differentiate(program)) }

    @Test("the hash ignores order of commutative operands and nodes, dead nodes, lines and names")
    func hashOfDisguises() {
        for index in 0..<300 {
            let program = RandomProgram.make(index)
            #expect(CanonicalHash.of(Disguise.of(program, key: index)) == CanonicalHash.of(program), "program \(index)")
        }
    }

    @Test("the hash tells operators, operand order, constants and initial values apart")
    func hashOfDifferences() {
        let programs: [Program] = [
            Examples.program { b, x in b.minus(x, b.real(1)) }, Examples.program { b, x in b.minus(b.real(1), x) },
            Examples.program { b, x in b.plus(x, b.real(1)) }, Examples.program { b, x in b.plus(x, b.real(2)) },
            Examples.program { b, x in b.plus(x, b.trainable(name: "a", initial: 1)) },
            Examples.program { b, x in b.plus(x, b.trainable(name: "a", initial: 2)) },
        ]
        #expect(Set(programs.map(CanonicalHash.of)).count == programs.count)
    }

    @Test("spellings of one function share a fingerprint")
    func spellings() {
        let silu = fingerprint(Examples.silu)
        #expect(fingerprint(Examples.siluByDivision) == silu)
        #expect(fingerprint(Examples.siluByTanh) == silu)
        #expect(fingerprint(Examples.siluByExp) == silu)
        #expect(fingerprint(Examples.snake) == fingerprint(Examples.snakeByPower))
        let relu = fingerprint(Examples.relu)
        #expect(fingerprint(Examples.program { b, x in b.binary(.maximum, b.real(0), x) }) == relu)
        #expect(fingerprint(Examples.program { b, x in b.select(b.lessEqual(b.real(0), x), x, b.real(0)) }) == relu)
        #expect(
            fingerprint(Examples.program { b, x in b.times(b.real(0.5), b.plus(x, b.unary(.absolute, x))) }) == relu)
        let negativeZero = Examples.program { b, x in b.select(b.less(b.real(0), x), x, b.real(-0.0)) }
        #expect(fingerprint(negativeZero) == relu)
    }

    @Test("spellings agree without the simplifier's help too")
    func unsimplifiedSpellings() {
        // Equal columns of y alone, straight from the interpreter.
        let spellings = [Examples.silu, Examples.siluByDivision, Examples.siluByTanh, Examples.siluByExp]
        #expect(Set(spellings.map(Fingerprint.of(gradient:))).count == 1)
    }

    @Test("disguises of random programs share a fingerprint")
    func fingerprintsOfDisguises() {
        for index in 0..<200 {
            let program = RandomProgram.make(index)
            #expect(fingerprint(Disguise.of(program, key: index)) == fingerprint(program), "program \(index)")
        }
    }

    @Test("distinct functions have distinct fingerprints")
    func distinctFunctions() {
        let programs = Examples.all.map(\.program)
        #expect(Set(programs.map(fingerprint)).count == programs.count)
    }

    @Test("a trainable differs from a constant; the order of trainables does not count, how they enter does")
    func trainables() {
        let constant = Examples.program { b, x in b.plus(x, b.unary(.sin, x)) }
        let trained = Examples.program { b, x in
            b.plus(x, b.times(b.trainable(name: "a", initial: 1), b.unary(.sin, x)))
        }
        #expect(fingerprint(constant) != fingerprint(trained))
        let one = Examples.program { b, x in
            let (p, q) = (b.trainable(name: "p", initial: 1), b.trainable(name: "q", initial: 2))
            return b.plus(b.times(p, x), b.times(q, b.unary(.sin, x)))
        }
        let other = Examples.program { b, x in
            let (q, p) = (b.trainable(name: "q", initial: 2), b.trainable(name: "p", initial: 1))
            return b.plus(b.times(p, x), b.times(q, b.unary(.sin, x)))
        }
        #expect(fingerprint(one) == fingerprint(other))
        // a·x and exp(a − 1)·x have equal values and slopes at a = 1, and train differently.
        let linear = Examples.program { b, x in b.times(b.trainable(name: "a", initial: 1), x) }
        let exponential = Examples.program { b, x in
            b.times(b.exp(b.minus(b.trainable(name: "a", initial: 1), b.real(1))), x)
        }
        #expect(fingerprint(linear) != fingerprint(exponential))
    }
}
