import RunStore
import Testing

@Suite struct InMemoryRunStoreTests {
    @Test("the in-memory store conforms")
    func conforms() throws {
        try RunStoreConformance(make: { InMemoryRunStore(manifest: $0) }, reopen: { $0 }).check()
    }
}
