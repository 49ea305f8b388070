import CTrainer
import EvolveTypes
import Testing

/// Every instruction set that this machine has, by name.
enum InstructionSets {
    static let here = [("plain", EVT_PLAIN), ("AVX2", EVT_AVX2), ("AVX-512", EVT_AVX512)]
        .filter { evt_products_of($0.1) != nil }.map { InstructionSet(name: $0.0, code: $0.1) }
}

struct InstructionSet: Sendable, CustomTestStringConvertible {
    var name: String
    var code: evt_instructions
    var testDescription: String { name }
}

/// A dense row-major matrix.
private struct Matrix {
    var rows: Int
    var columns: Int
    var values: [Float]

    init(_ rows: Int, _ columns: Int, _ random: inout RandomStream) {
        (self.rows, self.columns) = (rows, columns)
        values = (0..<(rows * columns)).map { _ in Float(random.uniform() * 2 - 1) }
    }

    subscript(_ row: Int, _ column: Int) -> Double { Double(values[row * columns + column]) }
}

@Suite("Matrix products of the trainer")
struct ProductTests {
    /// rows × inner × columns: whole vectors and rests of every width, one row, one column, and a size for OpenBLAS.
    static let shapes = [
        (64, 2, 32), (64, 32, 32), (32, 16, 16), (13, 7, 5), (9, 3, 1), (1, 1, 1), (5, 50, 50), (50, 50, 47),
        (33, 64, 100), (7, 129, 65), (3, 700, 600), (17, 1, 31), (40, 24, 9),
    ]

    @Test("agree with sums in double precision, whatever the shape", arguments: InstructionSets.here)
    func reference(set: InstructionSet) throws {
        let table = try #require(evt_products_of(set.code))
        var random = RandomStream(key: ["products"])
        for (rows, inner, columns) in Self.shapes {
            let a = Matrix(rows, inner, &random)
            let b = Matrix(inner, columns, &random)
            let g = Matrix(rows, columns, &random)
            let d = Matrix(rows, inner, &random)

            var forward = [Float](repeating: .nan, count: rows * columns)
            evt_product(table, a.values, b.values, &forward, Int64(rows), Int64(inner), Int64(columns))
            expect(forward, rows, columns, terms: inner, "product") { i, j, k in a[i, k] * b[k, j] }

            var left = [Float](repeating: .nan, count: inner * columns)
            evt_product_left(table, a.values, g.values, &left, Int64(rows), Int64(inner), Int64(columns))
            expect(left, inner, columns, terms: rows, "product_left") { i, j, k in a[k, i] * g[k, j] }

            var scratch = [Float](repeating: .nan, count: inner * columns)
            var right = [Float](repeating: .nan, count: rows * inner)
            evt_product_right(
                table, g.values, b.values, &right, nil, nil, &scratch, Int64(rows), Int64(inner), Int64(columns))
            expect(right, rows, inner, terms: columns, "product_right") { i, j, k in g[i, k] * b[j, k] }

            var sums = [Float](repeating: .nan, count: inner)
            evt_product_right(
                table, g.values, b.values, &right, d.values, &sums, &scratch, Int64(rows), Int64(inner),
                Int64(columns))
            expect(right, rows, inner, terms: columns, "scaled") { i, j, k in g[i, k] * b[j, k] * d[i, j] }
            expect(sums, 1, inner, terms: rows * columns, "sums of columns") { _, j, k in
                let (row, term) = (k / columns, k % columns)
                return g[row, term] * b[j, term] * d[row, j]
            }
        }
    }

    /// Compares with the sum of `term(i, j, k)` over k. Rounding: one part in 2^24 of the sum of sizes for each term.
    private func expect(
        _ found: [Float], _ rows: Int, _ columns: Int, terms: Int, _ name: String,
        _ term: (Int, Int, Int) -> Double
    ) {
        var wrong = 0
        for i in 0..<rows {
            for j in 0..<columns {
                var sum = 0.0
                var size = 0.0
                for k in 0..<terms {
                    let value = term(i, j, k)
                    sum += value
                    size += abs(value)
                }
                let error = abs(Double(found[i * columns + j]) - sum)
                if !(error <= Double(terms + 2) * 0x1p-24 * size) { wrong += 1 }
            }
        }
        #expect(wrong == 0, "\(name) \(rows) × \(columns), \(terms) terms")
    }

    @Test("read and write nothing outside their matrices", arguments: InstructionSets.here)
    func bounds(set: InstructionSet) throws {
        let table = try #require(evt_products_of(set.code))
        let guardValue: Float = 12345
        for (rows, inner, columns) in Self.shapes {
            let a = [Float](repeating: 1, count: rows * inner)
            let b = [Float](repeating: 1, count: inner * columns)
            var c = [Float](repeating: guardValue, count: rows * columns + 64)
            evt_product(table, a, b, &c, Int64(rows), Int64(inner), Int64(columns))
            #expect(c[..<(rows * columns)].allSatisfy { $0 == Float(inner) })
            #expect(c[(rows * columns)...].allSatisfy { $0 == guardValue }, "\(rows) × \(inner) × \(columns)")
        }
    }

    @Test("are the same, bit for bit, wherever the matrices lie in memory", arguments: InstructionSets.here)
    func alignment(set: InstructionSet) throws {
        let table = try #require(evt_products_of(set.code))
        var random = RandomStream(key: ["alignment"])
        for (rows, inner, columns) in Self.shapes {
            let a = Matrix(rows, inner, &random).values
            let b = Matrix(inner, columns, &random).values
            var results: [[Float]] = []
            for offset in [0, 1, 3, 7] {
                let gap = [Float](repeating: .nan, count: offset)
                let (shiftedA, shiftedB) = (gap + a, gap + b)
                var c = [Float](repeating: .nan, count: rows * columns + offset)
                shiftedA.withUnsafeBufferPointer { a in
                    shiftedB.withUnsafeBufferPointer { b in
                        c.withUnsafeMutableBufferPointer { c in
                            guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
                            evt_product(
                                table, a + offset, b + offset, c + offset, Int64(rows), Int64(inner), Int64(columns))
                        }
                    }
                }
                results.append(Array(c.dropFirst(offset)))
            }
            #expect(results.allSatisfy { $0 == results[0] }, "\(rows) × \(inner) × \(columns)")
        }
    }

    @Test("transpose any shape")
    func transpose() {
        for (rows, _, columns) in Self.shapes {
            let a = (0..<(rows * columns)).map(Float.init)
            var b = [Float](repeating: -1, count: rows * columns)
            evt_transpose(a, &b, Int64(rows), Int64(columns))
            #expect((0..<(rows * columns)).allSatisfy { b[$0 % columns * rows + $0 / columns] == a[$0] })
        }
    }
}
