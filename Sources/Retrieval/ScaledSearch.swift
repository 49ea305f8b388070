import ActivationIR
import COpenBLAS

/// The nearest functions up to the scale and sign of input and output, which the weights on both sides of a layer can undo.
///
/// Entries stay as they are; the query is a·f(b·x). For a, the angle between two behaviours is free of it. For b, f(b·x) is
/// tried at ±2^(k/4) from an eighth to eight, all at once in one product with all entries; of those that look nearest b is
/// followed on a finer grid, and of the best of these by golden section (Kiefer 1953).
/// Limits: a function that turns faster than these steps may be missed, and one whose scale is beyond an eighth or eight.
extension RetrievalIndex {
    /// - Parameter program: verified, output y first.
    /// - Returns: nil for a program without a behaviour.
    package func nearestUpToScale(to program: Program, _ request: Request = Request()) -> Answer? {
        guard Behaviour(of: program) != nil else { return nil }
        let trial = ScaleTrial(program)
        let coarse = trial.behaviours(ScaleTrial.coarse)
        let wanted = Self.pool(request)
        var best: [ScaleTrial.Found] = []
        for measured in [512, 8192, count] {
            let rows = nearestAngles(coarse.map(\.behaviour), max(measured, 8 * wanted), request.granularity)
            best = trial.measure(rows, coarse, in: table, owners: 2 * wanted)
            if best.count >= min(2 * wanted, table.rows(.wholes)) || rows.count < measured { break }
        }
        best = Array(trial.refine(best, in: table).prefix(wanted))
        let chosen = Spread.choose(request.count, of: best.map(\.share), diversity: request.diversity) {
            table.distanceUpToScale(best[$0].row, best[$1].row)
        }
        let matches = chosen.map { place in
            let found = best[place]
            return Match(
                owner: Int(table.owners[found.row]), node: table.node(found.row), distance: found.share,
                inputScale: found.scale.value, outputScale: found.outputScale)
        }
        return Answer(
            matches: matches, compared: table.rows(request.granularity), isExact: false,
            isFar: best.first.flatMap { remoteness.isFar($0.share, upToScale: true) })
    }

    /// The rows whose angles to any of the queries look smallest.
    private func nearestAngles(
        _ queries: [Behaviour], _ count: Int, _ granularity: BehaviourTable.Granularity
    ) -> [Int] {
        var (vectors, squares) = whitening.queries(queries.flatMap(\.curve))
        for query in queries.indices {
            let size = squares[query].squareRoot()
            for axis in 0..<Whitening.width { vectors[query * Whitening.width + axis] /= max(size, 1e-30) }
        }
        let nodes = table.nodes
        return Scan.smallest(count, of: scan.angles(vectors, queries: queries.count)) {
            granularity == .parts || nodes[$0] < 0
        }.rows
    }
}

extension Scan {
    /// - Parameter queries: [queries × 32] of size 1. The lengths that are left over are not used: their sign is unknown.
    /// - Returns: for each row minus the square of the largest cosine.
    func angles(_ vectors: [Float], queries: Int) -> [Float] {
        let width = Whitening.width
        // Small enough that products stay in a cache.
        let piece = 1024
        var products = [Float](repeating: 0, count: piece * queries)
        var result = [Float](repeating: 0, count: count)
        self.vectors.withUnsafeBufferPointer { entries in
            products.withUnsafeMutableBufferPointer { products in
                guard let entries = entries.baseAddress, let products = products.baseAddress else { return }
                for first in stride(from: 0, to: count, by: piece) {
                    let start = first / Self.block * Self.block
                    let stride = Int32(min(Self.block, count - start))
                    let rows = min(piece, count - first)
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(queries), Int32(rows), Int32(width - 1), 1,
                        vectors, Int32(width), entries + start * width + first - start, stride, 0, products, Int32(rows)
                    )
                    for query in 0..<queries {
                        let line = products + query * rows
                        for row in 0..<rows { result[first + row] = max(result[first + row], line[row] * line[row]) }
                    }
                    for row in first..<first + rows { result[row] /= -max(squares[row], 1e-30) }
                }
            }
        }
        return result
    }
}
