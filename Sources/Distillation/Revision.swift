import EvolveTypes

/// The closed loop: a list is held against changes that it was not learned from, those that obeyed it and those that did not, and
/// what is wrong with it is mended.
///
/// A round does two things. What does not hold there is *narrowed*, to the kind of parent on which it does hold, or dropped. Of two
/// instructions that advise the opposite about the same changes the one stays that these changes bear out. At most two
/// rounds; one that makes the list worse is taken back.
struct Revision: Sendable {
    let learning: Siblings
    let revising: Siblings

    static let rounds = 2

    func revise(_ drafts: [Instruction]) -> (list: [Instruction], dropped: [Dropped], rounds: Int) {
        var (list, dropped, rounds) = (drafts, [Dropped](), 0)
        while rounds < Self.rounds {
            var (next, out) = (list, [Dropped]())
            next = next.compactMap { holding($0, &out) }
            resolve(&next, &out)
            let isAnother = next.map(\.pattern) != list.map(\.pattern)
            guard isAnother, rounds == 0 || Self.benefit(next, revising) > Self.benefit(list, revising) else { break }
            list = next
            dropped += out
            rounds += 1
        }
        return (list, dropped, rounds)
    }

    /// What obeying the list would have gained, decibels a change: what is advised for counts as it did, what is advised against the
    /// other way round, both over the mean of the parent's changes.
    static func benefit(_ list: [Instruction], _ siblings: Siblings) -> Double {
        var (sum, count) = (0.0, 0)
        for family in siblings.parents {
            let mean = family.reduce(0) { $0 + $1.gain.mean } / Double(family.count)
            for example in family {
                count += 1
                guard let advice = list.advice(on: example) else { continue }
                sum += (advice == .prefer ? 1 : -1) * (example.gain.mean - mean)
            }
        }
        return count > 0 ? sum / Double(count) : 0
    }

    private func holding(_ instruction: Instruction, _ dropped: inout [Dropped]) -> Instruction? {
        let measure = revising.measure(instruction.pattern, instruction.advice)
        if !measure.isThere || instruction.advice.agrees(measure.lead) { return instruction }
        if let narrower = narrowed(instruction) { return narrower }
        dropped.append(
            Dropped(text: instruction.text, why: "does not hold on \(measure.examples) changes of other parents"))
        return nil
    }

    /// With one condition on the parent more: the one that is clearest where it was learned, of those that hold here.
    private func narrowed(_ instruction: Instruction) -> Instruction? {
        let seen = learning.examples.filter(instruction.pattern.matches)
        let conditions = Set(seen.flatMap(\.context)).subtracting(instruction.pattern.parent).sorted()
        let narrower = conditions.compactMap { condition -> Instruction? in
            let pattern = instruction.pattern.joined(with: Pattern([], parent: [condition]))
            let (learned, seen) = (
                learning.measure(pattern, instruction.advice), revising.measure(pattern, instruction.advice)
            )
            guard learned.parents > 2, seen.parents > 1, instruction.advice.isSurely(learned.lead),
                instruction.advice.agrees(seen.lead)
            else { return nil }
            var result = instruction
            (result.pattern, result.learned) = (pattern, learned)
            result.text =
                "On a parent \(TokenWords.being(condition)), "
                + instruction.text.prefix(1).lowercased() + instruction.text.dropFirst()
            return result
        }
        return narrower.max { ($0.strength, $1.pattern) < ($1.strength, $0.pattern) }
    }

    private func resolve(_ list: inout [Instruction], _ dropped: inout [Dropped]) {
        var gone: Set<Int> = []
        for (first, second) in list.indices.flatMap({ first in list.indices[(first + 1)...].map { (first, $0) } }) {
            guard gone.isDisjoint(with: [first, second]), let loser = refuted(first, second, list) else { continue }
            let winner = list[loser == first ? second : first]
            dropped.append(Dropped(text: list[loser].text, why: "contradicts, and is refuted by: \(winner.text)"))
            gone.insert(loser)
        }
        list = list.indices.filter { !gone.contains($0) }.map { list[$0] }
    }

    /// Which of two that advise the opposite goes: the one that is wrong about what both mean. If that is less than half of what it
    /// means it stays, and the other is its exception.
    private func refuted(_ first: Int, _ second: Int, _ list: [Instruction]) -> Int? {
        let (a, b) = (list[first], list[second])
        guard a.advice != b.advice else { return nil }
        let examples = revising.examples + learning.examples
        let both = a.pattern.joined(with: b.pattern)
        let shared = examples.count(where: both.matches)
        let here = revising.measure(both.matches)
        let lead = here.isThere ? here.lead : learning.measure(both.matches).lead
        let loser = a.advice.agrees(lead) ? second : first
        let own = examples.count(where: list[loser].pattern.matches)
        return shared > 0 && 2 * shared >= own ? loser : nil
    }
}

extension [Instruction] {
    /// Of those that fit the change the most particular counts; of equals the first.
    func advice(on example: Example) -> Advice? {
        let fitting = filter { $0.pattern.matches(example) }
        guard let most = fitting.map(\.pattern.size).max() else { return nil }
        return fitting.first { $0.pattern.size == most }?.advice
    }
}
