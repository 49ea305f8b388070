import EvolveTypes
import Foundation
import RunStore
import Testing

@testable import RunStoreSQLite

@Suite struct CrashSafetyTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "a process killed with SIGKILL while committing loses nothing it was told is committed",
        arguments: [20, 60, 150])
    func survivesKill(milliseconds: Int) async throws {
        try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).close()
        let acknowledged = folder("acknowledged")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, acknowledged = acknowledged as String, milliseconds] in
            let store = try SQLiteRunStore.open(at: path, readOnly: false)
            try store.lockForRunning()
            let log = open(acknowledged, O_CREAT | O_WRONLY | O_APPEND, 0o644)
            let killer = Thread {
                usleep(UInt32(milliseconds) * 1_000)
                kill(getpid(), SIGKILL)
            }
            killer.start()
            for slot in 0..<1_000_000 {
                try store.record(Sample.answer(slot: slot))
                try store.commit(Sample.slot(slot))
                write(log, ".", 1)
            }
        }
        let promised = (try? Data(contentsOf: URL(fileURLWithPath: acknowledged)).count) ?? 0
        let store = try SQLiteRunStore.open(at: path, readOnly: false)
        try store.lockForRunning()
        let count = try store.slotCount()
        #expect(count == promised || count == promised + 1)
        #expect(try store.slots(from: 0) == (0..<count).map { Sample.slot($0) })
        let answers = try store.answers().count
        #expect(answers == count || answers == count + 1)
        try store.commit(Sample.slot(count))
    }

    @Test("the files as they are after any commit hold everything up to it")
    func everyCommitIsOnDisk() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<6 {
            try store.commit(Sample.slot(slot))
            let copy = try copyFiles(logBytes: nil)
            #expect(
                try SQLiteRunStore.open(at: copy, readOnly: false).slots(from: 0) == (0...slot).map { Sample.slot($0) })
        }
    }

    @Test("a log cut off at any byte gives a shorter valid run, never a damaged one")
    func tornLogIsAPrefix() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<8 { try store.commit(Sample.slot(slot)) }
        let size = try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count
        var stream = RandomStream(key: ["torn-log"])
        let cuts = [0, 1, 31, 32, size - 1, size] + (0..<20).map { _ in stream.index(below: size) }
        var previous = 0
        for cut in cuts.sorted() {
            let reopened = try SQLiteRunStore.open(at: try copyFiles(logBytes: cut), readOnly: false)
            let slots = try reopened.slots(from: 0)
            #expect(slots == (0..<slots.count).map { Sample.slot($0) })
            #expect(slots.count >= previous)
            previous = slots.count
            try reopened.commit(Sample.slot(slots.count))
        }
        #expect(previous == 8)
    }

    /// Copies the store and the first `logBytes` of its log under a new name.
    private func copyFiles(logBytes: Int?) throws -> String {
        let copy = folder(UUID().uuidString + ".evolve")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        try log.prefix(logBytes ?? log.count).write(to: URL(fileURLWithPath: copy + "-wal"))
        return copy
    }
}
