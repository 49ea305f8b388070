import Foundation
import Reporting

/// What gnuplot is told to draw.
struct Plot: Sendable {
    /// Colours that stand for what the page's style says, by role.
    enum Ink: Int {
        case axis = 1, grid, ours, reference, other, faint, gain, loss

        var colour: String { String(format: "rgb \"#%02d%02d%02d\"", rawValue, rawValue, rawValue) }
    }

    /// What a mark stands for: the page draws the key, so that it breaks its lines as a text does.
    struct Key: Sendable {
        enum Shape: String, Sendable { case line, dashed, dotted, dot, small, ring, square, triangle, star, stick }

        var shape: String
        /// A class of the page's style.
        var ink: String
        var words: String

        init(_ shape: Shape, _ ink: Ink, _ words: String) {
            self.shape = shape.rawValue
            self.ink = "\(ink)"
            self.words = words.typeset
        }
    }

    /// Letters only: it names the picture's parts.
    var name: String
    var title: String
    /// What is to be seen, for those who cannot.
    var words: String
    /// For those who can.
    var caption = ""
    var keys: [Key] = []
    var width = 720
    var height = 360
    private var lines: [String] = []

    init(name: String, title: String, words: String) {
        self.name = name
        self.title = title
        self.words = words
    }

    /// How vectors become intervals.
    static let interval = "heads size screen 0.006,90 linewidth 1.5"

    mutating func say(_ line: String) { lines.append(line) }

    /// Numbers that the plot refers to by the block's name, a row a line.
    mutating func give(_ block: String, _ rows: [[Double]]) {
        let text = rows.map { $0.map { $0.isFinite ? String(format: "%.6g", $0) : "NaN" }.joined(separator: " ") }
        lines += ["$\(block) << EOD"] + (text.isEmpty ? ["NaN NaN NaN NaN"] : text) + ["EOD"]
    }

    /// Ticks at round numbers from 0 to `end`, at most about seven.
    mutating func tick(to end: Double) {
        let rough = max(end, 1) / 7
        let power = pow(10, floor(log10(rough)))
        let step = max(1, Int([1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough))
        let ticks = stride(from: 0, through: Int(end), by: step).map { "'\(Figures.count($0))' \($0)" }
        say("set xtics (\(ticks.joined(separator: ", ")))")
    }

    var script: String {
        let head = [
            "set encoding utf8", "set minussign",
            "set terminal svg size \(width),\(height) dynamic font 'sans-serif,14' noenhanced",
            "set border 3 linecolor \(Ink.axis.colour)",
            "set tics nomirror textcolor \(Ink.axis.colour)",
            "set grid linecolor \(Ink.grid.colour) linetype 1 linewidth 0.5",
            "unset key",
            "set xzeroaxis linecolor \(Ink.axis.colour) linetype 1 linewidth 0.7",
        ]
        return (head + lines).joined(separator: "\n") + "\n"
    }
}
