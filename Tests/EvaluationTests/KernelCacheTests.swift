import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("The kernel cache")
struct KernelCacheTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "cache-tests-\(UUID().uuidString)")

    private func cache(limit: Int) throws -> KernelCache { try KernelCache(directory: directory, limit: limit) }

    /// `size` bytes with the digest behind them.
    private func add(_ cache: KernelCache, _ name: String, size: Int = 968) throws -> KernelCache.Lease {
        let file = cache.unfinished(name)
        try Data(repeating: UInt8(name.utf8.reduce(0, &+)), count: size).write(to: file)
        return try cache.add(file, as: name)
    }

    private func age(_ name: String, seconds: Double) throws {
        let date = Date(timeIntervalSinceNow: -seconds)
        try FileManager.default.setAttributes(
            [.modificationDate: date], ofItemAtPath: directory.appending(path: name).path)
    }

    private var names: Set<String> {
        get throws { Set(try FileManager.default.contentsOfDirectory(atPath: directory.path)) }
    }

    @Test("finds what was added, and nothing else")
    func finding() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let cache = try cache(limit: 1 << 20)
        #expect(cache.find("a.so") == nil)
        let lease = try add(cache, "a.so")
        #expect(lease.path == directory.appending(path: "a.so").path)
        #expect(cache.find("a.so")?.path == lease.path)
        #expect(try names == ["a.so"])
    }

    @Test("a file stays the same one when it is added again, for kernels are locked in with it")
    func addedAgain() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let cache = try cache(limit: 1 << 20)
        func identity() throws -> Int? {
            let path = directory.appending(path: "a.so").path
            return try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        }
        let first = try add(cache, "a.so")
        let number = try identity()
        let second = try add(cache, "a.so")
        #expect(try first.path == second.path && identity() == number && names == ["a.so"])
        // One that is damaged has nobody who uses it.
        try Data().write(to: directory.appending(path: "a.so"))
        _ = try add(cache, "a.so")
        #expect(try identity() != number && names == ["a.so"] && cache.find("a.so") != nil)
    }

    @Test("what can be neither taken nor replaced under a name is said, not waited for")
    func obstructed() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let cache = try cache(limit: 1 << 20)
        try FileManager.default.createDirectory(
            at: directory.appending(path: "a.so/inside"), withIntermediateDirectories: true)
        let failure = #expect(throws: Failure.self) { try add(cache, "a.so") }
        #expect(failure?.kind == .unavailable && failure?.message.contains("a.so: File exists") == true)
        #expect(try names == ["a.so"])
    }

    @Test("a shortened, a changed and an empty file are not found, and go")
    func damage() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let cache = try cache(limit: 1 << 20)
        let whole = try Data(contentsOf: URL(filePath: try add(cache, "a.so").path))
        #expect(whole.count == 1000)
        var changed = whole
        changed[500] ^= 1
        for contents in [whole.dropLast(), changed, Data(), whole.prefix(32)] {
            try contents.write(to: directory.appending(path: "a.so"))
            #expect(cache.find("a.so") == nil)
            #expect(try names.isEmpty)
        }
    }

    @Test("over the limit the least recently used go, but none that is in use")
    func eviction() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let first = try cache(limit: 1 << 20)
        for index in 0..<10 { _ = try add(first, "\(index).so") }
        for index in 0..<10 { try age("\(index).so", seconds: Double(100 - index)) }
        let held = first.find("0.so")
        try age("0.so", seconds: 1000)
        _ = first.find("1.so")
        // 10 files of 1000 bytes; down to 6000: 0 is the oldest but held, 1 was used just now.
        _ = try cache(limit: 8000)
        #expect(try names == ["0.so", "1.so", "6.so", "7.so", "8.so", "9.so"])
        withExtendedLifetime(held) {}
    }

    @Test("the directory stays near its limit however much is added, and unfinished files go when they are old")
    func bound() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let cache = try cache(limit: 20_000)
        for index in 0..<200 { _ = try add(cache, "\(index).so") }
        #expect(try names.count <= 20 + 32)
        #expect(try names.contains("199.so"))
        for (name, seconds) in [("x.so.1.tmp", 7200.0), ("y.so.2.tmp", 60)] {
            try Data(count: 10).write(to: directory.appending(path: name))
            try age(name, seconds: seconds)
        }
        _ = try self.cache(limit: 20_000)
        #expect(try !names.contains("x.so.1.tmp") && names.contains("y.so.2.tmp"))
    }
}
