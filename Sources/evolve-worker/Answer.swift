import CSandbox
import EvolveTypes

/// Memory in which a kernel's process leaves its answer, as large as the job makes it.
///
/// Nothing in it is trusted. It is read when that process has ended, so that nobody writes while it is checked.
final class Answer {
    enum State: Int32 {
        case none = 0
        case given = 1
        /// The kernel cannot do this job; the message says why.
        case refused = 2
    }

    private let memory: UnsafeMutableRawPointer
    private let size: Int64
    /// State, then the message, then the seconds; a cache line's multiple.
    private static let (messagePlace, messageSize, secondsPlace, header) = (4, 500, 504, 512)

    init(bytes: Int) throws {
        size = Int64(Self.header + bytes)
        guard let memory = evt_sandbox_share(size) else {
            throw Failure(.unavailable, "no memory for the answer of a job (\(size) bytes)")
        }
        self.memory = memory
    }

    deinit { evt_sandbox_unshare(memory, size) }

    /// What the job itself lays out.
    var body: UnsafeMutableRawPointer { memory + Self.header }

    /// Of the core's time, as the kernel's process measured it.
    var seconds: Double {
        get { memory.load(fromByteOffset: Self.secondsPlace, as: Double.self) }
        set { memory.storeBytes(of: newValue, toByteOffset: Self.secondsPlace, as: Double.self) }
    }

    var state: State { State(rawValue: memory.load(as: Int32.self)) ?? .none }

    func give() { memory.storeBytes(of: State.given.rawValue, as: Int32.self) }

    func refuse(_ reason: String) {
        for (place, byte) in reason.utf8.prefix(Self.messageSize - 1).enumerated() {
            memory.storeBytes(of: byte, toByteOffset: Self.messagePlace + place, as: UInt8.self)
        }
        memory.storeBytes(of: State.refused.rawValue, as: Int32.self)
    }

    /// One line of printable characters, whatever is there.
    var message: String {
        let bytes = UnsafeRawBufferPointer(start: memory + Self.messagePlace, count: Self.messageSize)
        return String(decoding: bytes.prefix { $0 != 0 }.map { (32..<127).contains($0) ? $0 : 63 }, as: UTF8.self)
    }
}
