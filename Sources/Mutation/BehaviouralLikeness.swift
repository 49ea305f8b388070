import Foundation
import Population
import Retrieval
import Synchronization

/// Elites by what they do to normal pre-activations, and cells by what a function of theirs would do.
package final class BehaviouralLikeness: EliteLikeness {
    private let elites = EliteReader()
    private let forms = Mutex<[ArchiveCell: Behaviour?]>([:])

    package init() {}

    package func unlikeness(_ a: Elite, _ b: Elite) -> Double? {
        guard let first = elites.behaviour(a.source), let second = elites.behaviour(b.source) else { return nil }
        return first.share(to: second)
    }

    package func remoteness(of elite: Elite, from cell: ArchiveCell) -> Double? {
        guard let form = form(of: cell) else { return nil }
        return elites.allBehaviours(elite.source).map { $0.shareUpToScale(to: form) }.min()
    }

    private func form(of cell: ArchiveCell) -> Behaviour? {
        forms.withLock { forms in
            if let known = forms[cell] { return known }
            let form = Behaviour(curve: CellForm(cell).curve)
            forms[cell] = form
            return form
        }
    }
}

/// A function of an archive cell, roughly: between −3 and 3 its slope goes over from the cell's on the left to that on the right and
/// changes sign as often as the cell's functions turn, as far as the slopes on both sides allow. What it costs has no form.
struct CellForm: Hashable, Sendable {
    private var left: Double
    private var right: Double
    /// Changes of the slope's sign between −reach and reach.
    private var turns: Int

    private static let reach = 3.0

    init(_ cell: ArchiveCell) {
        (left, right) = (Self.slope(cell.left), Self.slope(cell.right))
        let isOdd = left * right < 0
        turns =
            switch cell.oscillation {
            case .monotone: 0
            case .one: 1
            case .few: isOdd ? 3 : 2
            case .many: isOdd ? 7 : 6
            }
    }

    /// In the middle of the class.
    private static func slope(_ slope: ArchiveCell.Slope) -> Double {
        switch slope {
        case .falling: -0.5
        case .flat: 0
        case .gentle: 0.4
        case .unit: 1
        case .steep: 1.6
        }
    }

    func slope(at x: Double) -> Double {
        let part = min(1, max(0, (x + Self.reach) / (2 * Self.reach)))
        let base = left + (right - left) * part * part * (3 - 2 * part)
        guard turns > 0, abs(x) < Self.reach else { return base }
        // Larger than the slopes on both sides, so that it is the wave that decides the sign.
        let size = 0.3 + max(abs(left), abs(right))
        return base + (startsRising ? size : -size) * cos(.pi * Double(turns) * part)
    }

    /// As the left slope does, or, where that is flat, so that the wave ends as the right one begins.
    private var startsRising: Bool {
        if left != 0 { return left > 0 }
        return turns.isMultiple(of: 2) == (right >= 0)
    }

    /// f, with f(0) = 0, then f′, at `Behaviour.points`: what `Behaviour` takes.
    var curve: [Float] {
        let points = Behaviour.points
        let slopes = points.map { slope(at: $0) }
        return (points.map(value) + slopes).map(Float.init)
    }

    /// Simpson's rule from 0 to x.
    private func value(at x: Double) -> Double {
        let (steps, width) = (64, x / 64)
        let sum = (0...steps).reduce(0.0) { sum, step in
            let weight = step == 0 || step == steps ? 1.0 : step.isMultiple(of: 2) ? 2 : 4
            return sum + weight * slope(at: Double(step) * width)
        }
        return sum * width / 3
    }
}
