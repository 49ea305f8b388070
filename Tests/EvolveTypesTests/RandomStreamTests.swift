import EvolveTypes
import Testing

@Suite("Keyed random streams")
struct RandomStreamTests {
    @Test("The same key gives the same numbers, on every machine")
    func sameKeySameNumbers() {
        var stream = RandomStream(key: ["7", "smooth", "12", "plan"])
        let first = (0..<3).map { _ in stream.next() }
        var again = RandomStream(key: ["7", "smooth", "12", "plan"])
        #expect((0..<3).map { _ in again.next() } == first)
        // Frozen: a change here makes every stored run unresumable.
        #expect(first == [11_369_407_474_157_581_264, 5_208_727_571_673_143_213, 1_752_056_664_306_558_887])
    }

    @Test("Keys that join to the same text name different streams")
    func keysAreNotJoined() {
        var first = RandomStream(key: ["ab", "c"])
        var second = RandomStream(key: ["a", "bc"])
        var third = RandomStream(key: ["ab/1:c"])
        let numbers = [first.next(), second.next(), third.next()]
        #expect(Set(numbers).count == 3)
    }

    @Test("Uniform numbers fill [0, 1) evenly")
    func uniformIsUniform() {
        var stream = RandomStream(key: ["uniform"])
        let draws = (0..<20_000).map { _ in stream.uniform() }
        #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(abs(draws.reduce(0, +) / 20_000 - 0.5) < 0.01)
        for decile in 0..<10 {
            let share = draws.count { Int($0 * 10) == decile }
            #expect(abs(share - 2000) < 200)
        }
    }

    @Test("An index is drawn in proportion to its weight, never one of weight zero")
    func weightedPick() {
        var stream = RandomStream(key: ["weights"])
        var counts = [0, 0, 0, 0]
        for _ in 0..<8000 { counts[stream.pick(weights: [1, 0, 3, 0]) ?? 1] += 1 }
        #expect(counts[1] == 0 && counts[3] == 0)
        #expect(abs(Double(counts[2]) / 8000 - 0.75) < 0.03)
        #expect(stream.pick(weights: [0, 0]) == nil)
        #expect(stream.pick([Int]()) == nil)
    }
}

@Suite("Digests")
struct DigestTests {
    @Test("SHA-256 of the standard's examples")
    func knownDigests() {
        #expect(Digest.hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Digest.hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("Canonical JSON sorts keys, keeps slashes, and gives numbers back bit for bit")
    func canonicalJSON() throws {
        let text = String(decoding: try CanonicalJSON.encode(["b": 1.0, "a/c": 0.1]), as: UTF8.self)
        #expect(text == #"{"a/c":0.1,"b":1}"#)
        var stream = RandomStream(key: ["json"])
        let numbers = (0..<1000).map { _ in (stream.uniform() - 0.5) * 1e3 }
        let data = try CanonicalJSON.encode(numbers)
        #expect(try CanonicalJSON.decode([Double].self, from: data) == numbers)
    }

    @Test("A verdict survives its JSON")
    func verdictsRoundTrip() throws {
        let verdicts: [Verdict] = [
            .refused([Diagnostic(line: 3, column: 7, "unknown name 'sine'; write sinf")]),
            .tooCostly(cost: 130, limit: 120), .unsound("f(0) is not finite"), .duplicate(of: 4), .crashed("SIGSEGV"),
        ]
        for verdict in verdicts {
            let data = try CanonicalJSON.encode(verdict)
            #expect(try CanonicalJSON.decode(Verdict.self, from: data) == verdict)
        }
    }
}
