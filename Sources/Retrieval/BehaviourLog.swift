/// Behaviours in the order of their numbers: was there one like this before?
package struct BehaviourLog: Sendable {
    private var table = BehaviourTable()
    /// Of the first row that still counts.
    private var first = 0

    package init() {}

    package var count: Int { table.count - first }

    /// - Parameter number: above all others.
    package mutating func append(_ behaviour: Behaviour, number: Int) { table.append(behaviour, owner: number) }

    /// Forgets what has a lower number.
    package mutating func forget(below number: Int) {
        while first < table.count, table.owners[first] < number { first += 1 }
        // Seldom, so that it costs nothing to speak of.
        guard first > 1_024, first > table.count / 2 else { return }
        table = BehaviourTable(table, from: first)
        first = 0
    }

    /// The nearest with a number in the range; of equally near ones the first.
    /// - Returns: with its distance as a share of √(|f|² + |g|²), from 0 to √2.
    package func nearest(to query: Behaviour, in range: Range<Int>) -> (number: Int, share: Double)? {
        var best: (row: Int, distance: Double)?
        query.curve.withUnsafeBufferPointer { own in
            for row in first..<table.count where range.contains(Int(table.owners[row])) {
                let distance = table.withCurve(row) { Curves.distance(own, $0) }
                if distance < best?.distance ?? .infinity { best = (row, distance) }
            }
        }
        guard let best else { return nil }
        let share = Remoteness.share(of: best.distance, query: query, entry: table, best.row)
        return (Int(table.owners[best.row]), share)
    }
}
