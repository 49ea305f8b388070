import EvolveTypes

/// One of several parts of a table that share no row: what keeps held-out tasks apart from search tasks.
///
/// The different rows are shuffled and dealt out in turn, so parts differ in size by one at most; rows that are equal
/// in every column go to the same part. Which part a row goes to depends on the table, `of` and `seed` alone, not on what
/// a task learns or where its out-of-distribution rows lie: parts of one dealing are always disjoint. With one seed,
/// part 1 of 2 is parts 1 and 3 of 4.
package struct TablePart: Codable, Hashable, Sendable {
    package var of: Int
    /// From 1.
    package var take: Int
    package var seed: UInt64

    package init(of: Int, take: Int, seed: UInt64) {
        self.of = of
        self.take = take
        self.seed = seed
    }

    /// For each row of the table, whether it belongs to the part.
    package func holds(rowsOf table: TableText) -> [Bool] {
        var ids: [[String]: Int] = [:]
        let rows = table.rows.map { row in
            let texts = row.map(\.text)
            if let known = ids[texts] { return known }
            let id = ids.count
            ids[texts] = id
            return id
        }
        var random = RandomStream(key: ["table-part", String(seed)])
        var belongs = Array(repeating: false, count: ids.count)
        for (place, id) in random.shuffle(0..<ids.count).enumerated() { belongs[id] = place % of == take - 1 }
        return rows.map { belongs[$0] }
    }
}
