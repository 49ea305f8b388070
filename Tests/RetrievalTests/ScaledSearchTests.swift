import ActivationIR
import Retrieval
import Testing

@Suite("Who behaves like this up to scale")
struct ScaledSearchTests {
    struct Case: Sendable {
        var expression: String
        var owner: Int
        /// What the query's input and output are multiplied with; either sign will do for some.
        var input: Double
        var output: Double
    }

    private static let cases = [
        Case(expression: "3.0f * tanhf(0.37f * x)", owner: 2, input: 2.7027, output: 0.33333),
        Case(expression: "-0.7f * x * sigmoid(2.3f * x)", owner: 1, input: 0.43478, output: 3.2857),
        Case(expression: "-2.0f * x * sigmoid(-x)", owner: 1, input: 1, output: 0.5),
        Case(expression: "cosf(11.0f * x)", owner: 9, input: 0.27273, output: 1),
    ]

    @Test(
        "A function at other scales and signs of input and output is found at no distance, with the scales",
        arguments: cases)
    private func scales(example: Case) throws {
        let index = RetrievalIndex(try Functions.table(Functions.known))
        let answer = try #require(index.nearestUpToScale(to: Functions.program(example.expression)))
        let first = try #require(answer.matches.first)
        #expect(first.owner == example.owner && first.distance < 1e-5, "\(answer.matches)")
        #expect(
            abs(abs(first.inputScale) - example.input) < 1e-3 && abs(abs(first.outputScale) - example.output) < 1e-2)
        #expect(!answer.isExact)
    }

    @Test("Among thousands, and inside functions")
    func many() throws {
        var table = Functions.random(3_000)
        table.append(try Functions.program("x * sinf(x)"), owner: 1_000_000)
        table.append(try Functions.program("fabsf(x) * tanhf(x) + 3.0f"), owner: 1_000_001, granularity: .parts)
        let index = RetrievalIndex(table)
        let whole = index.nearestUpToScale(to: try Functions.program("5.0f * x * sinf(-0.7f * x)"))
        #expect(whole?.matches.first?.owner == 1_000_000)
        let request = RetrievalIndex.Request(granularity: .parts)
        let inside = index.nearestUpToScale(to: try Functions.program("fabsf(x) * tanhf(1.9f * x)"), request)
        #expect(inside?.matches.first?.owner == 1_000_001 && inside?.matches.first?.node != nil)
    }

    @Test("A program that reads its layer has no answer")
    func layers() throws {
        let index = RetrievalIndex(try Functions.table(Functions.known))
        #expect(index.nearestUpToScale(to: try Functions.program("x - unit_mean(x)")) == nil)
    }
}
