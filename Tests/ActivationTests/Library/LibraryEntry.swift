import ActivationCompiler
import ActivationIR
import ActivationPasses
import Foundation
import Testing

/// A file of Fitness/library: comments with name, source, notes and known values, then the function.
struct LibraryEntry: Sendable, CustomTestStringConvertible {
    /// The file's name without its ending.
    var file: String
    var text: String
    /// The first comment.
    var name: String
    /// What follows `// source: `.
    var source: String?
    /// The file of which this is another name, from `// same as: `.
    var sameAs: String?
    /// From lines `// f(x) = value`.
    var points: [(x: Double, value: Double)] = []

    var testDescription: String { file }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fitness/library")

    static let all: [LibraryEntry] = {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "c" }.sorted { $0.path < $1.path }.compactMap {
            try? LibraryEntry($0)
        }
    }()

    init(_ url: URL) throws {
        file = url.deletingPathExtension().lastPathComponent
        text = try String(contentsOf: url, encoding: .utf8)
        let comments = text.split(separator: "\n").prefix { $0.hasPrefix("// ") }.map { String($0.dropFirst(3)) }
        name = comments.first ?? ""
        for comment in comments.dropFirst() {
            if let rest = Self.rest(of: comment, after: "source: ") { source = rest }
            if let rest = Self.rest(of: comment, after: "same as: ") { sameAs = rest }
            if let rest = Self.rest(of: comment, after: "f(") {
                let sides = rest.components(separatedBy: ") = ")
                points.append((Double(sides[0]) ?? .nan, Double(sides.last ?? "") ?? .nan))
            }
        }
    }

    private static func rest(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    func compiled() throws -> CompiledActivation { try compile(text, named: file) }
}

/// The checked candidate of a text, or the test's end.
func compile(_ text: String, named name: String = "") throws -> CompiledActivation {
    let result = ActivationPipeline().compile(text)
    guard case .compiled(let candidate) = result else {
        Issue.record("\(name) \(text): \(result)")
        throw CancellationError()
    }
    return candidate
}

/// The candidate whose body is `return` of an expression in x.
func compile(expression: String) throws -> CompiledActivation {
    try compile("float activation(float x) { return \(expression); }")
}
