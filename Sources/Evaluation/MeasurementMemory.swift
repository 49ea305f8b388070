import EvolveTypes
import Foundation
import Synchronization

/// What functions came to on a suite, by their behaviour, kept in a file: so that searches can be repeated under other
/// policies without training any function twice.
///
/// The file is a line of JSON, which names the suite, and one entry after the other. An entry is the first eight bytes of the
/// behaviour's fingerprint, split, purpose, first and last seed, what became of it, a count, and its gains: per task and
/// seed, out of distribution, then in distribution, each in two bytes as a share of the suite's clip (0.0006 dB of 20).
/// A part of an entry at the end, of a process that was killed, is cut off.
///
/// One process at a time: the file is locked as long as the memory lives.
package final class MeasurementMemory: Sendable {
    private struct Heading: Codable, Equatable {
        var measurements = 1
        var suite: String
        /// See `SuitePolicy.measurementDigest`.
        var digest: String
        /// Of the networks' seeds.
        var seed: UInt64
    }

    /// What was asked of which behaviour.
    private struct Key: Hashable {
        var behaviour: UInt64
        var split: UInt8
        var purpose: UInt8
        var first: UInt8
        var end: UInt8

        /// nil for what is not remembered: part of the tasks, or more than 255 seeds.
        init?(_ fingerprint: String, _ request: MeasurementRequest) {
            guard request.family == nil, let behaviour = UInt64(fingerprint.prefix(16), radix: 16),
                let first = UInt8(exactly: request.seeds.lowerBound),
                let end = UInt8(exactly: request.seeds.upperBound),
                let split = SuitePolicy.Split.allCases.firstIndex(of: request.split),
                let purpose = SeedPurpose.allCases.firstIndex(of: request.purpose)
            else { return nil }
            self.init(
                behaviour: behaviour, split: UInt8(split), purpose: UInt8(purpose), first: first, end: end)
        }

        init(behaviour: UInt64, split: UInt8, purpose: UInt8, first: UInt8, end: UInt8) {
            (self.behaviour, self.split, self.purpose, self.first, self.end) = (behaviour, split, purpose, first, end)
        }
    }

    private enum Ending: UInt8 { case scored, diverged, crashed }

    private struct Entry {
        var ending: Ending
        /// Of a score its gains, of everything else what is said of it, in UTF-8.
        var body: Data
    }

    private struct Contents {
        var entries: [Key: Entry] = [:]
        var handle: FileHandle
    }

    private let suite: SuitePolicy
    private let contents: Mutex<Contents>

    /// - Parameter seed: of the evaluator's networks.
    /// - Throws: `Failure(.badInput)` for a file of another suite or seed, or none of this kind; `.unavailable` while another process has it.
    package init(file: URL, suite: SuitePolicy, seed: UInt64) throws {
        self.suite = suite
        let heading = Heading(suite: suite.name, digest: try suite.measurementDigest, seed: seed)
        let descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Failure(.badInput, "\(file.path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Failure(.unavailable, "\(file.path) is in use by another process: wait for it, or give another file")
        }
        let bytes = try handle.readToEnd() ?? Data()
        if bytes.isEmpty {
            try handle.write(contentsOf: try CanonicalJSON.encode(heading) + [UInt8(ascii: "\n")])
            contents = Mutex(Contents(handle: handle))
            return
        }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let found = try? CanonicalJSON.decode(Heading.self, from: bytes[..<end])
        else { throw Failure(.badInput, "\(file.path) holds no measurements: give another file, or a new one") }
        guard found == heading else {
            throw Failure(
                .badInput,
                "\(file.path) holds measurements on \(found.suite) (\(found.digest.prefix(8)), seed \(found.seed)), not on "
                    + "\(suite.name) (\(heading.digest.prefix(8)), seed \(seed)): give another file, or a new one")
        }
        var reader = Reader(bytes: bytes, place: end + 1)
        var entries: [Key: Entry] = [:]
        while let (key, entry) = reader.next() { entries[key] = entry }
        try handle.truncate(atOffset: UInt64(reader.place))
        contents = Mutex(Contents(entries: entries, handle: handle))
    }

    /// Measurements.
    package var count: Int { contents.withLock { $0.entries.count } }

    /// Different behaviours among them.
    package var functions: Int { contents.withLock { Set($0.entries.keys.map(\.behaviour)).count } }

    package func verdict(of fingerprint: String, _ request: MeasurementRequest) -> Verdict? {
        guard let key = Key(fingerprint, request), let entry = contents.withLock({ $0.entries[key] }) else {
            return nil
        }
        let words = { String(decoding: entry.body, as: UTF8.self) }
        switch entry.ending {
        case .scored: return score(entry.body, request).map(Verdict.scored)
        case .diverged: return .diverged(words())
        case .crashed: return .crashed(words())
        }
    }

    /// Writes it down, unless it is known, or says more of the machine than of the function.
    package func keep(_ verdict: Verdict, of fingerprint: String, _ request: MeasurementRequest) throws {
        guard let key = Key(fingerprint, request), let entry = entry(verdict) else { return }
        try contents.withLock { contents in
            guard contents.entries[key] == nil else { return }
            try contents.handle.write(contentsOf: Self.bytes(key, entry))
            contents.entries[key] = entry
        }
    }

    // MARK: - Entries

    /// Decibels of the smallest difference.
    private var unit: Double { suite.scoring.clip / 32_000 }

    private func entry(_ verdict: Verdict) -> Entry? {
        switch verdict {
        case .scored(let score):
            let gains = score.tasks.flatMap(\.gains) + score.tasks.flatMap(\.inDistributionGains)
            var body = Data(capacity: 2 * gains.count)
            for gain in gains {
                withUnsafeBytes(of: Int16((gain / unit).rounded()).littleEndian) { body.append(contentsOf: $0) }
            }
            return Entry(ending: .scored, body: body)
        case .diverged(let words): return Entry(ending: .diverged, body: Data(words.utf8))
        case .crashed(let words): return Entry(ending: .crashed, body: Data(words.utf8))
        default: return nil
        }
    }

    /// nil when the entry does not fit the request.
    private func score(_ body: Data, _ request: MeasurementRequest) -> Score? {
        let tasks = suite.taskIndices(in: request.split).map { suite.tasks[$0] }
        let (seeds, half) = (request.seeds.count, tasks.count * request.seeds.count)
        guard body.count == 4 * half else { return nil }
        let gains = body.withUnsafeBytes { bytes in
            (0..<2 * half).map { place in
                unit * Double(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: Int16.self)))
            }
        }
        let scores = tasks.enumerated().map { place, task in
            let first = place * seeds
            return TaskScore(
                task: task.name, family: task.family, gains: Array(gains[first..<first + seeds]),
                inDistributionGains: Array(gains[half + first..<half + first + seeds]))
        }
        return Scoring.score(scores, clip: suite.scoring.clip, steps: half * suite.training.steps)
    }

    private static func bytes(_ key: Key, _ entry: Entry) -> Data {
        var bytes = Data()
        withUnsafeBytes(of: key.behaviour.littleEndian) { bytes.append(contentsOf: $0) }
        bytes += [key.split, key.purpose, key.first, key.end, entry.ending.rawValue]
        withUnsafeBytes(of: UInt16(clamping: entry.body.count).littleEndian) { bytes.append(contentsOf: $0) }
        return bytes + entry.body.prefix(Int(UInt16.max))
    }

    private struct Reader {
        var bytes: Data
        /// Of the next entry.
        var place: Int
        private static let head = 15

        init(bytes: Data, place: Int) { (self.bytes, self.place) = (bytes, place) }

        /// nil at the end, and at what is not a whole entry.
        mutating func next() -> (Key, Entry)? {
            guard place + Self.head <= bytes.count else { return nil }
            let (behaviour, count) = bytes.withUnsafeBytes { raw in
                (
                    UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
                    Int(UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: place + 13, as: UInt16.self)))
                )
            }
            let small = bytes[place + 8..<place + 13].map { $0 }
            let (start, end) = (place + Self.head, place + Self.head + count)
            guard end <= bytes.count, let ending = Ending(rawValue: small[4]) else { return nil }
            place = end
            return (
                Key(behaviour: behaviour, split: small[0], purpose: small[1], first: small[2], end: small[3]),
                Entry(ending: ending, body: Data(bytes[start..<end]))
            )
        }
    }
}
