import CTrainer
import Testing

/// A function with its trials, for the C minimiser.
private final class Objective {
    let value: ([Double]) -> Double
    var asked: [[Double]] = []

    init(_ value: @escaping ([Double]) -> Double) { self.value = value }

    func minimise(from start: [Double], steps: [Double], trials: Int) -> (
        status: evt_status, best: [Double], found: evt_minimum
    ) {
        _ = TestMachine.ready
        var best = start.map { _ in Double.nan }
        var found = evt_minimum()
        let status = start.withUnsafeBufferPointer { start in
            steps.withUnsafeBufferPointer { steps in
                var search = evt_search(
                    dimensions: Int32(start.count), trials: Int32(trials), start: start.baseAddress,
                    steps: steps.baseAddress)
                return evt_minimise(
                    &search,
                    { point, dimensions, context in
                        guard let point, let context else { return .nan }
                        let objective = Unmanaged<Objective>.fromOpaque(context).takeUnretainedValue()
                        objective.asked.append(Array(UnsafeBufferPointer(start: point, count: Int(dimensions))))
                        return objective.value(objective.asked[objective.asked.count - 1])
                    }, Unmanaged.passUnretained(self).toOpaque(), &best, &found)
            }
        }
        return (status, best, found)
    }
}

@Suite("The C minimiser")
struct MinimiseTests {
    @Test("finds the minimum of a quadratic, and of Rosenbrock's valley")
    func minima() {
        let bowl = Objective { p in 3 + (p[0] - 1) * (p[0] - 1) + 10 * (p[1] + 2) * (p[1] + 2) }
            .minimise(from: [0, 0], steps: [0.5, 0.5], trials: 200)
        #expect(bowl.status == EVT_OK && bowl.found.first == 44)
        #expect(abs(bowl.best[0] - 1) < 1e-4 && abs(bowl.best[1] + 2) < 1e-4 && abs(bowl.found.value - 3) < 1e-8)
        let valley = Objective { p in
            let (a, b) = (1 - p[0], p[1] - p[0] * p[0])
            return a * a + 100 * b * b
        }.minimise(from: [-1.2, 1], steps: [0.3, 0.3], trials: 400)
        #expect(abs(valley.best[0] - 1) < 1e-3 && abs(valley.best[1] - 1) < 1e-3)
    }

    @Test("asks exactly as often as it may, first at the start, and keeps the best of what it saw", arguments: 1...30)
    func budget(trials: Int) {
        let objective = Objective { p in (p[0] - 3) * (p[0] - 3) + (p[1] - 5) * (p[1] - 5) + (p[2] * p[2]) }
        let (status, best, found) = objective.minimise(from: [1, 1, 1], steps: [0.4, 0.4, 0.4], trials: trials)
        #expect(status == EVT_OK && objective.asked.count == trials && Int(found.trials) == trials)
        #expect(objective.asked.first == [1, 1, 1] && found.first == 4 + 16 + 1)
        let values = objective.asked.map(objective.value)
        #expect(found.value == values.min() && objective.value(best) == found.value)
    }

    @Test("is at its start where nothing is better, and steers clear of what is not finite")
    func walls() {
        let top = Objective { p in p == [2, 2] ? 0 : 1 }.minimise(from: [2, 2], steps: [1, 1], trials: 25)
        #expect(top.best == [2, 2] && top.found.value == 0)
        let wall = Objective { p in p[0] < 1.5 ? (p[0] > 1.45 ? .nan : .infinity) : p[0] }
            .minimise(from: [4], steps: [-1], trials: 60)
        #expect(wall.best[0] >= 1.5 && wall.best[0] < 1.51)
        let nowhere = Objective { _ in .nan }.minimise(from: [4], steps: [1], trials: 10)
        #expect(nowhere.status == EVT_OK && nowhere.best == [4])
    }

    @Test("refuses sizes and numbers out of range without a call")
    func refusals() {
        for (start, steps, trials) in [
            ([], [], 5), ([1], [1], 0), ([1], [0], 5), ([.nan], [1], 5), ([1], [.infinity], 5),
            ([Double](repeating: 1, count: 65), [Double](repeating: 1, count: 65), 5),
        ] as [([Double], [Double], Int)] {
            let objective = Objective { $0.reduce(0, +) }
            #expect(objective.minimise(from: start, steps: steps, trials: trials).status == EVT_BAD_ARGUMENT)
            #expect(objective.asked.isEmpty)
        }
    }
}
