import EvolveTypes
import Foundation
import RunStore
import Synchronization

/// A file of answers, a line of JSON for each, that grows as they come: what a measurement keeps of a model.
final class AnswerFile: AnswerStore {
    private let kept = Mutex<[AnswerRecord]>([])
    private let handle: FileHandle

    /// Opens or makes the file. A last line that was cut short is dropped.
    init(path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        guard let data = FileManager.default.contents(atPath: path), let handle = FileHandle(forUpdatingAtPath: path)
        else {
            throw Failure(.badInput, "\(path) cannot be read and written; check its folder")
        }
        self.handle = handle
        let whole = data[..<(data.lastIndex(of: 10).map { $0 + 1 } ?? 0)]
        let lines = whole.split(separator: 10)
        let answers = try lines.map { try CanonicalJSON.decode(AnswerRecord.self, from: Data($0)) }
        kept.withLock { $0 = answers }
        try handle.truncate(atOffset: UInt64(whole.count))
        try handle.seekToEnd()
    }

    /// The last answer to one of the slot's questions.
    func answer(slot: Int, turn: Int) -> AnswerRecord? {
        kept.withLock { $0.last { $0.slot == slot && ($0.turn ?? $0.attempt) == turn } }
    }

    func record(_ answers: [AnswerRecord]) throws -> [Bool] {
        for answer in answers {
            try handle.write(contentsOf: try CanonicalJSON.encode(answer) + Data([10]))
            kept.withLock { $0.append(answer) }
        }
        return answers.map { _ in true }
    }

    func answers(of slot: Int) -> [AnswerRecord] { kept.withLock { $0.filter { $0.slot == slot } } }

    // One process asks, and what it did not live to record is asked again.
    func begin(_ calls: [CallRecord]) -> [Int] {
        calls.map { (answers(of: $0.slot).map(\.attempt).max() ?? -1) + 1 }
    }
    func openCalls(of slot: Int) -> [CallRecord] { [] }
}
