import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Parts of a table")
struct TablePartTests {
    private func table(_ rows: [String]) throws -> TableText {
        try TableText((["x,y"] + rows).joined(separator: "\n"))
    }

    private func taken(_ take: Int, of: Int, seed: UInt64 = 1, _ table: TableText) -> Set<Int> {
        let held = TablePart(of: of, take: take, seed: seed).holds(rowsOf: table)
        return Set(held.indices.filter { held[$0] })
    }

    @Test("parts share no row, together have all, and differ in size by one at most")
    func partition() throws {
        let table = try table((0..<103).map { "\($0),\($0 % 7)" })
        for of in [2, 3, 8] {
            let parts = (1...of).map { taken($0, of: of, table) }
            #expect(parts.reduce(0) { $0 + $1.count } == 103 && parts.reduce(Set<Int>()) { $0.union($1) }.count == 103)
            #expect(Set(parts.map(\.count)).isSubset(of: [103 / of, 103 / of + 1]))
        }
        #expect(taken(1, of: 2, table) == taken(1, of: 4, table).union(taken(3, of: 4, table)))
    }

    @Test("the same seed gives the same parts, another seed gives others, and neither is the order of the file")
    func seeds() throws {
        let table = try table((0..<100).map { "\($0),0" })
        let part = taken(1, of: 2, table)
        #expect(part == taken(1, of: 2, table) && part != taken(1, of: 2, seed: 2, table))
        #expect(part != Set(0..<50) && part != Set(stride(from: 0, to: 100, by: 2)))
        // Stored runs rest on it.
        #expect(part.sorted().prefix(6) == [1, 4, 7, 8, 10, 11])
    }

    @Test("equal rows stay together, so that no row of a held-out task has a twin in the search")
    func twins() throws {
        let table = try table((0..<200).map { "\($0 % 20),1" })
        let part = taken(1, of: 2, table)
        #expect(part.count == 100 && Set(part.map { $0 % 20 }).count == 10)
    }

    @Test("tasks on two parts share no row, whatever they learn and wherever their out-of-distribution rows lie")
    func tasks() throws {
        let table = try table((0..<100).map { "\($0),\($0 * 37 % 100)" })
        func rows(_ take: Int, _ split: TableTask.Split) throws -> [Double] {
            let task = TableTask(
                table: "t", inputs: ["x"], goal: .numbers(["y"]), scaling: .each, split: split, seed: UInt64(take),
                part: TablePart(of: 2, take: take, seed: 3))
            let all = SuitePolicy.Points(train: 100, inDistribution: 100, outOfDistribution: 100)
            let sets = try TableRows(task, in: table, points: all)
            return (sets.train + sets.test + sets.ood).map { $0.inputs[0] }
        }
        let first = try rows(1, .range(column: "x", from: 80, to: nil))
        let second = try rows(2, .range(column: "y", from: nil, to: 30))
        #expect(first.count == 50 && second.count == 50 && Set(first).isDisjoint(with: second))
    }

    @Test("without a text for training, all rows but those out of distribution and for the test are for training")
    func others() throws {
        let table = try table((0..<40).map { "\($0),\(["a", "b", "c", "d"][$0 % 4])" })
        func sizes(_ train: String?, _ test: String?) throws -> [Int] {
            let task = TableTask(
                table: "t", inputs: ["x"], goal: .numbers(["x"]), scaling: .each,
                split: .values(column: "y", train: train, test: test, ood: "d"), seed: 1)
            let all = SuitePolicy.Points(train: 100, inDistribution: 100, outOfDistribution: 100)
            let sets = try TableRows(task, in: table, points: all)
            return [sets.train.count, sets.test.count, sets.ood.count]
        }
        #expect(try sizes(nil, nil) == [23, 7, 10])
        #expect(try sizes(nil, "c") == [20, 10, 10])
        #expect(try sizes("a", nil) == [8, 2, 10])
        #expect(try sizes("a", "c") == [10, 10, 10])
    }

    @Test("tasks stored before there were parts decode, and are stored as they were")
    func stored() throws {
        let old = #"""
            {"goal":{"classes":{"_0":"k"}},"inputs":["x"],"scaling":"each","seed":1,"split":{"values":{"column":"s","ood":"c","test":"b","train":"a"}},"table":"t.csv"}
            """#
        let task = try CanonicalJSON.decode(TableTask.self, from: Data(old.utf8))
        #expect(task.part == nil && task.split == .values(column: "s", train: "a", test: "b", ood: "c"))
        #expect(try String(decoding: CanonicalJSON.encode(task), as: UTF8.self) == old)
    }
}
