import COpenBLAS

/// The directions in which behaviours differ most, and a vector of 32 numbers for every behaviour: 31 coordinates along
/// these directions, each with unit second moment over the entries (whitened), and the length of what is left over.
///
/// A query's vector carries the scales back, so that its inner product with an entry's is that of the two behaviours along
/// these directions plus the product of the two left-over lengths: never less than the true one (Cauchy and Schwarz). So
///
///     |q|² + |e|² − 2 (inner product) ≤ |q − e|²
///
/// bounds every distance from below (Faloutsos, Ranganathan and Manolopoulos 1994), which tells a search when it has seen
/// enough. The directions are eigenvectors of the second moment of the entries, each taken at length 1, so that exp(x⁴) has
/// no more say in them than tanh(x).
struct Whitening: Sendable {
    static let width = 32
    private static let axes = width - 1

    /// [31 × 128] of length 1 each, by descending second moment.
    private let directions: [Float]
    /// [32] what an entry's coordinates are multiplied with, and a query's divided by.
    private let scales: [Float]

    /// - Parameter curves: [rows × 128]; behaviours of length zero say nothing.
    init(of curves: [Float]) {
        let (values, vectors) = SymmetricEigen.decompose(Self.secondMoment(of: curves), size: Behaviour.length)
        let total = values.reduce(0) { $0 + max(0, $1) }
        // Where there is next to nothing, scaled up it would be rounding error.
        let floor = max(1e-9 * total, 1e-30)
        directions = vectors.prefix(Self.axes).flatMap { $0.map(Float.init) }
        let rest = values.dropFirst(Self.axes).reduce(0) { $0 + max(0, $1) }
        scales = (values.prefix(Self.axes) + [rest]).map { Float(1 / max($0, floor).squareRoot()) }
    }

    /// - Parameter curves: [rows × 128].
    /// - Returns: [rows × 32], and the square of each row's root mean square.
    func entries(_ curves: [Float]) -> (vectors: [Float], squares: [Float]) {
        let rows = curves.count / Behaviour.length
        var vectors = [Float](repeating: 0, count: rows * Self.width)
        var squares = [Float](repeating: 0, count: rows)
        for first in stride(from: 0, to: rows, by: Self.block) {
            let count = min(Self.block, rows - first)
            project(curves, first, count, &vectors)
            for row in first..<first + count {
                squares[row] = finish(curves, row, at: row, &vectors)
                for axis in 0..<Self.width { vectors[row * Self.width + axis] *= scales[axis] }
            }
        }
        return (vectors, squares)
    }

    /// - Parameter curves: [columns × 128] of queries.
    /// - Returns: [columns × 32], and the square of each one's root mean square.
    func queries(_ curves: [Float]) -> (vectors: [Float], squares: [Float]) {
        let rows = curves.count / Behaviour.length
        var vectors = [Float](repeating: 0, count: rows * Self.width)
        project(curves, 0, rows, &vectors)
        let squares = (0..<rows).map { row in
            let square = finish(curves, row, at: row, &vectors)
            for axis in 0..<Self.width { vectors[row * Self.width + axis] /= scales[axis] }
            return square
        }
        return (vectors, squares)
    }

    private static let block = 4096

    /// Inner products with the directions, as means over the points: the last of the 32 stays 0.
    private func project(_ curves: [Float], _ first: Int, _ count: Int, _ vectors: inout [Float]) {
        let points = Float(Behaviour.points.count)
        let (length, width, axes) = (Int32(Behaviour.length), Int32(Self.width), Int32(Self.axes))
        curves.withUnsafeBufferPointer { curves in
            directions.withUnsafeBufferPointer { directions in
                vectors.withUnsafeMutableBufferPointer { vectors in
                    guard count > 0, let a = curves.baseAddress, let c = vectors.baseAddress else { return }
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), axes, length, 1 / points.squareRoot(),
                        a + first * Behaviour.length, length, directions.baseAddress, length, 0,
                        c + first * Self.width, width)
                }
            }
        }
    }

    /// Sets the length of what the directions leave over.
    /// - Returns: the mean over the points of f² + f′².
    private func finish(_ curves: [Float], _ row: Int, at place: Int, _ vectors: inout [Float]) -> Float {
        var (square, explained) = (0.0, 0.0)
        for index in row * Behaviour.length..<(row + 1) * Behaviour.length {
            square += Double(curves[index]) * Double(curves[index])
        }
        square /= Double(Behaviour.points.count)
        for axis in 0..<Self.axes {
            let coordinate = Double(vectors[place * Self.width + axis])
            explained += coordinate * coordinate
        }
        vectors[place * Self.width + Self.axes] = Float(max(0, square - explained).squareRoot())
        return Float(square)
    }

    /// [128 × 128] of the curves at length 1.
    private static func secondMoment(of curves: [Float]) -> [Double] {
        let (rows, length) = (curves.count / Behaviour.length, Behaviour.length)
        var sum = [Double](repeating: 0, count: length * length)
        var unit = [Float](repeating: 0, count: block * length)
        var product = [Float](repeating: 0, count: length * length)
        for first in stride(from: 0, to: rows, by: block) {
            let count = min(block, rows - first)
            for row in 0..<count {
                let start = (first + row) * length
                var square: Float = 0
                for index in start..<start + length { square += curves[index] * curves[index] }
                let factor = square > 0 ? 1 / square.squareRoot() : 0
                for index in 0..<length { unit[row * length + index] = factor * curves[start + index] }
            }
            unit.withUnsafeBufferPointer { unit in
                product.withUnsafeMutableBufferPointer { product in
                    cblas_ssyrk(
                        CblasRowMajor, CblasUpper, CblasTrans, Int32(length), Int32(count), 1, unit.baseAddress,
                        Int32(length), 0, product.baseAddress, Int32(length))
                }
            }
            for row in 0..<length {
                for column in row..<length { sum[row * length + column] += Double(product[row * length + column]) }
            }
        }
        for row in 0..<length {
            for column in 0..<row { sum[row * length + column] = sum[column * length + row] }
        }
        return sum.map { $0 / Double(max(1, rows)) }
    }
}
