import CSandbox
import CTrainer
import Evaluation
import EvolveTypes
import Foundation

/// Runs kernels, each locked into a process of its own that is forked from this one and has its data sets.
struct KernelProcess {
    /// What this machine has of what was asked for.
    let isolation: IsolationReport
    let memoryLimit: Int

    enum Ending {
        /// - Parameter seconds: processor time of the kernel's process, as the operating system counted it.
        case answered(Answer, seconds: Double)
        case crashed(String)
        case timedOut
        /// From outside: it has no right to send signals, and its own limits have other signals.
        case killed
    }

    /// - Parameters:
    ///   - bytes: of the answer.
    ///   - body: runs in the kernel's process, with the loaded kernel; what it throws is the kernel's refusal.
    /// - Throws: `Failure` when the machine is broken: the library is not there, or no process can be had.
    func run(
        library: String, seconds: Double, bytes: Int, _ body: @escaping (LoadedKernel, Answer) throws -> Void
    ) throws -> Ending {
        guard access(library, R_OK) == 0 else {
            throw Failure(.internalError, "cannot read the compiled kernel \(library); try again")
        }
        return try confined(to: library, seconds: seconds, bytes: bytes) { answer, seal in
            let kernel = try LoadedKernel(path: library)
            seal()
            try body(kernel, answer)
        }
    }

    /// A process that does nothing.
    func trial() throws -> Ending {
        try confined(to: nil, seconds: 10, bytes: 0) { _, seal in seal() }
    }

    private func confined(
        to file: String?, seconds: Double, bytes: Int, _ body: @escaping (Answer, _ seal: () -> Void) throws -> Void
    ) throws -> Ending {
        let answer = try Answer(bytes: bytes)
        func work(_ seal: () -> Void) {
            do {
                try body(answer, seal)
                answer.give()
            } catch {
                answer.refuse("\(error)")
            }
        }
        guard isolation.layers.contains(.process) else {
            work {}
            return Self.ending(answer, .infinity)
        }
        var end = evt_sandbox_end()
        let status = file.withOptionalCString { file in
            var sandbox = evt_sandbox(
                layers: evt_sandbox_layers(
                    layers: isolation.layers.subtracting(.process).rawValue, landlock_abi: isolation.landlockABI),
                file: file, memory: Int64(memoryLimit), milliseconds: Int64(max(0, min(seconds, 1e9)) * 1000))
            let child = Child { [sandbox] in
                var sandbox = sandbox
                work { if evt_sandbox_seal(&sandbox) != 0 { _exit(Int32(EVT_NOT_CONFINED)) } }
            }
            return withExtendedLifetime(child) {
                evt_sandbox_run(&sandbox, Child.run, Unmanaged.passUnretained(child).toOpaque(), &end)
            }
        }
        guard status == 0 else {
            throw Failure(.unavailable, "no process for a kernel: \(String(cString: strerror(status)))")
        }
        switch end.ending {
        case EVT_TIMED_OUT: return .timedOut
        case EVT_SIGNALLED where end.value == SIGKILL: return .killed
        case EVT_EXITED where end.value == 0: return Self.ending(answer, end.seconds)
        default: return .crashed(Self.description(end))
        }
    }

    private static func ending(_ answer: Answer, _ seconds: Double) -> Ending {
        switch answer.state {
        case .given: .answered(answer, seconds: seconds)
        case .refused: .crashed(answer.message)
        case .none: .crashed("the kernel ended its process before there was an answer")
        }
    }

    private static func description(_ end: evt_sandbox_end) -> String {
        switch (end.ending, end.value) {
        case (EVT_SIGNALLED, SIGSYS): "the kernel made a system call that it must not make (SIGSYS)"
        case (EVT_SIGNALLED, SIGXCPU): "the kernel took more processor time than it may (SIGXCPU)"
        case (EVT_SIGNALLED, let signal): "the kernel's process ended with \(name(signal))"
        case (_, Int32(EVT_NOT_CONFINED)): "the kernel's process could not be locked in"
        case (_, let status): "the kernel's process ended with exit status \(status)"
        }
    }
}

private func name(_ signal: Int32) -> String {
    var message = [CChar](repeating: 0, count: 32)
    evt_process_signal_name(signal, &message, message.count)
    return text(message)
}

/// A closure that C can call in the forked process.
private final class Child {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }

    static let run: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
        guard let context else { return 1 }
        Unmanaged<Child>.fromOpaque(context).takeUnretainedValue().body()
        return 0
    }
}

extension String? {
    fileprivate func withOptionalCString<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let self else { return body(nil) }
        return self.withCString(body)
    }
}
