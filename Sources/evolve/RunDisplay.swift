import Engine
import EvolveTypes
import Foundation
import Reporting
import RunStore
import Synchronization

/// Shows a run going on: a live panel on a terminal, plain lines elsewhere, or a JSON event a line.
final class RunDisplay: Sendable {
    private enum Mode { case panel, lines, json }

    private struct State {
        var progress: RunProgress
        var drawn = 0
        var lastDraw = -Double.infinity
        var isClosed = false
    }

    private let mode: Mode
    private let path: String
    private let clock: @Sendable () -> Double
    private let state: Mutex<State>

    /// Seconds between two drawings of the panel.
    private static let interval = 0.2

    /// - Parameter clock: seconds since some fixed instant.
    init(_ progress: RunProgress, json: Bool, path: String, clock: @escaping @Sendable () -> Double) {
        mode = json ? .json : isatty(STDERR_FILENO) == 1 ? .panel : .lines
        self.path = path
        self.clock = clock
        state = Mutex(State(progress: progress))
        guard mode == .panel else { return }
        // Draws the panel anew while nothing happens, so that the time left goes on; ends soon after `close`.
        Thread.detachNewThread { while self.redraw() { sleep(1) } }
    }

    func show(_ event: RunEvent) {
        let time = clock()
        state.withLock { state in
            guard !state.isClosed else { return }
            state.progress.take(event, at: time)
            switch mode {
            case .panel:
                if time - state.lastDraw >= Self.interval { draw(&state, at: time) }
            case .lines:
                if let line = state.progress.plainLine(for: event, at: time) { Output.note(line) }
            case .json:
                if let line = EventLine(event, store: path) { try? Output.jsonLine(line) }
            }
        }
    }

    /// Leaves the panel with the last word and shows nothing more.
    func close() {
        redraw()
        state.withLock { $0.isClosed = true }
    }

    /// - Returns: false when the display is closed.
    @discardableResult
    private func redraw() -> Bool {
        let time = clock()
        return state.withLock { state in
            if mode == .panel, !state.isClosed, state.drawn > 0 { draw(&state, at: time) }
            return !state.isClosed
        }
    }

    private func draw(_ state: inout State, at time: Double) {
        state.lastDraw = time
        let width = Self.terminalWidth()
        let lines = state.progress.panel(at: time).map { String($0.prefix(width - 1)) }
        // Up over the last drawing, then each line anew, cleared to its end.
        let up = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
        // What stood there may have had more lines.
        Output.draw(up + lines.map { "\r\u{1B}[K" + $0 + "\n" }.joined() + "\u{1B}[J")
        state.drawn = lines.count
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
    }
}

/// A `RunEvent` as `run --json` prints it; the keys are documented in docs/json.md.
struct EventLine: Encodable {
    var event: String
    var store: String?
    var slots: Int?
    var slot: Int?
    var island: String?
    var variation: String?
    var parents: [Int]?
    var verdict: String?
    var reason: String?
    var gain: Estimate?
    var stage: String?
    var name: String?
    var family: String?
    var opponent: String?
    var form: String?
    var steps: Int?
    var standIn: String?
    var model: String?
    var spend: Spend?
    var seconds: Double?
    var calls: Int?

    init?(_ event: RunEvent, store: String) {
        switch event {
        case .searching(let committed, let total, _):
            self.event = "searching"
            self.store = store
            slots = total
            slot = committed
        case .committed(let record):
            self.event = "committed"
            slot = record.slot
            island = record.island
            variation = record.variation
            standIn = record.standIn
            parents = record.parents
            verdict = record.verdict.name
            reason = record.verdict.reason
            gain = record.verdict.score?.gain
        case .verifying(let part, let steps):
            self.event = "verifying"
            stage = part.rawValue
            self.steps = steps
        case .worked: return nil
        case .rejoining: self.event = "rejoining"
        case .stopping(let calls, let seconds):
            self.event = "stopping"
            self.calls = calls
            self.seconds = seconds
        case .verified(let record):
            self.event = "verified"
            stage = record.stage.rawValue
            name = record.name
            family = record.family
            opponent = record.duel?.opponent
            form = record.duel?.form
            verdict = record.verdict.name
            gain = record.verdict.score?.gain
        case .answered(let record):
            self.event = "answered"
            slot = record.slot
            model = record.model
            spend = record.spend
            verdict = record.failure == nil ? "ok" : "failed"
            reason = record.failure
        case .modelPaused(let model, let seconds, let reason):
            self.event = "modelPaused"
            self.model = model
            self.seconds = seconds
            self.reason = reason
        case .modelRecovered(let model):
            self.event = "modelRecovered"
            self.model = model
        }
    }
}
