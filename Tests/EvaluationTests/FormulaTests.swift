import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Formulas of the AI Feynman table")
struct FormulaTests {
    @Test(
        "follow Python's precedence",
        arguments: [
            ("1+2*3", 7.0), ("(1+2)*3", 9), ("2**3**2", 512), ("-2**2", -4), ("2**-1", 0.5), ("8/4/2", 1),
            ("1/2*6", 3), ("1-2-3", -4), ("-3+5", 2), ("2*-3", -6), ("+4", 4), ("1.5*2", 3), (" 1 + 1 ", 2),
            ("cos(0)", 1), ("ln(exp(2))", 2), ("sqrt(16)", 4), ("arcsin(1)*2", Double.pi), ("tanh(0)", 0),
            ("sin(pi/2)", 1), ("(2)**2", 4), ("3*2**2", 12),
        ])
    func precedence(text: String, value: Double) throws {
        let result = try Formula(parsing: text, variables: []).value(at: [])
        #expect(abs(result - value) < 1e-12)
    }

    @Test("read the table's variables, underscores and digits included")
    func variables() throws {
        let mass = try Formula(parsing: "m_0/sqrt(1-v**2/c**2)", variables: ["m_0", "v", "c"])
        #expect(abs(mass.value(at: [3, 1, 2]) - 3 / (0.75).squareRoot()) < 1e-12)
        let gauss = try Formula(
            parsing: "exp(-((theta-theta1)/sigma)**2/2)/(sqrt(2*pi)*sigma)", variables: ["sigma", "theta", "theta1"])
        #expect(abs(gauss.value(at: [2, 3, 1]) - exp(-0.5) / (2 * (2 * Double.pi).squareRoot())) < 1e-12)
        let planck = try Formula(
            parsing: "h/(2*pi)*omega**3/(pi**2*c**2*(exp((h/(2*pi))*omega/(kb*T))-1))",
            variables: ["omega", "T", "h", "kb", "c"])
        let x = 1.5 / (2 * Double.pi) * 2 / (1.1 * 1.2)
        let expected = 1.5 / (2 * Double.pi) * 8 / (Double.pi * Double.pi * 1.69 * (exp(x) - 1))
        #expect(abs(planck.value(at: [2, 1.2, 1.5, 1.1, 1.3]) - expected) < 1e-12)
    }

    @Test(
        "say in which column they cannot be read",
        arguments: [
            ("1+", "column 3"), ("(1", "column 3"), ("foo*2", "column 1"), ("1 $ 2", "column 3"), ("sin 2", "column 5"),
            ("1..2", "column 1"), ("", "column 1"), ("2 3", "column 3"), ("2*** 3", "column 4"),
        ])
    func errors(text: String, place: String) {
        let failure = #expect(throws: Failure.self) { try Formula(parsing: text, variables: ["x"]) }
        #expect(failure?.kind == .badInput)
        #expect(failure?.message.contains(place) == true, "\(failure?.message ?? "")")
    }

    @Test("refuse nesting that would overflow the stack")
    func nesting() {
        let text = String(repeating: "(", count: 100_000)
        #expect(throws: Failure.self) { try Formula(parsing: text, variables: []) }
    }
}
