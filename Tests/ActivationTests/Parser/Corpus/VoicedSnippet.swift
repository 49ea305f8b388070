import Foundation
import Testing

/// A model's whole answer, as it may come over the wire, and what must become of it.
struct VoicedSnippet: CustomTestStringConvertible, Sendable {
    enum Verdict: Sendable {
        /// The same function in double precision.
        case accepted(@Sendable (Double) -> Double)
        /// Line of the extracted text, and part of the message: these errors, in any order, and no others.
        case refused([(line: Int, message: String)])
    }

    var testDescription: String
    var answer: String
    var verdict: Verdict

    static func accepted(
        _ name: String, _ answer: String, _ meaning: @escaping @Sendable (Double) -> Double
    ) -> VoicedSnippet {
        VoicedSnippet(testDescription: name, answer: answer, verdict: .accepted(meaning))
    }

    static func refused(_ name: String, _ answer: String, _ errors: (line: Int, message: String)...) -> VoicedSnippet {
        VoicedSnippet(testDescription: name, answer: answer, verdict: .refused(errors))
    }

    static let all = chat + code + tiny + textbook + pytorch

    // The field's functions, for the closures.
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
    static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }
}
