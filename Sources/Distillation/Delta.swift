import EvolveTypes
import Foundation
import Population
import Retrieval

/// What a change did, and what it was done to, as sets of tokens: short names that `TokenWords` puts into words.
///
/// | token | of a change: |
/// |---|---|
/// | `+sin`, `-sin` | the function came in, or left |
/// | `+multiply(sin, x)`, `-…` | so did this piece (`Motif`); pieces of arithmetic alone are left out |
/// | `+waves`, `+bounded`, `+odd`, `+even`, `+zero`, `+monotone`, `+trained`, `-…` | so did this property |
/// | `left:flat`, `right:unit`, … | the slope far out became that |
/// | `turns:more`, `cost:down`, `size:up`, … | it turns more often, costs at least a quarter less, is at least a quarter larger over normal inputs |
/// | `step:small`, `step:large` | it behaves nearly as before; hardly as before |
/// | `numbers` | nothing but numbers changed |
///
/// Tokens of the parent: `waves`, `bounded`, …, `left:flat`, `monotone`, `turning`, `dear`, `cheap`, and the functions in it.
struct Delta: Sendable {
    var change: Set<String>
    var parent: Set<String>

    init(from old: Traits, to new: Traits) {
        change = Self.difference(old.functions, new.functions)
            .union(Self.difference(Self.spoken(old.motifs, old), Self.spoken(new.motifs, new)))
        if old.motifs == new.motifs, old.isTrained == new.isTrained { change.insert("numbers") }
        change.formUnion(Self.difference(Self.properties(old), Self.properties(new)))
        if let old = old.form, let new = new.form { change.formUnion(Self.shifts(old, new)) }
        parent = old.functions.union(Self.properties(old))
        if let form = old.form { parent.formUnion(Self.place(form)) }
    }

    /// Below the first share of the parent's own size the step is small, above the second large.
    private static let steps = (small: 0.1, large: 0.5)
    /// To halve a function is a step of a half: it must not depend on rounding on which side that is.
    private static let slack = 1e-6
    /// From which ratio on costs and sizes differ.
    private static let ratio = 1.25

    private static func difference(_ old: Set<String>, _ new: Set<String>) -> Set<String> {
        Set(new.subtracting(old).map { "+" + $0 }).union(old.subtracting(new).map { "-" + $0 })
    }

    /// Motifs in which a function stands: "add(c, multiply)" says nothing.
    private static func spoken(_ motifs: Set<String>, _ traits: Traits) -> Set<String> {
        motifs.filter { motif in
            let words = motif.split { "(), ".contains($0) }.map(String.init)
            return words.contains(where: traits.functions.contains) && words.count > 1
        }
    }

    private static func properties(_ traits: Traits) -> Set<String> {
        let form = traits.form
        let named: [(String, Bool?)] = [
            ("trained", traits.isTrained), ("waves", form?.hasWaves), ("bounded", form?.isBounded),
            ("odd", form?.isOdd), ("even", form?.isEven), ("zero", form?.isZeroAtZero),
            ("monotone", form.map { $0.cell.oscillation == .monotone }),
        ]
        return Set(named.filter { $0.1 == true }.map(\.0))
    }

    private static func place(_ form: Traits.Form) -> Set<String> {
        var tokens: Set = ["left:\(form.cell.left.rawValue)", "right:\(form.cell.right.rawValue)"]
        if form.cell.oscillation != .monotone { tokens.insert("turning") }
        if form.cell.cost != .moderate { tokens.insert(form.cell.cost.rawValue) }
        return tokens
    }

    private static func shifts(_ old: Traits.Form, _ new: Traits.Form) -> Set<String> {
        var tokens: Set<String> = []
        if old.cell.left != new.cell.left { tokens.insert("left:\(new.cell.left.rawValue)") }
        if old.cell.right != new.cell.right { tokens.insert("right:\(new.cell.right.rawValue)") }
        let turns = ArchiveCell.Oscillation.allCases
        if let before = turns.firstIndex(of: old.cell.oscillation),
            let now = turns.firstIndex(of: new.cell.oscillation),
            before != now
        {
            tokens.insert(now > before ? "turns:more" : "turns:fewer")
        }
        func compare(_ name: String, _ before: Double, _ now: Double) {
            if now > ratio * before { tokens.insert("\(name):up") }
            if before > ratio * now { tokens.insert("\(name):down") }
        }
        compare("cost", old.cost, new.cost)
        compare("size", old.size, new.size)
        let step = old.behaviour.distance(to: new.behaviour) / max(old.behaviour.size, 1e-9)
        if step < steps.small - slack { tokens.insert("step:small") }
        if step > steps.large + slack { tokens.insert("step:large") }
        return tokens
    }
}
