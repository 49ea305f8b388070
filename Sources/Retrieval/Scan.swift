import COpenBLAS

/// One pass over all entries' vectors: for each the bound on its distance, in single precision.
struct Scan: Sendable {
    /// [rows × 32], in blocks of 4,096 rows (the last one shorter), each column by column: a product with it runs as quickly
    /// as the memory. 128 bytes a row, which is all that a pass reads beside 4 bytes of `squares`.
    let vectors: [Float]
    /// The square of each row's size, less what rounding may add to a bound.
    let squares: [Float]

    /// Rounding of 32 products, of their sum, and of squares, relative to the squares themselves.
    static let slack: Float = 1 - 8e-6
    static let block = 4096

    /// - Parameters:
    ///   - vectors: [rows × 32], row-major.
    ///   - squares: of the rows' sizes.
    init(vectors: [Float], squares: [Float]) {
        self.vectors = Self.columnwise(vectors, rows: squares.count)
        self.squares = squares.map { Self.slack * $0 }
    }

    var count: Int { squares.count }

    private static func columnwise(_ vectors: consuming [Float], rows: Int) -> [Float] {
        let width = Whitening.width
        var lines = [Float](repeating: 0, count: block * width)
        for first in stride(from: 0, to: rows, by: block) {
            let count = min(block, rows - first)
            for index in 0..<count * width { lines[index] = vectors[first * width + index] }
            for column in 0..<width {
                let place = first * width + column * count
                for row in 0..<count { vectors[place + row] = lines[row * width + column] }
            }
        }
        return vectors
    }

    /// - Parameters:
    ///   - query: [32].
    ///   - square: of the query's size.
    /// - Returns: for each row a number not above the square of its distance.
    func bounds(_ query: [Float], square: Float) -> [Float] {
        let width = Int32(Whitening.width)
        return [Float](unsafeUninitializedCapacity: count) { result, initialized in
            initialized = count
            vectors.withUnsafeBufferPointer { vectors in
                squares.withUnsafeBufferPointer { squares in
                    guard let result = result.baseAddress, let a = vectors.baseAddress, let own = squares.baseAddress
                    else { return }
                    let fixed = Self.slack * square
                    for first in stride(from: 0, to: count, by: Self.block) {
                        let rows = min(Self.block, count - first)
                        let place = result + first
                        for row in 0..<rows { place[row] = own[first + row] + fixed }
                        cblas_sgemv(
                            CblasColMajor, CblasNoTrans, Int32(rows), width, -2, a + first * Whitening.width,
                            Int32(rows), query, 1, 1, place, 1)
                    }
                }
            }
        }
    }

    /// Sum of the sizes of all numbers.
    func sweep() -> Float {
        let block = Self.block * Whitening.width
        return vectors.withUnsafeBufferPointer { vectors in
            guard let a = vectors.baseAddress else { return 0 }
            return stride(from: 0, to: vectors.count, by: block).reduce(0) { sum, first in
                sum + cblas_sasum(Int32(min(block, vectors.count - first)), a + first, 1)
            }
        }
    }

    /// The rows of the smallest numbers.
    /// - Returns: at most `count` rows of those that `admits` lets in, in no order, and what all others are at least.
    static func smallest(
        _ count: Int, of keys: [Float], admits: (Int) -> Bool
    ) -> (rows: [Int], others: Float) {
        var kept: [(key: Float, row: Int)] = []
        kept.reserveCapacity(4 * count)
        var limit = Float.infinity
        func cut() {
            guard kept.count > count else { return }
            kept.sort { ($0.key, $0.row) < ($1.key, $1.row) }
            kept.removeLast(kept.count - count)
            limit = kept[count - 1].key
        }
        keys.withUnsafeBufferPointer { keys in
            for row in keys.indices where keys[row] < limit && admits(row) {
                kept.append((keys[row], row))
                if kept.count == 4 * count { cut() }
            }
        }
        cut()
        return (kept.map(\.row), limit)
    }
}
