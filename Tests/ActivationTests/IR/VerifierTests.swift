import ActivationIR
import Testing

@Suite("Verifier")
struct VerifierTests {
    @Test("examples and random programs are valid")
    func validPrograms() {
        for example in Examples.all { #expect(Verifier.verify(example.program).isEmpty, "\(example.name)") }
        for index in 0..<200 { #expect(Verifier.verify(RandomProgram.make(index)).isEmpty, "program \(index)") }
    }

    @Test(
        "each kind of damage is named",
        arguments: [
            (Program(nodes: [Node(.negate, [0])], parameters: [], outputs: [0]), "does not precede"),
            (Program(nodes: [Node(.input), Node(.add, [0])], parameters: [], outputs: [1]), "has 1 operands, needs 2"),
            (Program(nodes: [Node(.input), Node(.not, [0])], parameters: [], outputs: [0]), "must be boolean"),
            (Program(nodes: [Node(.parameter)], parameters: [], outputs: [0]), "there is no parameter"),
            (Program(nodes: [Node(.constant, payload: .nan)], parameters: [], outputs: [0]), "not a number"),
            (Program(nodes: [Node(.input, payload: 2)], parameters: [], outputs: [0]), "must have none"),
            (Program(nodes: [Node(.input)], parameters: [], outputs: []), "no output"),
            (Program(nodes: [Node(.input)], parameters: [], outputs: [3]), "not a node"),
            (Program(nodes: [Node(.input), Node(.less, [0, 0])], parameters: [], outputs: [1]), "not real"),
            (
                Program(
                    nodes: [Node(.input)], parameters: [Parameter(name: "a", initial: .infinity)], outputs: [0]),
                "initial value"
            ),
        ])
    func damage(program: Program, expected: String) {
        let faults = Verifier.verify(program)
        #expect(faults.count == 1)
        #expect(faults.contains { $0.contains(expected) }, "\(faults)")
    }

    @Test("an infinite constant is allowed; select takes two booleans; mixed arms are refused")
    func selects() {
        let infinite = Program(nodes: [Node(.constant, payload: .infinity)], parameters: [], outputs: [0])
        #expect(Verifier.verify(infinite).isEmpty)
        var nodes = [Node(.input), Node(.less, [0, 0]), Node(.select, [1, 1, 1]), Node(.select, [2, 0, 0])]
        #expect(Verifier.verify(Program(nodes: nodes, parameters: [], outputs: [3])).isEmpty)
        nodes.append(Node(.select, [1, 0, 1]))
        #expect(!Verifier.verify(Program(nodes: nodes, parameters: [], outputs: [3])).isEmpty)
    }

    @Test("a program that ignores the pre-activation is found, dead reads do not count")
    func readsInput() {
        #expect(Verifier.readsInput(Examples.gelu))
        let constant = Program(nodes: [Node(.input), Node(.constant, payload: 1)], parameters: [], outputs: [1])
        #expect(!Verifier.readsInput(constant))
    }
}
