import Engine
import EvolveTypes
import Foundation
import Synchronization
import Testing

@Suite("Writes that go together")
struct WriteGroupTests {
    @Test("What is wanted during a write goes into the next one together; each gets its own outcome")
    func together() async throws {
        let writes = Mutex<[[Int]]>([])
        let group = WriteGroup<Int, String> { items in
            Thread.sleep(forTimeInterval: 0.02)
            writes.withLock { $0.append(items) }
            return items.map { "\($0)" }
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for item in 0..<50 {
                tasks.addTask {
                    let outcome = try await group(item)
                    #expect(outcome == "\(item)")
                }
            }
            try await tasks.waitForAll()
        }
        let made = writes.withLock { $0 }
        #expect(made.flatMap(\.self).sorted() == Array(0..<50))
        #expect(made.count < 10, "\(made.count) writes")
    }

    @Test("A write that fails fails for all that are in it, and the next is made")
    func failing() async throws {
        let attempts = Mutex(0)
        let group = WriteGroup<Int, Int> { items in
            let number = attempts.withLock { count in
                count += 1
                return count
            }
            guard number > 1 else { throw Failure(.unavailable, "away") }
            return items
        }
        await #expect(throws: Failure.self) { try await group(1) }
        let outcome = try await group(2)
        #expect(outcome == 2)
    }
}
