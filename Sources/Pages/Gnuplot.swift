import EvolveTypes
import Foundation
import Subprocess

/// Draws plots with gnuplot, as SVG that takes its colours from the page around it.
package struct Gnuplot: Sendable {
    private let program: String

    /// - Parameter find: the path of an installed program, by its name.
    /// - Throws: `Failure(.unavailable)` when there is no gnuplot.
    package init(find: (String) -> String?) throws {
        guard let program = find("gnuplot") else {
            throw Failure(
                .unavailable, "pictures are drawn by gnuplot, which is not on PATH: install the package gnuplot-nox")
        }
        self.program = program
    }

    /// - Returns: an svg element.
    func draw(_ plot: Plot) async throws -> String {
        let result = try await run(
            .path(.init(program)), arguments: ["-"], environment: .custom(["LC_ALL": "C.UTF-8"]),
            input: .string(plot.script), output: .string(limit: 8 << 20), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess, let begin = result.standardOutput.range(of: "<svg") else {
            let reason = result.standardError.split(separator: "\n").first ?? "no word why"
            throw Failure(.internalError, "gnuplot did not draw the picture \"\(plot.name)\": \(reason)")
        }
        return Self.fitted(String(result.standardOutput[begin.lowerBound...]), to: plot)
    }

    /// With names of its own, so that several can stand in one page, and words for those who do not see it.
    private static func fitted(_ svg: String, to plot: Plot) -> String {
        var text = svg
        text.replace(/<filter.*?<\/filter>/.dotMatchesNewlines(), with: "")
        text.replace(/<(title|desc)>.*?<\/(title|desc)>/.dotMatchesNewlines(), with: "")
        text.replace(/rgb\( *(\d+), *(\d+), *(\d+)\)/) { "rgb(\($0.1),\($0.2),\($0.3))" }
        text.replace(/\sid=["'](\w+)["']/) { " id=\"\(plot.name)-\($0.1)\"" }
        text.replace(/href='#(\w+)'/) { "href='#\(plot.name)-\($0.1)'" }
        for _ in 0..<2 { text.replace(/<g [^>]*>\s*<\/g>\n?/, with: "") }
        let label = "role=\"img\" aria-labelledby=\"\(plot.name)-title \(plot.name)-words\""
        let words =
            "<title id=\"\(plot.name)-title\">\(escaped(plot.title))</title>"
            + "<desc id=\"\(plot.name)-words\">\(escaped(plot.words))</desc>"
        text.replace("<svg", with: "<svg \(label)", maxReplacements: 1)
        if let end = text.firstIndex(of: ">") { text.insert(contentsOf: words, at: text.index(after: end)) }
        return text
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
