import Retrieval
import Testing

@Suite("Was there one like this before?")
struct BehaviourLogTests {
    private func log(_ expressions: [String]) throws -> BehaviourLog {
        var log = BehaviourLog()
        for (number, expression) in expressions.enumerated() {
            log.append(try Functions.behaviour(expression), number: 10 * number)
        }
        return log
    }

    @Test("The nearest is the one with the least distance, of equal ones the first, within the range asked about")
    func nearest() throws {
        let log = try log(["x", "tanhf(x)", "x * sigmoid(x)", "tanhf(x)", "1.02f * tanhf(x)"])
        let query = try Functions.behaviour("1.01f * tanhf(x)")
        let found = try #require(log.nearest(to: query, in: 0..<40))
        #expect(found.number == 10)
        let tanh = try Functions.behaviour("tanhf(x)")
        let size = { (behaviour: Behaviour) in
            (behaviour.curve.reduce(0.0) { $0 + Double($1) * Double($1) } / 64).squareRoot()
        }
        let share =
            query.distance(to: tanh) / (size(query) * size(query) + size(tanh) * size(tanh)).squareRoot()
        #expect(abs(found.share - share) < 1e-12 && share < 0.01)
        #expect(log.nearest(to: query, in: 11..<41)?.number == 40)
        #expect(log.nearest(to: query, in: 41..<99) == nil)
    }

    @Test("What is forgotten is not found, however much there was")
    func forgotten() throws {
        var log = BehaviourLog()
        let (line, tanh) = (try Functions.behaviour("x"), try Functions.behaviour("tanhf(x)"))
        for number in 0..<5_000 { log.append(number.isMultiple(of: 2) ? line : tanh, number: number) }
        for bound in [1, 700, 3_000, 4_001] {
            log.forget(below: bound)
            #expect(log.count == 5_000 - bound)
            #expect(log.nearest(to: line, in: 0..<5_000)?.number == bound + bound % 2)
        }
        #expect(log.nearest(to: line, in: 0..<4_001) == nil)
    }
}
