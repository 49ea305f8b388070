import Synchronization

/// What tasks have to tell the one who waits for them, in the order in which it came: taken all at once, so that whoever was
/// busy for a while catches up in one go.
final class Mailbox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Letter] = []
        var reader: CheckedContinuation<[Letter], Never>?
    }

    private let state = Mutex(State())

    func post(_ letter: Letter) {
        let reader = state.withLock { state -> CheckedContinuation<[Letter], Never>? in
            guard let reader = state.reader else {
                state.letters.append(letter)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: [letter])
    }

    /// Waits for the first letter, if there is none. One reader at a time.
    func read() async -> [Letter] {
        await withCheckedContinuation { continuation in
            let letters = state.withLock { state -> [Letter] in
                defer { state.letters = [] }
                if state.letters.isEmpty { state.reader = continuation }
                return state.letters
            }
            if !letters.isEmpty { continuation.resume(returning: letters) }
        }
    }
}
