import EvolveTypes
import Foundation
import RunStore
import Testing

@Suite("A run as one portable file")
struct PortableRunTests {
    private static func store() throws -> InMemoryRunStore {
        let store = InMemoryRunStore(manifest: Sample.manifest())
        try store.record(Sample.amendment(0))
        for slot in 0..<12 {
            try store.record(Sample.answer(slot: slot))
            if slot.isMultiple(of: 3) { try store.record(Sample.answer(slot: slot, attempt: 1)) }
            try store.commit(Sample.slot(slot))
        }
        for index in 0..<3 { try store.record(Sample.verification(index)) }
        return store
    }

    private static func write(_ store: InMemoryRunStore) throws -> Data {
        var bytes = Data()
        try PortableRun.write(store) { bytes += $0 }
        return bytes
    }

    private static func read(_ bytes: Data) throws -> InMemoryRunStore {
        var lines = bytes.split(separator: UInt8(ascii: "\n")).makeIterator()
        return try PortableRun.read({ lines.next().map { Data($0) } }, origin: "run.jsonl")
    }

    @Test("comes back whole, and is written the same again")
    func roundTrip() throws {
        let original = try Self.store()
        let bytes = try Self.write(original)
        let copy = try Self.read(bytes)
        #expect(copy.manifest() == original.manifest() && copy.answers() == original.answers())
        #expect(copy.slots(from: 0) == original.slots(from: 0) && copy.verifications() == original.verifications())
        #expect(copy.amendments() == original.amendments())
        #expect(try Self.write(copy) == bytes)
    }

    private static func complaint(_ text: String) -> String? {
        (#expect(throws: Failure.self) { try read(Data(text.utf8)) })?.message
    }

    @Test("cut off, changed or foreign files are refused with the line that is wrong")
    func refused() throws {
        let text = String(decoding: try Self.write(Self.store()), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(Self.complaint(lines.dropLast().joined(separator: "\n"))?.contains("is cut off") == true)
        #expect(
            Self.complaint(lines.dropFirst().joined(separator: "\n"))?.hasPrefix("run.jsonl:1: the first line") == true)
        #expect(
            Self.complaint(text.replacing("\"idea\":\"line 3\"", with: "\"idea\":\"line 4\""))?.contains(
                "has been changed") == true)
        #expect(Self.complaint(lines[0] + "\nnonsense\n")?.hasPrefix("run.jsonl:2: this is no line of a run") == true)
        let twice = lines.flatMap { $0.contains("\"slot\":{") ? [$0, $0] : [$0] }.joined(separator: "\n")
        #expect(Self.complaint(twice)?.contains("slot 0 is committed already") == true)
        #expect(Self.complaint("")?.contains("is cut off") == true)
    }
}
