import Retrieval
import Testing

@Suite("Answers that differ from each other")
struct SpreadTests {
    /// Five clusters of twelve near-equal functions.
    private static func clusters() throws -> RetrievalIndex {
        let shapes = ["tanhf(A * x)", "sinf(A * x)", "A * x", "x * sigmoid(A * x)", "fmaxf(A * x, 0.0f)"]
        return RetrievalIndex(
            try Functions.table(
                shapes.flatMap { shape in
                    (0..<12).map { shape.replacing("A", with: "\(1 + 0.001 * Double($0))f") }
                }))
    }

    @Test("Diversity takes from more clusters, the nearest always first")
    func spreads() throws {
        let index = try Self.clusters()
        let query = try Functions.behaviour("tanhf(x)")
        func clusters(_ diversity: Double) -> Set<Int> {
            let request = RetrievalIndex.Request(count: 10, diversity: diversity)
            let matches = index.nearest(to: query, request).matches
            #expect(matches.count == 10 && matches.first?.owner == 0)
            #expect(matches.map(\.distance) == matches.map(\.distance).sorted())
            return Set(matches.map { $0.owner / 12 })
        }
        #expect(clusters(0) == [0])
        #expect(clusters(0.6).count >= 4)
    }

    @Test("Without diversity the answer is the nearest ones")
    func plain() throws {
        let index = try Self.clusters()
        let query = try Functions.behaviour("sinf(x)")
        #expect(index.nearest(to: query).matches == index.bruteForce(query))
    }
}
