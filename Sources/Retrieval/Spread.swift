/// Maximal marginal relevance (Carbonell and Goldstein 1998), with the distance, negative, as the similarity: of each
/// candidate its nearness to the query is weighed against its nearness to those already chosen.
enum Spread {
    /// - Parameters:
    ///   - distances: of the candidates from the query, ascending.
    ///   - diversity: from 0, the nearest, to 1, those farthest apart; the nearest is always among them.
    ///   - apart: the distance of two candidates.
    /// - Returns: places of the chosen, ascending.
    static func choose(
        _ count: Int, of distances: [Double], diversity: Double, apart: (Int, Int) -> Double
    ) -> [Int] {
        guard diversity > 0, count > 0, distances.count > count else { return Array(distances.indices.prefix(count)) }
        var chosen = [0]
        var room = distances.indices.map { apart(0, $0) }
        var open = Array(distances.indices.dropFirst())
        while chosen.count < count {
            let value = { (place: Int) in diversity * room[place] - (1 - diversity) * distances[place] }
            guard let best = open.max(by: { (value($0), $1) < (value($1), $0) }) else { break }
            chosen.append(best)
            open.removeAll { $0 == best }
            for place in open { room[place] = min(room[place], apart(best, place)) }
        }
        return chosen.sorted()
    }
}
