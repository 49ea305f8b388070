import EvolveTypes
import Foundation

extension IslandPolicy.Selection {
    /// Draws up to `count` different parents: with probability `uniform` any elite, else by softmax over the gains.
    /// - Parameter elites: those that may breed, in a fixed order.
    /// - Returns: the parents in ascending order of gain, as a prompt shows them.
    package func choose(_ count: Int, from elites: [Elite], stream: inout RandomStream) -> [Elite] {
        var left = elites
        var chosen: [Elite] = []
        while chosen.count < count, !left.isEmpty {
            let index: Int
            if stream.uniform() < uniform {
                index = stream.index(below: left.count)
            } else {
                let best = left.map(\.gain).max() ?? 0
                let weights = left.map { exp(($0.gain - best) / temperature) }
                index = stream.pick(weights: weights) ?? 0
            }
            chosen.append(left.remove(at: index))
        }
        return chosen.sorted { Elite.isBetter($1, $0) }
    }
}
