import EvolveTypes
import Testing

@testable import Distillation

@Suite("From examples to a first list")
struct DraftingTests {
    private static func example(_ parent: Int, _ slot: Int, _ tokens: Set<String>, _ gain: Double) -> Example {
        Example(
            parent: Example.Parent(run: 0, id: parent), slot: slot, gain: Estimate(mean: gain, low: gain, high: gain),
            label: gain > 0 ? .improved : .worse, families: [:], change: tokens, context: [], before: "", after: "")
    }

    private static func draft(_ examples: [Example]) async throws -> Drafting.Outcome {
        try await Drafting(
            learning: Siblings(examples, clip: 20), settings: Distillation.Settings(), teacher: StatisticalTeacher()
        ).run()
    }

    /// Every child has five of forty tokens, and gains what chance gives.
    private static func noise(seed: Int) -> [Example] {
        var stream = RandomStream(key: ["noise", "\(seed)"])
        let names = (0..<40).map { "+f\($0)" }
        return (0..<40).flatMap { parent in
            (0..<12).map { child in
                example(parent, 12 * parent + child, Set(stream.shuffle(names).prefix(5)), stream.uniform() - 0.5)
            }
        }
    }

    @Test("Of hundreds of patterns in noise none is believed", arguments: 1...5)
    func noise(seed: Int) async throws {
        let outcome = try await Self.draft(Self.noise(seed: seed))
        #expect(outcome.patterns > 300 && outcome.instructions.isEmpty)
    }

    @Test("A pattern too rare for a group is kept where it works, and one that does harm is not hidden by the noise")
    func rare() async throws {
        var examples = Self.noise(seed: 1)
        for (slot, parent) in [3, 8, 15, 22].enumerated() {
            examples.append(Self.example(parent, 1_000 + slot, ["+rare"], 4 + Double(slot) / 10))
        }
        for parent in 0..<8 {
            examples.append(Self.example(parent, 2_000 + parent, ["+harm"], -3 - Double(parent % 3) / 10))
        }
        let texts = try await Self.draft(examples).instructions.map(\.text)
        #expect(texts.contains("Prefer adding rare.") && texts.contains("Avoid adding harm."), "\(texts)")
        #expect(texts.count == 2)
    }

    @Test("Of patterns that mean the same changes one stays")
    func redundant() async throws {
        let examples = (0..<10).flatMap { parent in
            let noise = Double(parent % 4) / 10
            return [
                Self.example(parent, 3 * parent, ["+sin", "+waves"], -3 - noise),
                Self.example(parent, 3 * parent + 1, ["+erf"], 0.1 + noise),
                Self.example(parent, 3 * parent + 2, [], -0.1),
            ]
        }
        let outcome = try await Self.draft(examples)
        #expect(outcome.instructions.count { $0.advice == .avoid } == 1)
        #expect(outcome.dropped.contains { $0.why.hasPrefix("says no more than: Avoid adding") })
        #expect(outcome.groups.contains { $0.advice == .avoid && $0.examples == 10 && $0.pattern != nil })
    }
}
