/// Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations in cyclic order (Golub and Van Loan
/// 2013, 8.5): slow, exact to rounding, and the same on every machine.
enum SymmetricEigen {
    /// - Parameter matrix: [size × size], symmetric.
    /// - Returns: by descending eigenvalue; vectors have length 1, and the sign that makes their largest entry positive.
    static func decompose(_ matrix: [Double], size: Int) -> (values: [Double], vectors: [[Double]]) {
        var a = matrix
        // Row by row the eigenvectors.
        var v = [Double](repeating: 0, count: size * size)
        for place in 0..<size { v[place * size + place] = 1 }
        let total = a.reduce(0) { $0 + $1 * $1 }
        for _ in 0..<mostSweeps {
            var rest = 0.0
            for row in 0..<size {
                for column in 0..<row { rest += a[row * size + column] * a[row * size + column] }
            }
            if rest <= 1e-26 * total { break }
            for row in 0..<size - 1 {
                for column in row + 1..<size { rotate(&a, &v, row, column, size) }
            }
        }
        let order = (0..<size).sorted { (a[$0 * size + $0], $1) > (a[$1 * size + $1], $0) }
        return (order.map { a[$0 * size + $0] }, order.map { oriented(Array(v[$0 * size..<($0 + 1) * size])) })
    }

    private static let mostSweeps = 30

    private static func rotate(_ a: inout [Double], _ v: inout [Double], _ p: Int, _ q: Int, _ size: Int) {
        let off = a[p * size + q]
        guard off != 0 else { return }
        let ratio = (a[q * size + q] - a[p * size + p]) / (2 * off)
        let t = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        a.withUnsafeMutableBufferPointer { a in
            for k in 0..<size {
                let (x, y) = (a[k * size + p], a[k * size + q])
                a[k * size + p] = c * x - s * y
                a[k * size + q] = s * x + c * y
            }
            for k in 0..<size {
                let (x, y) = (a[p * size + k], a[q * size + k])
                a[p * size + k] = c * x - s * y
                a[q * size + k] = s * x + c * y
            }
        }
        v.withUnsafeMutableBufferPointer { v in
            for k in 0..<size {
                let (x, y) = (v[p * size + k], v[q * size + k])
                v[p * size + k] = c * x - s * y
                v[q * size + k] = s * x + c * y
            }
        }
    }

    private static func oriented(_ vector: [Double]) -> [Double] {
        let largest = vector.max { abs($0) < abs($1) } ?? 0
        return largest < 0 ? vector.map { -$0 } : vector
    }
}
