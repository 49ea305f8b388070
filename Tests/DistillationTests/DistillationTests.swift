import Distillation
import EvolveTypes
import Foundation
import LanguageModels
import RunStore
import Testing

@Suite("What runs teach")
struct DistillationTests {
    private static func examples(
        _ changes: [PlantedRun.Change], spread: Double = 0.3, suite: String = "s", seed: UInt64 = 1,
        called label: String = "a.evolve"
    ) throws -> RunExamples {
        try RunExamples(PlantedRun(changes, spread: spread, suite: suite, seed: seed).store, called: label)
    }

    /// Waves help, tanh does harm, the rest is as it may be.
    private static let planted: [PlantedRun.Change] = [.sine(2), .tanh(-2), .number(0), .erf(0)]

    private static func texts(_ distillate: Distillate, _ advice: Advice) -> String {
        distillate.instructions.filter { $0.advice == advice }.map(\.text).joined(separator: " ")
    }

    @Test("A change that helps is preferred, one that harms avoided, and neither the other way round")
    func planted() async throws {
        let distillate = try await Distillation().distill([Self.examples(Self.planted)])
        #expect(distillate.labels.improved >= 24 && distillate.labels.worse >= 24)
        let (prefer, avoid) = (Self.texts(distillate, .prefer), Self.texts(distillate, .avoid))
        #expect(prefer.contains("sin") || prefer.contains("wave") || prefer.contains("turning points"), "\(prefer)")
        #expect(avoid.contains("tanh") && !avoid.contains("sin") && !prefer.contains("tanh"), "\(avoid)")
        #expect(
            distillate.groups.contains { $0.advice == .prefer } && distillate.groups.contains { $0.advice == .avoid })
        let first = try #require(distillate.instructions.first { $0.advice == .prefer })
        // 2 dB over the parent; ahead of −2, 0 and 0 by 8/3.
        #expect(abs(first.learned.gain.mean - 2) < 0.3 && abs(first.learned.lead.mean - 8.0 / 3) < 0.5)
        #expect(first.learned.lead.low > 0 && first.families == ["first", "second"])
        #expect(first.from.first?.slots.isEmpty == false && first.from.first?.run == distillate.runs[0].digest)
        let unseen = try #require(distillate.tests.first)
        #expect(unseen.followed.lead.low > 0 && unseen.defied.lead.high < 0 && unseen.benefit > 0.5)
    }

    @Test("No change of a parent is in two parts")
    func parts() async throws {
        let distillate = try await Distillation().distill([Self.examples(Self.planted)])
        let parts = distillate.parts
        #expect(parts.learning + parts.revising + parts.unseen == 24)
        #expect(parts.learning > parts.revising && parts.unseen > 0)
        #expect(distillate.instructions.allSatisfy { $0.learned.parents <= parts.learning })
    }

    @Test("Noise gives an empty list, and says so", arguments: [1, 2, 3, 5, 6, 7])
    func noise(seed: UInt64) async throws {
        let nothing: [PlantedRun.Change] = [.sine(0), .tanh(0), .number(0), .erf(0)]
        let distillate = try await Distillation().distill([Self.examples(nothing, spread: 3, seed: seed)])
        #expect(distillate.labels.improved + distillate.labels.worse > 0, "there is something to be misled by")
        #expect(distillate.instructions.isEmpty)
        #expect(DistillateText.render(distillate).contains("The list is empty: nothing"))
    }

    @Test("The same stores give the same list; a run's name for its store does not count")
    func deterministic() async throws {
        let once = try await Distillation().distill([Self.examples(Self.planted)])
        let again = try await Distillation().distill([Self.examples(Self.planted, called: "b.evolve")])
        #expect(try CanonicalJSON.encode(once.instructions) == CanonicalJSON.encode(again.instructions))
    }

    @Test("The list keeps within its tokens, the strongest first", arguments: [25, 300])
    func budget(tokens: Int) async throws {
        let changes = Self.planted + [.init(body: { "fmaxf(\(PlantedRun.gate($0)), -0.01f)" }, gain: -3)]
        let distillate = try await Distillation(.init(tokens: tokens)).distill([Self.examples(changes)])
        #expect(distillate.tokens <= tokens && !distillate.instructions.isEmpty)
        #expect((tokens == 300) == !distillate.dropped.contains { $0.why == "no room in \(tokens) tokens" })
        func strength(_ instruction: Instruction) -> Double {
            max(instruction.learned.lead.low, -instruction.learned.lead.high)
        }
        let strengths = distillate.instructions.map(strength)
        #expect(strengths == strengths.sorted(by: >))
    }

    @Test("What another suite does not bear out is dropped, the rest says how it did there")
    func elsewhere() async throws {
        let here = try Self.examples(Self.planted)
        let there = try Self.examples(
            [.sine(-1), .tanh(-2), .number(0), .erf(0)], suite: "other", seed: 2, called: "b.evolve")
        let distillate = try await Distillation().distill([here], testing: [there])
        #expect(Self.texts(distillate, .avoid).contains("tanh") && Self.texts(distillate, .prefer).isEmpty)
        #expect(distillate.dropped.contains { $0.why == "does not hold on the suite other" })
        #expect(distillate.instructions.allSatisfy { $0.tests.map(\.on).contains("the suite other") })
        #expect(distillate.tests.map(\.on) == ["parents that nothing was learned from", "the suite other"])
        #expect(!DistillateText.render(distillate).contains("Not tested on another suite"))
    }

    @Test("Two runs teach together; one run under two names is one")
    func severalRuns() async throws {
        let (one, two) = (try Self.examples(Self.planted), try Self.examples(Self.planted, seed: 2, called: "b.evolve"))
        let distillate = try await Distillation().distill([one, two])
        #expect(distillate.parts.learning + distillate.parts.revising + distillate.parts.unseen == 48)
        let runs = Set(distillate.instructions.flatMap(\.from).map(\.run))
        #expect(runs == [one.digest, two.digest])
        await #expect(throws: Failure(.badInput, "a.evolve and c.evolve hold the same run: name it once")) {
            _ = try await Distillation().distill([one, Self.examples(Self.planted, called: "c.evolve")])
        }
    }

    @Test("Stores that nothing can be learned from are refused in one line that names them")
    func refusals() async throws {
        let good = try Self.examples(Self.planted)
        func complaint(_ runs: [RunExamples], _ others: [RunExamples] = []) async -> String {
            do {
                _ = try await Distillation().distill(runs, testing: others)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        let empty = try RunExamples(PlantedRun([], parents: 0, seed: 3).store, called: "e.evolve")
        #expect(await complaint([empty]) == "e.evolve is empty: no slot of its run has been committed yet")
        let seeds = try RunExamples(PlantedRun([], parents: 5, seed: 4).store, called: "s.evolve")
        #expect(
            await complaint([good, seeds])
                == "s.evolve has nothing to learn from: none of its 5 slots trained a change of another candidate")
        let vague = try Self.examples([.number(0)], spread: 0, seed: 5, called: "v.evolve")
        #expect(await complaint([vague]).hasPrefix("v.evolve: no change is decided"))
        let other = try Self.examples(Self.planted, suite: "other", seed: 6, called: "o.evolve")
        #expect(
            await complaint([good, other])
                == "a.evolve and o.evolve are of different suites, s and other: learn from one, and give the other as --test"
        )
        let same = try Self.examples(Self.planted, seed: 7, called: "b.evolve")
        #expect(
            await complaint([good], [same])
                == "b.evolve is of the suite that a.evolve is of, s: --test wants a run of another suite")
    }

    @Test("The text is at most 80 columns wide")
    func width() async throws {
        let distillate = try await Distillation().distill(
            [Self.examples(Self.planted)], testing: [Self.examples(Self.planted, suite: "other", called: "b.evolve")])
        let wide = DistillateText.render(distillate).split(separator: "\n").filter { $0.count > 80 }
        #expect(wide.isEmpty, "\(wide)")
    }
}
