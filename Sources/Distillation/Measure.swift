import Evaluation
import EvolveTypes

/// What some of the changes gained: over their parents, and ahead of the other changes of the same parents.
///
/// Most changes of a good function make it worse, and a parent stands where it stands partly by luck: so the mean over the parent is
/// below zero for nearly all of them. What tells changes apart is the *lead*: within each parent the mean of those that are
/// meant minus the mean of its others; the parent's own luck, and how hard it is to improve, cancel out. Parents count alike, and
/// the intervals are Student's over parents.
package struct Measure: Codable, Hashable, Sendable {
    /// Changes that are meant, of parents that have others too.
    package var examples: Int
    package var parents: Int
    /// Those of them whose own interval is above zero, and below.
    package var improved: Int
    package var worse: Int
    package var gain: Estimate
    package var lead: Estimate

    /// Whether anything was measured.
    package var isThere: Bool { parents > 0 }
}

/// Examples in the order of their parents, so that changes are compared with those of the same.
///
/// How far a change moves the function's values decides most of what it loses, whatever it is: the farther, the more. So what is to
/// be preferred has to lead those that go as far or less (`Example.step`), and what is to be avoided lags behind those that go as far or
/// farther, unless the step is what is asked about. Neither can be a step in disguise.
struct Siblings: Sendable {
    private(set) var parents: [[Example]]
    let clip: Double

    init(_ examples: [Example], clip: Double) {
        let groups = Dictionary(grouping: examples, by: \.parent)
        parents = groups.sorted { ($0.key.run, $0.key.id) < ($1.key.run, $1.key.id) }.map(\.value)
        self.clip = clip
    }

    var examples: [Example] { parents.flatMap(\.self) }

    /// Against all others of the same parents.
    func measure(_ isMeant: (Example) -> Bool) -> Measure { measure(split(isMeant) { _, _ in true }) }

    /// Against those that the advice has to be held against.
    func measure(_ pattern: Pattern, _ advice: Advice) -> Measure { measure(split(pattern, advice)) }

    /// How probable so clear a lead, or lag, is where the advice is groundless.
    func pValue(_ pattern: Pattern, _ advice: Advice) -> Double {
        let sides = GainInterval.pValues(Self.leads(split(pattern, advice)) { $0.gain.mean }, clip: clip)
        return advice == .prefer ? sides.above : sides.below
    }

    /// Families on whose tasks the lead is surely on the advice's side.
    func families(_ pattern: Pattern, _ advice: Advice) -> [String] {
        let names = Set(examples.flatMap(\.families.keys)).sorted()
        let parents = split(pattern, advice)
        return names.filter { family in
            let leads = Self.leads(parents) { $0.families[family] }
            return leads.count > 1 && advice.isSurely(GainInterval.estimate(leads, clip: clip))
        }
    }

    /// Changes of one parent that are compared with each other; neither list is empty.
    private struct Contrast {
        var meant: [Example]
        var others: [Example]
    }

    private func measure(_ parents: [[Contrast]]) -> Measure {
        let meant = parents.map { $0.flatMap(\.meant) }
        let flat = meant.flatMap(\.self)
        return Measure(
            examples: flat.count, parents: meant.count, improved: flat.count { $0.label == .improved },
            worse: flat.count { $0.label == .worse },
            gain: GainInterval.estimate(meant.map { $0.map(\.gain.mean) }, clip: clip),
            lead: GainInterval.estimate(Self.leads(parents) { $0.gain.mean }, clip: clip))
    }

    private func split(_ pattern: Pattern, _ advice: Advice) -> [[Contrast]] {
        split(pattern.matches) { own, other in
            pattern.asksForStep || (advice == .prefer ? other <= own : other >= own)
        }
    }

    /// By parent, and within it by the step of those that are meant.
    /// - Parameter isRival: whether a step is held against changes of another one.
    private func split(
        _ isMeant: (Example) -> Bool, _ isRival: (_ own: Example.Step, _ other: Example.Step) -> Bool
    ) -> [[Contrast]] {
        parents.map { family in
            let (meant, others) = (family.filter(isMeant), family.filter { !isMeant($0) })
            return Example.Step.allCases.map { step in
                Contrast(
                    meant: meant.filter { $0.step == step }, others: others.filter { isRival(step, $0.step) })
            }.filter { !$0.meant.isEmpty && !$0.others.isEmpty }
        }.filter { !$0.isEmpty }
    }

    /// By parent, of each contrast that has the gain on both sides.
    private static func leads(_ parents: [[Contrast]], _ gain: (Example) -> Double?) -> [[Double]] {
        parents.map { contrasts in
            contrasts.compactMap { contrast in
                let (meant, others) = (contrast.meant.compactMap(gain), contrast.others.compactMap(gain))
                return meant.isEmpty || others.isEmpty ? nil : Scoring.mean(meant) - Scoring.mean(others)
            }
        }.filter { !$0.isEmpty }
    }
}
