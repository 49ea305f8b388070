import Dispatch
import EvolveTypes
import Foundation

/// Turns SIGINT, SIGTERM, SIGHUP and SIGUSR1 into one request; a further SIGINT or SIGTERM ends the program at once (not a
/// SIGHUP: of a terminal that goes, kernel and shell both tell). The store is append-only, so even that loses nothing committed.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

    /// Seconds that answers of models may be waited for. Whoever sends SIGUSR1 has time: Slurm does, before it ends a job.
    private static func grace(_ number: Int32) -> Double { number == SIGUSR1 ? 20 : 3 }

    /// Whoever starts a program may have blocked signals, which it then inherits. To be called before there is a second thread.
    static func unblock() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// - Parameter request: is told the seconds of grace.
    init(_ request: @escaping @Sendable (Double) -> Void) {
        let queue = DispatchQueue(label: "evolve.signals")
        let seen = Counter()
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // Off the line where the terminal has echoed ^C.
                if isatty(STDERR_FILENO) == 1 { Output.note("") }
                if seen.increment() > 1, [SIGINT, SIGTERM].contains(number) {
                    exit(Failure.Kind.stoppedEarly.rawValue)
                }
                request(Self.grace(number))
            }
            source.resume()
            return source
        }
    }

    func cancel() { for source in sources { source.cancel() } }

    /// Only touched on the signal queue.
    private final class Counter: @unchecked Sendable {
        private var count = 0
        func increment() -> Int {
            count += 1
            return count
        }
    }
}
