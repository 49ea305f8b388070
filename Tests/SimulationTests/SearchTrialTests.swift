import ActivationCompiler
import ActivationIR
import Engine
import Population
import Simulation
import Testing

@Suite("A search with played training")
struct SearchTrialTests {
    private func policy(lookahead: Int) -> RunPolicy {
        var policy = ClusterSimulationTests.policy(slots: 120, lookahead: lookahead)
        let programs = ["fmaxf(x, 0.0f)", "x * sigmoid(x)", "tanhf(x)"].enumerated().map {
            NamedProgram(name: "\($0.offset)", source: "float activation(float x) { return \($0.element); }\n")
        }
        for index in policy.islands.indices {
            policy.islands[index].seeds = programs
            policy.islands[index].operators = [
                IslandPolicy.OperatorShare(kind: .treeMutation, weight: 2),
                IslandPolicy.OperatorShare(kind: .treeCrossover, weight: 1),
            ]
        }
        return policy
    }

    @Test("The search finds better functions, the same ones each time")
    func search() async throws {
        func course() async throws -> [SearchTrial.Checkpoint] {
            var trial = try SearchTrial(policy: policy(lookahead: 4), target: 2)
            return try await trial.run(marks: [10, 120])
        }
        let (first, second) = (try await course(), try await course())
        #expect(first.map(\.slots) == [10, 120])
        #expect(first.map(\.champion) == second.map(\.champion))
        #expect(first[1].best > first[0].best)
        #expect(first[1].champion <= first[1].best)
    }

    @Test("A trial that would ask a model is refused")
    func models() {
        #expect(throws: (any Error).self) {
            try SearchTrial(policy: ClusterSimulationTests.policy(slots: 10, lookahead: 2), target: 1)
        }
    }

    @Test("A gain does not see scale, sign or offset of the output; GELU's is 0")
    func gains() throws {
        let target = HiddenTarget(number: 1, families: ["a", "b"], clip: 20)
        func gain(_ expression: String) throws -> [String: Double] {
            let text = "float activation(float x) { return \(expression); }"
            guard case .compiled(let candidate) = ActivationPipeline().compile(text) else {
                Issue.record("\(expression) does not compile")
                return [:]
            }
            return try #require(target.gains(of: candidate.program))
        }
        for (_, gain) in try gain("0.5f * x * (1.0f + erff(x * 0.70710678f))") { #expect(abs(gain) < 1e-5) }
        let (plain, other) = (try gain("tanhf(x)"), try gain("3.0f - 2.0f * tanhf(x)"))
        #expect(plain.keys.sorted() == ["a", "b"])
        for (family, gain) in plain { #expect(abs(gain - (other[family] ?? 99)) < 1e-5) }
        #expect(try gain("sinf(x)") != plain)
    }
}
