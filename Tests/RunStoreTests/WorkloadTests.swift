import RunStore
import Testing

@Suite("A worker's part of the work")
struct WorkloadTests {
    private static func card(_ capacity: Int, trainers: Int? = nil) -> WorkerCard {
        WorkerCard(host: "n", pid: 1, capacity: capacity, trainers: trainers)
    }

    @Test("alone it takes on all it can; in company as large a part as its part of the hands, and never nothing")
    func shares() {
        #expect(Workload(unfinished: 30, hands: 2).share(of: Self.card(16, trainers: 2)) == 16)
        // Whoever began the run takes on more at once, and trains no more than the others.
        #expect(Workload(unfinished: 16, hands: 4).share(of: Self.card(16, trainers: 2)) == 8)
        #expect(Workload(unfinished: 16, hands: 4).share(of: Self.card(6, trainers: 2)) == 6)
        #expect(Workload(unfinished: 6, hands: 24).share(of: Self.card(6)) == 2)
        #expect(Workload(unfinished: 3, hands: 100).share(of: Self.card(4, trainers: 1)) == 1)
        #expect(Workload(unfinished: 0, hands: 8).share(of: Self.card(4, trainers: 4)) == 1)
    }
}
