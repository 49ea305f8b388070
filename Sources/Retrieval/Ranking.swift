/// From bounds to exact distances: the rows that look nearest are measured, and then all whose bounds leave it open whether
/// they are nearer still.
struct Ranking {
    typealias Ranked = (row: Int, distance: Double)

    private let table: BehaviourTable
    private let bounds: [Float]

    /// Rows that are measured at first, and at most.
    private static let first = 256
    private static let most = 16_384

    /// - Parameter query: one vector and one square, as `Whitening.queries` gives them.
    init(_ table: BehaviourTable, _ scan: Scan, _ query: (vectors: [Float], squares: [Float])) {
        self.table = table
        bounds = scan.bounds(query.vectors, square: query.squares.first ?? 0)
    }

    /// The best rows of the nearest functions.
    /// - Parameter skipped: the number of a row that is no answer.
    /// - Returns: nearest first, one row for each owner; and whether nothing nearer can have been missed.
    func nearest(
        to query: Behaviour, owners wanted: Int, _ granularity: BehaviourTable.Granularity, skipping skipped: Int? = nil
    ) -> (rows: [Ranked], isExact: Bool) {
        let nodes = table.nodes
        let admits = { (row: Int) in row != skipped && (granularity == .parts || nodes[row] < 0) }
        var measured = max(Self.first, 4 * wanted)
        while true {
            let (rows, others) = Scan.smallest(measured, of: bounds, admits: admits)
            let best = Self.best(of: Self.ranked(rows, to: query, table), table, owners: wanted)
            // The last that counts: what is surely farther need not be measured.
            let reach = best.count < wanted ? Double.infinity : best[best.count - 1].distance
            if rows.count < measured || Double(others) > reach * reach { return (best, true) }
            if measured >= Self.most { return (best, false) }
            let open = bounds.indices.lazy.filter { Double(bounds[$0]) <= reach * reach && admits($0) }
            measured = best.count < wanted ? 8 * measured : open.count + 1
            measured = min(measured, Self.most)
        }
    }

    static func ranked(_ rows: [Int], to query: Behaviour, _ table: BehaviourTable) -> [Ranked] {
        query.curve.withUnsafeBufferPointer { own in
            rows.map { row in (row, table.withCurve(row) { Curves.distance(own, $0) }) }
        }.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }
    }

    /// The first row of each owner, of as many as are wanted.
    static func best(of ranked: [Ranked], _ table: BehaviourTable, owners wanted: Int) -> [Ranked] {
        firstOfEach(ranked, table, wanted) { $0.row }
    }

    static func firstOfEach<Element>(
        _ elements: [Element], _ table: BehaviourTable, _ wanted: Int, row: (Element) -> Int
    ) -> [Element] {
        var seen: Set<Int32> = []
        var result: [Element] = []
        for element in elements where result.count < wanted && seen.insert(table.owners[row(element)]).inserted {
            result.append(element)
        }
        return result
    }
}
