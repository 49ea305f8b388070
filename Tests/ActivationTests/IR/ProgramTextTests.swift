import ActivationIR
import Testing

@Suite("Program text")
struct ProgramTextTests {
    @Test("every node is a line with its operands, its number or name, and where it came from")
    func golden() {
        var builder = ProgramBuilder()
        let x = builder.input()
        let a = builder.trainable(name: "a", initial: 0.1)
        builder.line = 4
        let shifted = builder.append(.unitShift, [x], payload: -2)
        let y = builder.binary(.multiply, a, builder.binary(.add, builder.constant(0.5), shifted))
        #expect(
            ProgramText.print(builder.finish(outputs: [y, shifted, x])) == """
                %0 = input
                %1 = parameter a                  // 0.1 at first
                %2 = unit_shift %0, -2            // line 4
                %3 = constant 0.5
                %4 = add %3, %2                   // line 4
                %5 = multiply %1, %4              // line 4
                y = %5
                dL/dx = %2
                dL/da = %0
                """)
    }
}
