import Testing

@testable import Distillation

@Suite("Grouping by what is said")
struct GroupingTests {
    @Test("What is alike is one group, what is like nothing is noise")
    func groups() {
        let texts: [Set<String>] =
            [Set<String>](repeating: ["waves", "sin", "more"], count: 7) + [["waves", "sin"]]
            + [Set<String>](repeating: ["flat", "left"], count: 6) + [["alone"], ["bounded", "odd"]]
        let grouping = Grouping(texts, reach: 0.4, least: 6)
        #expect(grouping.groups == [Array(0..<8), Array(8..<14)])
        #expect(grouping.noise == [14, 15])
    }

    @Test("Fewer than are asked for are no group")
    func least() {
        let texts = [Set<String>](repeating: ["a"], count: 5)
        #expect(Grouping(texts, reach: 0.4, least: 6).groups.isEmpty)
        #expect(Grouping(texts, reach: 0.4, least: 5).groups == [Array(0..<5)])
        #expect(Grouping([], reach: 0.4, least: 6).groups.isEmpty)
    }

    @Test("A chain of neighbours is one group; its ends need not be neighbours")
    func chain() {
        let words = (0..<12).map { "w\($0)" }
        let texts = (0..<8).map { Set(words[$0..<($0 + 5)]) }
        let grouping = Grouping(texts, reach: 0.4, least: 3)
        #expect(grouping.groups == [Array(0..<8)] && texts[0].isDisjoint(with: texts[7]))
    }

    @Test("Of a sentence the words count that say something")
    func words() {
        #expect(Words.of("The change made it oscillate; it was a wave.") == ["oscillate", "wave"])
    }
}
