import CTrainer
import EvolveTypes
import Foundation
import Glibc

/// One running worker, used by one thread: the thread that started it, because the kernel of the operating system ends
/// the worker when that thread ends. Every call blocks; never use it from a task.
struct WorkerProcess {
    enum Answer {
        case line([UInt8])
        /// The process ended or closed its channel.
        case closed
        case timedOut
    }

    let pid: Int32
    private let channel: Int32
    private var received: [UInt8] = []

    /// A reply is short; anything longer is not one.
    private static let longestLine = 64 << 20

    /// - Throws: `Failure(.unavailable)` when the program cannot be started.
    init(executable: String, environment: [String: String]) throws {
        let words = [executable, String(getpid())]
        let settings = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var process = evt_process()
        var message = [CChar](repeating: 0, count: 256)
        let status = Self.withCStrings(words) { words in
            Self.withCStrings(settings) { settings in
                evt_process_spawn(executable, words, settings, &process, &message, message.count)
            }
        }
        guard status == EVT_OK else {
            throw Failure(.unavailable, "cannot start the worker \(executable): \(text(message)); build or install it")
        }
        pid = process.pid
        channel = process.channel
    }

    /// Sends a line and waits for the answering line.
    mutating func exchange(_ line: [UInt8], within seconds: Double) -> Answer {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(seconds)
        func left() -> Int64 { max(0, Int64((clock.now.duration(to: deadline) / .milliseconds(1)).rounded(.up))) }
        guard evt_process_send(channel, line, Int64(line.count), left()) == EVT_OK else {
            return left() == 0 ? .timedOut : .closed
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let answer = Array(received[..<end])
                received.removeSubrange(...end)
                return .line(answer)
            }
            searched = received.count
            guard searched <= Self.longestLine else { return .closed }
            let count = evt_process_receive(channel, &chunk, Int64(chunk.count), left())
            if count < 0 { return .timedOut }
            if count == 0 { return .closed }
            received += chunk[..<Int(count)]
        }
    }

    /// Ends the process group; how the process ended, for example "SIGSEGV" or "exit status 3".
    /// - Parameters:
    ///   - grace: seconds in which the process may still end by itself, so that its own end is reported.
    ///   - beforeReaping: called while the pid is still reserved.
    func end(grace: Double, beforeReaping: () -> Void) -> String {
        close(channel)
        let ended = evt_process_end(pid, Int64(grace * 1000))
        beforeReaping()
        guard ended == 1 else { return "lost" }
        var message = [CChar](repeating: 0, count: 64)
        evt_process_reap(pid, &message, message.count)
        return text(message)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("the terminating nil is always there") }
            return body(base)
        }
    }
}

/// The text of a C string buffer, up to its terminator.
package func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
