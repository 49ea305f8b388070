import Evaluation
import EvolveTypes

/// From examples to a first list: groups of examples that are alike, of each the pattern that it stands for, and single tokens and
/// rare patterns beside them.
///
/// A group is of examples with one label, and says what they have in common, not whether it is to blame: so patterns are held
/// against the other changes of the same parents, and only those stay whose lead is there at the level of 5 % with Holm's
/// correction for all patterns that were looked at.
struct Drafting: Sendable {
    let learning: Siblings
    let settings: Distillation.Settings
    let teacher: any Teacher

    /// What was found, on the way to the instructions.
    struct Outcome: Sendable {
        var instructions: [Instruction] = []
        var groups: [Distillate.Group] = []
        /// Examples in no group.
        var noise = 0
        /// Patterns that were looked at.
        var patterns = 0
        var dropped: [Dropped] = []
    }

    /// A pattern as something that may be true.
    fileprivate struct Claim: Hashable {
        var pattern: Pattern
        var advice: Advice
    }

    private struct Group {
        var advice: Advice
        var members: [Example]
        var statements: [String]
        var claims: [Claim]
    }

    /// How much is changed cuts across all groups, and is asked of every list.
    private static let general: [Claim] = [(Example.Step.small, Advice.prefer), (.large, .avoid)].compactMap {
        step, advice in step.token.map { Claim(pattern: Pattern([$0]), advice: advice) }
    }
    private static let steps = Set(Example.Step.allCases.compactMap(\.token))

    /// Below that no patterns are told apart.
    private static let level = 0.05
    /// Tokens of a group that its patterns are made of.
    private static let characteristic = 6
    /// Examples of one label that are grouped: each is compared with each.
    private static let most = 2_000
    /// Improvements that a rare pattern needs, of at least two parents.
    private static let rare = 3
    /// Of rare patterns the commonest are looked at: the more are, the less is sure of any.
    private static let mostRare = 500
    /// Share of a pattern's changes that a clearer one also means, from which on it says nothing new.
    private static let overlap = 0.8

    func run() async throws -> Outcome {
        var outcome = Outcome()
        var groups: [Group] = []
        for (label, advice) in [(Example.Label.improved, Advice.prefer), (.worse, .avoid)] {
            groups += try await self.groups(label, advice, &outcome)
        }
        let rare = rareClaims()
        let claims = Set(groups.flatMap(\.claims) + rare + Self.general).sorted { $0.key < $1.key }
        outcome.patterns = claims.count
        let sure = surely(claims)
        var found: [(claim: Claim, p: Double, statements: [String])] = []
        for group in groups {
            let best = group.claims.compactMap { claim in sure[claim].map { (claim, $0) } }
                .min { ($0.1, $0.0.key) < ($1.1, $1.0.key) }
            if let best { found.append((best.0, best.1, group.statements)) }
            outcome.groups.append(
                Distillate.Group(
                    advice: group.advice, examples: group.members.count,
                    pattern: best.map { Templates.text(group.advice, $0.0.pattern) }))
        }
        found += (rare + Self.general).compactMap { claim in sure[claim].map { (claim, $0, []) } }
        for draft in distinct(found, &outcome.dropped) {
            let (advice, pattern) = (draft.claim.advice, draft.claim.pattern)
            let said = try await teacher.instruction(advice, pattern, statements: draft.statements)
            outcome.instructions.append(
                Instruction(
                    text: said ?? Templates.text(advice, pattern), advice: advice, pattern: pattern,
                    learned: learning.measure(pattern, advice)))
        }
        return outcome
    }

    private func groups(_ label: Example.Label, _ advice: Advice, _ outcome: inout Outcome) async throws -> [Group] {
        let all = learning.examples.filter { $0.label == label && !$0.change.isEmpty }
        // Of very many, evenly over the run.
        let step = max(1, (all.count + Self.most - 1) / Self.most)
        let examples = stride(from: 0, to: all.count, by: step).map { all[$0] }
        let statements = try await teacher.statements(of: examples)
        let isSaid = statements.contains { $0 != nil }
        let texts = zip(examples, statements).map { example, said in
            isSaid ? Words.of(said ?? Templates.deeds(example.change)) : example.change.subtracting(Self.steps)
        }
        let grouping = Grouping(texts, reach: settings.reach, least: settings.least)
        outcome.noise += grouping.noise.count
        return grouping.groups.map { places in
            let members = places.map { examples[$0] }
            return Group(
                advice: advice, members: members,
                statements: places.map { statements[$0] ?? Templates.deeds(examples[$0].change) },
                claims: patterns(of: members).map { Claim(pattern: $0, advice: advice) })
        }
    }

    /// Tokens that at least half of the group has, those first that are rarest elsewhere; alone and in pairs.
    private func patterns(of members: [Example]) -> [Pattern] {
        let counts = Self.counts(members.map { $0.change.subtracting(Self.steps) })
            .filter { 2 * $0.value >= members.count }
        let everywhere = Self.counts(learning.examples.map(\.change))
        let lift = counts.map { token, count in (token, Double(count) / Double(everywhere[token] ?? 1)) }
        let tokens = lift.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(Self.characteristic).map(\.0)
        return Self.conjunctions(tokens)
    }

    /// Patterns that no group stands for: of improvements also those that are too few to be a group, for what works is kept however
    /// seldom it is tried.
    private func rareClaims() -> [Claim] {
        func tokens(_ label: Example.Label, _ least: Int) -> [String] {
            let changes = learning.examples.filter { $0.label == label }.map { $0.change.subtracting(Self.steps) }
            return Self.counts(changes).filter { $0.value >= least }.keys.sorted()
        }
        let improved = learning.examples.filter { $0.label == .improved }
        let shared = Self.conjunctions(tokens(.improved, Self.rare)).map { pattern in
            (pattern: pattern, examples: improved.filter(pattern.matches))
        }
        let works = shared.filter { $0.examples.count >= Self.rare && Set($0.examples.map(\.parent)).count > 1 }
            .sorted { ($1.examples.count, $0.pattern) < ($0.examples.count, $1.pattern) }.prefix(Self.mostRare)
            .map(\.pattern)
        return works.map { Claim(pattern: $0, advice: .prefer) }
            + tokens(.worse, settings.least).map { Claim(pattern: Pattern([$0]), advice: .avoid) }
    }

    private static func conjunctions(_ tokens: [String]) -> [Pattern] {
        tokens.map { Pattern([$0]) }
            + tokens.indices.flatMap { first in tokens[(first + 1)...].map { Pattern([tokens[first], $0]) } }
    }

    private static func counts(_ sets: [Set<String>]) -> [String: Int] {
        var counts: [String: Int] = [:]
        for token in sets.joined() { counts[token, default: 0] += 1 }
        return counts
    }

    /// Those that hold, with their corrected p-values.
    private func surely(_ claims: [Claim]) -> [Claim: Double] {
        let values = claims.map { learning.pValue($0.pattern, $0.advice) }
        let adjusted = zip(claims, Holm.adjust(values)).filter { $0.1 <= Self.level }
        return Dictionary(adjusted, uniquingKeysWith: { first, _ in first })
    }

    /// Without those that say what a clearer one says too.
    private func distinct(
        _ found: [(claim: Claim, p: Double, statements: [String])], _ dropped: inout [Dropped]
    ) -> [(claim: Claim, p: Double, statements: [String])] {
        var kept: [(claim: Claim, p: Double, statements: [String])] = []
        let examples = learning.examples
        for draft in found.sorted(by: { ($0.p, $0.claim.key) < ($1.p, $1.claim.key) }) {
            let own = examples.filter(draft.claim.pattern.matches)
            let clearer = kept.first { other in
                let shared = own.count(where: other.claim.pattern.matches)
                return other.claim.advice == draft.claim.advice
                    && other.claim.pattern.asksForStep == draft.claim.pattern.asksForStep
                    && Double(shared) >= Self.overlap * Double(own.count)
            }
            guard let clearer else {
                kept.append(draft)
                continue
            }
            if clearer.claim != draft.claim {
                dropped.append(
                    Dropped(
                        text: Templates.text(draft.claim.advice, draft.claim.pattern),
                        why: "says no more than: " + Templates.text(clearer.claim.advice, clearer.claim.pattern)))
            }
        }
        return kept
    }
}

extension Drafting.Claim {
    fileprivate var key: String { "\(pattern.size) \(pattern.changes.joined(separator: " ")) \(advice.rawValue)" }
}
