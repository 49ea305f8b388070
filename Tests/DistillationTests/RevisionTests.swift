import EvolveTypes
import Testing

@testable import Distillation

@Suite("The closed loop")
struct RevisionTests {
    /// Changes of so many parents, all with the same tokens and gains.
    private static func siblings(
        _ changes: [(tokens: Set<String>, gain: Double)], parents: Range<Int>, context: Set<String> = []
    ) -> [Example] {
        parents.flatMap { parent in
            changes.enumerated().map { place, change in
                Example(
                    parent: Example.Parent(run: 0, id: parent), slot: 1_000 * parent + place,
                    gain: Estimate(mean: change.gain, low: change.gain - 1, high: change.gain + 1), label: .undecided,
                    families: [:], change: change.tokens, context: context, before: "", after: "")
            }
        }
    }

    private static func instruction(_ advice: Advice, _ tokens: [String], _ learning: Siblings) -> Instruction {
        let pattern = Pattern(tokens)
        return Instruction(
            text: Templates.text(advice, pattern), advice: advice, pattern: pattern,
            learned: learning.measure(pattern, advice))
    }

    @Test("What does not hold on other parents is dropped, what does stays")
    func drops() {
        let learning = Siblings(
            Self.siblings([(["+sin"], 1), (["+tanh"], -1), ([], 0)], parents: 0..<8), clip: 20)
        let revising = Siblings(
            Self.siblings([(["+sin"], -1), (["+tanh"], -1), ([], 0)], parents: 10..<14), clip: 20)
        let drafts = [Self.instruction(.prefer, ["+sin"], learning), Self.instruction(.avoid, ["+tanh"], learning)]
        let revised = Revision(learning: learning, revising: revising).revise(drafts)
        #expect(revised.list.map(\.text) == ["Avoid adding tanh."] && revised.rounds == 1)
        #expect(revised.dropped.map(\.why) == ["does not hold on 4 changes of other parents"])
    }

    @Test("What holds on one kind of parent alone is narrowed to that")
    func narrows() {
        let helps: [(tokens: Set<String>, gain: Double)] = [(["+sin"], 1), ([], 0)]
        let harms: [(tokens: Set<String>, gain: Double)] = [(["+sin"], -3), ([], 0)]
        let learning = Siblings(
            Self.siblings(helps, parents: 0..<9, context: ["monotone"])
                + Self.siblings(harms, parents: 9..<11, context: ["turning"]), clip: 20)
        let revising = Siblings(
            Self.siblings(helps, parents: 20..<22, context: ["monotone"])
                + Self.siblings(harms, parents: 22..<26, context: ["turning"]), clip: 20)
        let draft = Self.instruction(.prefer, ["+sin"], learning)
        let revised = Revision(learning: learning, revising: revising).revise([draft])
        #expect(revised.list.map(\.text) == ["On a parent that is monotone, prefer adding sin."])
        #expect(revised.list.map(\.pattern.parent) == [["monotone"]])
    }

    @Test(
        "Of two that contradict each other, the one stays that is right about what both mean", arguments: [2.0, -2.0])
    func contradiction(gain: Double) {
        let learning = Siblings(
            Self.siblings([(["+sin", "-erf"], 0.1), (["-erf"], -0.5), (["+sin"], 0.5), ([], 0)], parents: 0..<8),
            clip: 20)
        let revising = Siblings(
            Self.siblings([(["+sin", "-erf"], gain), (["-erf"], -0.1), (["+sin"], 0.1), ([], 0)], parents: 10..<14),
            clip: 20)
        let drafts = [Self.instruction(.prefer, ["+sin"], learning), Self.instruction(.avoid, ["-erf"], learning)]
        let revised = Revision(learning: learning, revising: revising).revise(drafts)
        #expect(revised.list.map(\.text) == [gain > 0 ? "Prefer adding sin." : "Avoid removing erf."])
        #expect(revised.dropped.count == 1)
    }

    @Test("An exception does not overturn the rule, and counts before it")
    func exception() {
        let changes: [(tokens: Set<String>, gain: Double)] = [
            (["+sin", "+waves"], 2), (["+sin"], -2), (["+sin"], -2), (["+sin"], -2), ([], 0), ([], 0),
        ]
        let learning = Siblings(Self.siblings(changes, parents: 0..<8), clip: 20)
        let revising = Siblings(Self.siblings(changes, parents: 10..<14), clip: 20)
        let drafts = [
            Self.instruction(.avoid, ["+sin"], learning), Self.instruction(.prefer, ["+sin", "+waves"], learning),
        ]
        let list = Revision(learning: learning, revising: revising).revise(drafts).list
        #expect(list.count == 2)
        let examples = revising.parents[0]
        #expect(examples.map { list.advice(on: $0) } == [.prefer, .avoid, .avoid, .avoid, nil, nil])
        // ((2 − m) + 3·(2 + m)) / 6 with m = −2/3.
        #expect(abs(Revision.benefit(list, revising) - (8.0 / 3 + 3 * 4.0 / 3) / 6) < 1e-9)
    }
}
