/// Whether a query is far from everything: farther from its nearest entry than entries are from theirs.
///
/// A conformal test (Vovk, Gammerman and Shafer 2005): over a sample of the entries, the distances to the nearest that are
/// not the same, as shares of the sizes of the two. A query whose share is above all but one in a hundred of them is far.
/// Up to scale, an entry is compared with the ten nearest to it, up to output scale: its true neighbour may be nearer, so
/// that fewer queries are called far, not more.
struct Remoteness: Sendable {
    /// Of entries and the nearest that differ from them.
    private let shares: [Double]
    private let sharesUpToScale: [Double]

    private static let sample = 199
    private static let fewest = 20
    private static let level = 0.01
    private static let neighbours = 10
    /// Up to which two are the same function: a run and its copy, searched together, would make everything new far.
    private static let same = 1e-4
    /// In a store of near-duplicates everything new would be far otherwise.
    private static let floor = 0.1

    init(_ table: BehaviourTable, _ whitening: Whitening, _ scan: Scan) {
        let wholes = table.nodes.indices.filter { table.nodes[$0] < 0 }
        var (shares, sharesUpToScale): ([Double], [Double]) = ([], [])
        let taken = wholes.count < Self.fewest ? 0 : min(Self.sample, wholes.count)
        for number in 0..<taken {
            let row = wholes[number * wholes.count / taken]
            guard let entry = table.behaviour(row) else { continue }
            let ranking = Ranking(table, scan, whitening.queries(entry.curve))
            let (near, _) = ranking.nearest(to: entry, owners: Self.neighbours, .wholes, skipping: row)
            let plain = near.map { Self.share(of: $0.distance, query: entry, entry: table, $0.row) }
            let scaled = near.map { table.distanceUpToScale(row, $0.row) }
            shares += plain.filter { $0 > Self.same }.prefix(1)
            sharesUpToScale += [scaled.filter { $0 > Self.same }.min()].compactMap(\.self)
        }
        self.shares = shares
        self.sharesUpToScale = sharesUpToScale
    }

    func isFar(_ share: Double, upToScale: Bool = false) -> Bool? {
        let known = upToScale ? sharesUpToScale : shares
        guard known.count >= Self.fewest else { return nil }
        return share > Self.floor && Double(known.count { $0 >= share }) <= Self.level * Double(known.count)
    }

    /// A distance as a share of √(|q|² + |e|²), from 0 to √2.
    static func share(of distance: Double, query: Behaviour, entry table: BehaviourTable, _ row: Int) -> Double {
        let size = (query.square + table.size(row) * table.size(row)).squareRoot()
        return size > 0 ? distance / size : 0
    }
}
