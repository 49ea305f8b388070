import ActivationCodegen
import Foundation

/// What a file says of itself.
enum ExportHeader {
    /// - Parameter usage: how it is used, one sentence a line.
    static func lines(of function: ExportedFunction, usage: [String]) -> [String] {
        let (origin, total) = (function.origin, function.compiled.cost.total)
        let cost = total == total.rounded() ? String(Int(total)) : String(format: "%.1f", total)
        var lines = ["\(function.name): an activation function found by evolve."]
        if let idea = function.compiled.idea { lines.append("Idea: \(plain(idea))") }
        lines.append("f(x) = \(function.compiled.formula)")
        if !function.parameters.isEmpty {
            let initials = function.parameters.map { "\($0.name) = \(Literal.shortest($0.initial))" }
            lines.append(
                "Trained with the weights, one for each layer; at first " + initials.joined(separator: ", ") + ".")
        }
        if function.readsLayer {
            lines.append("It reads the layer around an element: arrays are [samples..., units], in training as in use.")
        }
        lines.append(
            "Cost: \(cost) operations for each element, with its gradient.")
        lines += [""] + usage + [""]
        let candidate = origin.candidate.map { ", candidate \($0)" } ?? ""
        lines.append("From: \(plain(origin.name))\(candidate)")
        if let digest = origin.digest { lines.append("Digest of the run: \(digest)") }
        lines += origin.findings.map(plain) + origin.attributions.map(plain)
        lines += [
            "Licence: what evolve writes into this file may be used under any terms, without any warranty. Whether the function",
            "itself is free to use is for you to know: see the licence of the model that proposed it.",
        ]
        return lines
    }

    /// A text of others on one line, without anything that could end a comment or a string.
    static func plain(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "\\", "\"", "'", "`": " "
                case "*", "/": scalar == "*" ? "·" : "∕"
                default:
                    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .lineSeparator
                        || scalar.properties.generalCategory == .paragraphSeparator
                        || scalar.properties.generalCategory == .format
                        ? " " : Character(scalar)
                }
            })
    }
}
