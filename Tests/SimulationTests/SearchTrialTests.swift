import ActivationCompiler
import ActivationIR
import Engine
import Evaluation
import EvolveTypes
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
        func course() async throws -> (marks: [SearchTrial.Checkpoint], training: PlayedTraining) {
            let policy = policy(lookahead: 4)
            let training = PlayedTraining(suite: policy.suite, seed: policy.seed, target: 2)
            return (
                try await SearchTrial(policy: policy, evaluator: training).run(marks: [10, 120]), training
            )
        }
        let (first, second) = (try await course(), try await course())
        func best(_ place: Int) throws -> Double {
            try #require(first.marks[place].scored.compactMap(first.training.truth).max())
        }
        #expect(first.marks.map(\.slots) == [10, 120])
        #expect(first.marks.map { $0.population.contenders(1) } == second.marks.map { $0.population.contenders(1) })
        #expect(try best(1) > best(0))
        #expect(first.marks.map(\.records.count) == [10, 120])
        #expect(first.marks[0].records.map(\.slot) == Array(0..<10))
        #expect(first.marks[1].scored.count > first.marks[0].scored.count)
    }

    @Test("The champion is the one of whom most is believed after a re-test")
    func champion() async throws {
        let policy = policy(lookahead: 4)
        let training = PlayedTraining(suite: policy.suite, seed: policy.seed, target: 2)
        let trial = try SearchTrial(policy: policy, evaluator: training)
        let end = try #require(try await trial.run(marks: [120]).first)
        let champion = try #require(try await trial.champion(of: end.population))
        #expect(end.population.contenders(policy.verification.candidates).contains { $0.id == champion.elite.id })
        var population = end.population
        for elite in population.contenders(policy.verification.candidates) {
            let request = MeasurementRequest(.search, purpose: .retest, seeds: 0..<policy.verification.retestSeeds)
            let score = try await training.measure(try trial.compiled(elite), request).verdict.score
            population.learn(Evidence(try #require(score)), of: elite.id)
        }
        #expect(population.contenders(1).first == champion.elite)
    }

    @Test("With grafts from the tail, too, it finds the same functions each time, and others than without")
    func grafts() async throws {
        func course(_ weight: Double) async throws -> [[String]] {
            var policy = policy(lookahead: 4)
            for index in policy.islands.indices {
                policy.islands[index].operators.append(IslandPolicy.OperatorShare(kind: .tailGraft, weight: weight))
            }
            let training = PlayedTraining(suite: policy.suite, seed: policy.seed, target: 2)
            return try await SearchTrial(policy: policy, evaluator: training).run(marks: [40, 120]).map(\.scored)
        }
        let first = try await course(2)
        #expect(try await course(2) == first)
        #expect(try await course(0) != first)
    }

    @Test("A trial that would ask a model is refused")
    func models() {
        let policy = ClusterSimulationTests.policy(slots: 10, lookahead: 2)
        #expect(throws: Failure.self) {
            try SearchTrial(policy: policy, evaluator: PlayedTraining(suite: policy.suite, seed: 1, target: 1))
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
