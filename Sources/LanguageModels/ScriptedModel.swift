import EvolveTypes
import Foundation

/// A model whose answers are written in a file: for tests, and for runs without any model.
///
/// The file is UTF-8 text. A line of exactly `---` separates answers; answer k (from 0) goes to the request with
/// `index` k, in whatever order requests arrive. Line breaks at the ends of an answer are no part of it. A file of n
/// separators holds n + 1 answers, of which none may be empty; one separator at the end of the file is allowed.
package struct ScriptedModel: LanguageModel {
    package let name: String
    private let answers: [String]

    /// - Parameter origin: what to call the text in messages and in `name`, normally its path.
    /// - Throws: `Failure` when an answer is empty.
    package init(text: String, origin: String) throws {
        var parts = [[Substring]()]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "---" || line == "---\r" { parts.append([]) } else { parts[parts.count - 1].append(line) }
        }
        var answers = parts.map { $0.joined(separator: "\n").trimmingCharacters(in: .newlines) }
        if answers.count > 1, answers.last == "" { answers.removeLast() }
        if let empty = answers.firstIndex(of: "") {
            throw Failure(
                .badInput,
                "\(origin): answer \(empty) is empty; separate answers with one line \"---\" and write each of them")
        }
        self.answers = answers
        self.name = "scripted/" + ((origin as NSString).lastPathComponent)
    }

    /// - Throws: `Failure` when the file cannot be read as UTF-8 text or an answer is empty.
    package init(path: String) throws {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Failure(.badInput, "cannot read the scripted answers \(path) as UTF-8 text; check the path")
        }
        try self.init(text: text, origin: path)
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        try Task.checkCancellation()
        guard answers.indices.contains(request.index) else {
            throw ModelFailure(
                .exhausted, "request \(request.index), but the script has \(answers.count) answers",
                wasSent: false)
        }
        // Nothing was computed, so nothing is charged.
        return ModelAnswer(text: answers[request.index])
    }
}
