import ActivationCompiler
import ActivationIR
import EvolveTypes
import Retrieval
import Testing

/// Functions to search among, and to search for.
enum Functions {
    /// The simplified program of an expression in x.
    static func program(_ expression: String) throws -> Program {
        let result = ActivationPipeline().compile("float activation(float x) { return \(expression); }\n")
        guard case .compiled(let compiled) = result else {
            Issue.record("\(expression): \(result)")
            throw Failure(.internalError, expression)
        }
        return compiled.program
    }

    static func behaviour(_ expression: String) throws -> Behaviour {
        try #require(Behaviour(of: program(expression)))
    }

    static func table(
        _ expressions: [String], granularity: BehaviourTable.Granularity = .wholes
    ) throws -> BehaviourTable {
        var table = BehaviourTable()
        for (owner, expression) in expressions.enumerated() {
            try table.append(program(expression), owner: owner, granularity: granularity)
        }
        return table
    }

    /// Random programs that have a behaviour, numbered as they are drawn.
    static func random(_ count: Int, from first: Int = 0, granularity: BehaviourTable.Granularity = .wholes)
        -> BehaviourTable
    {
        var table = BehaviourTable()
        var index = first
        var owners = 0
        while owners < count {
            if table.append(RandomProgram.make(index), owner: index, granularity: granularity) { owners += 1 }
            index += 1
        }
        return table
    }

    static let known = [
        "fmaxf(x, 0.0f)", "x * sigmoid(x)", "tanhf(x)", "x + sinf(x)", "expf(-x * x)",
        "0.5f * x * (1.0f + erff(x * 0.70710678f))",
        "x * tanhf(log1pf(expf(x)))", "x > 0.0f ? x : 0.01f * x", "atanf(x)", "cosf(3.0f * x)", "x * x", "fabsf(x)",
    ]
}
