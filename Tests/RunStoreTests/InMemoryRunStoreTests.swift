import RunStore
import Testing

@Suite struct InMemoryRunStoreTests {
    @Test("the in-memory store conforms")
    func conforms() throws {
        try RunStoreConformance(make: { InMemoryRunStore(manifest: $0) }, reopen: { $0 }).check()
    }

    @Test("the in-memory queue conforms")
    func queueConforms() throws {
        try WorkQueueConformance(
            make: { clock in InMemoryRunStore(manifest: Sample.manifest(), clock: { clock.now }) },
            reopen: { store, _ in store }
        ).check()
    }
}
