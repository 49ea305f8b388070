import EvolveTypes
import Foundation

extension IslandPolicy.Selection {
    /// Draws up to `count` different parents: with probability `uniform` any elite, else by softmax over the gains.
    /// - Parameters:
    ///   - elites: those that may breed, in a fixed order.
    ///   - round: the island's slot, for the temperature.
    /// - Returns: the parents in ascending order of gain, as a prompt shows them.
    package func choose(_ count: Int, from elites: [Elite], round: Int = 0, stream: inout RandomStream) -> [Elite] {
        draw(count, from: elites, stream: &stream) { left, _ in softmax(left, round) }
    }

    /// Draws up to `count` elites to show beside the parents: the better and the less like what is shown already, the
    /// likelier.
    /// - Parameter likeness: what tells how unlike they are; nil = their cells.
    /// - Returns: in ascending order of gain.
    package func inspire(
        _ count: Int, beside parents: [Elite], from elites: [Elite], round: Int = 0,
        likeness: (any EliteLikeness)? = nil, stream: inout RandomStream
    ) -> [Elite] {
        let others = elites.filter { elite in !parents.contains { $0.id == elite.id } }
        return draw(count, from: others, stream: &stream) { left, chosen in
            let shown = parents + chosen
            return zip(left, softmax(left, round)).map { elite, weight in
                let nearest = shown.map { Self.distance(elite, $0, likeness) }.min() ?? 4
                return weight * (1 + nearest * nearest)
            }
        }
    }

    /// From 0 to 4.
    private static func distance(_ a: Elite, _ b: Elite, _ likeness: (any EliteLikeness)?) -> Double {
        likeness?.unlikeness(a, b).map { $0 * 4 / 2.0.squareRoot() } ?? Double(a.cell.distance(to: b.cell))
    }

    private func softmax(_ elites: [Elite], _ round: Int) -> [Double] {
        let best = elites.map(\.gain).max() ?? 0
        let temperature = temperature.value(at: round)
        return elites.map { exp(($0.gain - best) / temperature) }
    }

    private func draw(
        _ count: Int, from elites: [Elite], stream: inout RandomStream,
        weights: (_ left: [Elite], _ chosen: [Elite]) -> [Double]
    ) -> [Elite] {
        var left = elites
        var chosen: [Elite] = []
        while chosen.count < count, !left.isEmpty {
            let index =
                stream.uniform() < uniform
                ? stream.index(below: left.count) : stream.pick(weights: weights(left, chosen)) ?? 0
            chosen.append(left.remove(at: index))
        }
        return chosen.sorted { Elite.isBetter($1, $0) }
    }
}
