import ActivationIR
import COpenBLAS

/// `Retrieval`: which of very many functions behave like one.
///
/// Four layers, each of which may fail alone and is checked alone (arXiv 2601.20131 names them):
/// 1. Representation: f and f′ at quantiles of standard normal pre-activations (`Behaviour`), and of these 32 whitened
///    numbers (`Whitening`). Text and structure do not count.
/// 2. Granularity: whole functions, and the values inside them (`BehaviourTable.Granularity`).
/// 3. Orchestration: inner products with all entries by OpenBLAS (`Scan`), the exact distance of the best, or the same up to
///    input and output scale (`ScaledSearch`), then maximal marginal relevance (`Spread`).
/// 4. Robustness: inner products bound distances, so an answer knows whether it is exact; `bruteForce` is the reference; a
///    table of another version does not decode; a query far from everything is said to be far (`Remoteness`).
///
/// Invariants: pure; the same table and query give the same answer, on one core. A program that reads its layer, or is not
/// finite, has no behaviour: it is neither entry nor query.
/// Not here: text, formulas, stores, files.
package struct RetrievalIndex: Sendable {
    package struct Request: Hashable, Sendable {
        /// Functions wanted.
        package var count: Int
        /// `parts`: a function stands where the best of it stands, itself or one of its sub-expressions.
        package var granularity: BehaviourTable.Granularity
        /// From 0, the nearest, to 1: how much being unlike those already chosen counts beside being near (λ of Carbonell
        /// and Goldstein 1998, from the other end).
        package var diversity: Double

        package init(count: Int = 10, granularity: BehaviourTable.Granularity = .wholes, diversity: Double = 0) {
            self.count = count
            self.granularity = granularity
            self.diversity = diversity
        }
    }

    package struct Match: Hashable, Sendable {
        package var owner: Int
        /// The node of the owner's program that is alike; nil: its output.
        package var node: ValueID?
        /// Root mean square of f − g and f′ − g′ together. Up to scale: the smallest such of g and a·f(b·x), as a share of
        /// g's own, from 0 to 1.
        package var distance: Double
        /// b and a, of the query; 1 where it was compared as it is.
        package var inputScale = 1.0
        package var outputScale = 1.0
    }

    package struct Answer: Hashable, Sendable {
        /// Nearest first, at most one for each owner.
        package var matches: [Match]
        /// Rows that it was compared with.
        package var compared: Int
        /// Whether nothing nearer can have been missed: the bound says so. Up to scale there is none.
        package var isExact: Bool
        /// Whether it is farther from everything than entries are from each other; nil where there are too few to tell.
        package var isFar: Bool?
    }

    let table: BehaviourTable
    let whitening: Whitening
    let scan: Scan
    let remoteness: Remoteness

    package init(_ table: BehaviourTable) {
        _ = Self.oneThread
        self.table = table
        whitening = Whitening(of: table.curves)
        let (vectors, squares) = whitening.entries(table.curves)
        scan = Scan(vectors: vectors, squares: squares)
        remoteness = Remoteness(table, whitening, scan)
    }

    package var count: Int { table.count }

    /// Beside `table`, of the index.
    package var bytes: Int { count * MemoryLayout<Float>.stride * (Whitening.width + 1) }

    package func nearest(to query: Behaviour, _ request: Request = Request()) -> Answer {
        let wanted = Self.pool(request)
        let (rows, isExact) = Ranking(table, scan, whitening.queries(query.curve)).nearest(
            to: query, owners: wanted, request.granularity)
        let matches = rows.map {
            Match(owner: Int(table.owners[$0.row]), node: table.node($0.row), distance: $0.distance)
        }
        let share = rows.first.map { Remoteness.share(of: $0.distance, query: query, entry: table, $0.row) }
        let chosen = Spread.choose(request.count, of: rows.map(\.distance), diversity: request.diversity) {
            table.distance(rows[$0].row, rows[$1].row)
        }
        return Answer(
            matches: chosen.map { matches[$0] }, compared: table.rows(request.granularity), isExact: isExact,
            isFar: share.flatMap { remoteness.isFar($0) })
    }

    /// The slow reference: the exact distance of every row.
    package func bruteForce(_ query: Behaviour, _ request: Request = Request()) -> [Match] {
        let rows = (0..<count).filter { request.granularity == .parts || table.nodes[$0] < 0 }
        let ranked = Ranking.ranked(rows, to: query, table)
        return Ranking.best(of: ranked, table, owners: request.count).map {
            Match(owner: Int(table.owners[$0.row]), node: table.node($0.row), distance: $0.distance)
        }
    }

    /// Reads what a search reads of all entries, and adds it up: as quick as the memory is.
    package func sweep() -> Float { scan.sweep() }

    /// How many candidates a choice is made from.
    static func pool(_ request: Request) -> Int { request.diversity > 0 ? 5 * request.count : request.count }

    /// Products of this size gain nothing from a second core, which others need.
    private static let oneThread: Void = openblas_set_num_threads(1)
}

extension BehaviourTable {
    func node(_ row: Int) -> ValueID? { nodes[row] < 0 ? nil : Int(nodes[row]) }

    /// How many rows a search of this granularity looks at.
    func rows(_ granularity: Granularity) -> Int { granularity == .parts ? count : functions }

    func distance(_ first: Int, _ second: Int) -> Double {
        withCurve(first) { a in withCurve(second) { Curves.distance(a, $0) } }
    }

    /// Up to output scale, from 0 to 1.
    func distanceUpToScale(_ first: Int, _ second: Int) -> Double {
        withCurve(first) { e in withCurve(second) { Curves.distanceUpToScale(of: e, from: $0).share } }
    }

    /// √ of the mean over the points of f² + f′².
    func size(_ row: Int) -> Double { withCurve(row) { Curves.product($0, $0).squareRoot() } }
}
