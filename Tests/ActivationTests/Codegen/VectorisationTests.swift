import ActivationCodegen
import ActivationIR
import ActivationPasses
import Foundation
import Testing

/// What the C compiler makes of the printed loops: assembly, read.
@Suite("Vectorisation")
struct VectorisationTests {
    /// Functions that a kernel may call: its own, vector functions of the C library, and copying.
    private static let allowed = ["_ZGV", "memcpy", "memset", "k"]

    @Test("value and derivatives of every operator are packed instructions, without a scalar call")
    func elementwise() throws {
        let rows = OperatorTable.rows.filter { $0.arity > 0 && !$0.readsLayer }
        try check(rows.map { ($0.name, Self.showing($0)) }, functions: ["columns"])
        #expect(rows.count >= 45)
    }

    @Test("loops around every statistic, shift and place are packed instructions, without a scalar call")
    func layer() throws {
        let rows = OperatorTable.rows.filter { $0.readsLayer && $0.op != .cotangent }
        try check(rows.map { ($0.name, Self.showingLayer($0)) }, functions: ["forward", "backward"])
        #expect(rows.count >= 12)
    }

    /// Both stay in the text: what is left of a loop when it is not vectorised is there to be found.
    private func check(_ programs: [(name: String, program: Program)], functions: [String]) throws {
        let kernels = programs.map { KernelPrinter.print(gradient: Gradient.differentiate($0.program)) }
        let compiled = try CompiledKernels(kernels)
        for (number, (name, _)) in programs.enumerated() {
            let (all, vectorised) = (compiled.loopCounts[number], compiled.vectorisedLoops[number])
            #expect(all > 0 && vectorised == all, "\(name): \(vectorised) of \(all) loops are vectorised")
        }
        let assembly = try CompiledKernels.assembly(kernels)
        for (number, (name, _)) in programs.enumerated() {
            for function in functions {
                let lines = assembly["k\(number)_\(function)"] ?? []
                let calls = lines.compactMap { $0.first == "call" ? $0.last : nil }
                let others = calls.filter { call in !Self.allowed.contains { call.hasPrefix($0) } }
                #expect(others.isEmpty, "\(name), \(function): calls \(others)")
                // Registers of 16 bytes and more, on all of which such an instruction works.
                let packed = lines.count { line in
                    line[0].contains(/p[sd]$|^v?p/) && line[1...].contains { $0.contains("mm") }
                }
                #expect(packed > 0, "\(name), \(function): \(lines.count) instructions, none packed")
            }
        }
    }

    /// A program whose value is the operator's, of operands that keep it from being folded.
    static func showing(_ row: OperatorInfo) -> Program {
        Examples.program { b, x in
            let reals = row.arity == 1 ? [x] : [b.times(b.real(3), x), b.plus(x, b.real(1.7)), b.exp(x)]
            let operands = zip(row.operandTypes, reals).map { type, real in
                type == .boolean ? b.less(real, b.real(1)) : real
            }
            let value = b.append(row.op, operands)
            return row.resultType == .boolean ? b.append(.select, [value, x, b.real(0.5)]) : value
        }
    }

    private static func showingLayer(_ row: OperatorInfo) -> Program {
        Examples.program { b, x in
            let operands = row.arity == 0 ? [] : [b.times(x, x)]
            let value = b.append(row.op, operands, payload: row.op == .unitShift ? 1 : 0)
            return b.times(x, value)
        }
    }
}
