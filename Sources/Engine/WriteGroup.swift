import Foundation

/// Writes that many tasks want, gathered: what is wanted while a write is under way goes into the next one together, so that
/// many wait for the disk once. They are made one after the other, in the order in which they were wanted.
package actor WriteGroup<Item: Sendable, Outcome: Sendable> {
    private let write: @Sendable ([Item]) throws -> [Outcome]
    /// A write blocks, and tasks have few threads.
    private let thread = DispatchQueue(label: "evolve.writes")
    private var waiting: [(item: Item, continuation: CheckedContinuation<Outcome, any Error>)] = []
    private var isWriting = false

    /// - Parameter write: gives an outcome for each item; what it throws, all get.
    package init(_ write: @escaping @Sendable ([Item]) throws -> [Outcome]) { self.write = write }

    /// Returns when the item is written.
    package func callAsFunction(_ item: Item) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append((item, continuation))
            guard !isWriting else { return }
            isWriting = true
            Task { await drain() }
        }
    }

    private func drain() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            let items = batch.map(\.item)
            let outcomes = await withCheckedContinuation { done in
                thread.async { [write] in done.resume(returning: Result { try write(items) }) }
            }
            for (index, entry) in batch.enumerated() {
                entry.continuation.resume(with: outcomes.map { $0[index] })
            }
        }
        isWriting = false
    }
}
