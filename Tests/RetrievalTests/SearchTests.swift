import ActivationIR
import EvolveTypes
import Retrieval
import Testing

@Suite("Who behaves like this")
struct SearchTests {
    @Test(
        "A function in another spelling is the nearest, at no distance",
        arguments: [
            ("x / (1.0f + expf(-x))", 1), ("x * (1.0f - 0.5f * erfcf(x * 0.70710678f))", 5),
            ("1.0f - 2.0f / (expf(2.0f * x) + 1.0f)", 2), ("x - fminf(x, 0.0f)", 0), ("fmaxf(x, -x)", 11),
        ])
    func spellings(expression: String, owner: Int) throws {
        let index = RetrievalIndex(try Functions.table(Functions.known))
        let answer = index.nearest(to: try Functions.behaviour(expression))
        let first = try #require(answer.matches.first)
        #expect(first.owner == owner && first.distance < 1e-5)
        #expect(answer.matches.count == 10 && answer.compared == Functions.known.count && answer.isExact)
        #expect(answer.matches.map(\.distance) == answer.matches.map(\.distance).sorted())
    }

    @Test("Among thousands of random programs an answer that is exact is brute force's, and nearly all are")
    func recall() throws {
        let index = RetrievalIndex(Functions.random(5_000))
        var (found, exact) = (0, 0)
        let queries = 60
        let table = Functions.random(queries, from: 100_000)
        for number in 0..<queries {
            let query = try #require(table.behaviour(number))
            let answer = index.nearest(to: query)
            let truth = index.bruteForce(query)
            let owners = Set(truth.map(\.owner))
            let hits = answer.matches.count { owners.contains($0.owner) }
            if answer.isExact {
                exact += 1
                #expect(answer.matches.map(\.distance) == truth.map(\.distance))
            }
            found += hits
        }
        #expect(Double(found) >= 0.95 * Double(10 * queries))
        #expect(Double(exact) >= 0.9 * Double(queries))
    }

    @Test("Sub-expressions are found inside their functions, each function once")
    func parts() throws {
        let table = try Functions.table(
            ["x * tanhf(x)", "x * x + sinf(2.0f * x)", "fmaxf(x, 0.0f)", "sinf(2.0f * x)"], granularity: .parts)
        let index = RetrievalIndex(table)
        let sine = try Functions.behaviour("sinf(2.0f * x)")
        let wholes = index.nearest(to: sine)
        #expect(wholes.compared == 4 && wholes.matches[0].owner == 3 && wholes.matches[1].distance > 0.5)
        let inside = index.nearest(to: sine, RetrievalIndex.Request(granularity: .parts))
        #expect(inside.compared > 4)
        #expect(Set(inside.matches.prefix(2).map(\.owner)) == [1, 3] && inside.matches[1].distance < 1e-6)
        let part = try #require(inside.matches.first { $0.owner == 1 })
        let program = try Functions.program("x * x + sinf(2.0f * x)")
        #expect(part.node.map { program.nodes[$0].op } == .sin)
        #expect(inside.matches.first { $0.owner == 3 }?.node == nil)
        #expect(Set(inside.matches.map(\.owner)).count == inside.matches.count)
    }

    @Test("An index without entries answers with nothing")
    func empty() throws {
        let index = RetrievalIndex(BehaviourTable())
        let answer = index.nearest(to: try Functions.behaviour("x"))
        #expect(answer.matches.isEmpty && answer.compared == 0 && answer.isExact && answer.isFar == nil)
        #expect(index.nearestUpToScale(to: try Functions.program("x"))?.matches.isEmpty == true)
    }

    @Test("A table that is joined with another keeps its owners apart")
    func joined() throws {
        var table = try Functions.table(["x", "tanhf(x)"])
        table.append(try Functions.table(["sinf(x)", "tanhf(x)"]), ownersFrom: 10)
        let matches = RetrievalIndex(table).nearest(to: try Functions.behaviour("tanhf(x)")).matches
        #expect(matches.prefix(2).map(\.owner).sorted() == [1, 11])
    }

    @Test("The same table and query give the same answer")
    func deterministic() throws {
        let query = try Functions.behaviour("x * sigmoid(x)")
        let request = RetrievalIndex.Request(diversity: 0.5)
        let first = RetrievalIndex(Functions.random(600)).nearest(to: query, request)
        #expect(RetrievalIndex(Functions.random(600)).nearest(to: query, request) == first)
    }

    @Test("Copies of all entries make nothing far that was not")
    func copies() throws {
        var table = Functions.random(300)
        let query = try Functions.behaviour("x + 0.5f * sinf(2.0f * x)")
        let alone = RetrievalIndex(table).nearest(to: query)
        table.append(table, ownersFrom: 1_000_000)
        #expect(alone.isFar == false && RetrievalIndex(table).nearest(to: query).isFar == false)
    }

    @Test("A query far from everything is said to be; one of the entries' kind is not")
    func far() throws {
        var table = BehaviourTable()
        for step in 0..<60 {
            table.append(try Functions.program("tanhf(\(1 + 0.02 * Double(step))f * x)"), owner: step)
        }
        let index = RetrievalIndex(table)
        #expect(index.nearest(to: try Functions.behaviour("tanhf(1.511f * x)")).isFar == false)
        #expect(index.nearest(to: try Functions.behaviour("cosf(9.0f * x)")).isFar == true)
        #expect(index.nearestUpToScale(to: try Functions.program("tanhf(0.3f * x)"))?.isFar == false)
        #expect(index.nearestUpToScale(to: try Functions.program("expf(-8.0f * x * x)"))?.isFar == true)
        let few = RetrievalIndex(try Functions.table(Functions.known))
        #expect(few.nearest(to: try Functions.behaviour("cosf(9.0f * x)")).isFar == nil)
    }
}
