import ActivationCodegen
import ActivationIR
import Foundation

/// What a file says of itself.
enum ExportHeader {
    /// - Parameter usage: how it is used, one sentence a line.
    static func lines(of function: ExportedFunction, usage: [String]) -> [String] {
        let (origin, total) = (function.origin, function.compiled.cost.total)
        let cost = total == total.rounded() ? String(Int(total)) : String(format: "%.1f", total)
        var lines = ["\(function.name): \(kind(origin))."]
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
        return lines + licence(of: origin)
    }

    private static func kind(_ origin: ExportedFunction.Origin) -> String {
        switch origin.maker {
        case .file: "an activation function, of \(plain(origin.name))"
        case .known: "a known activation function, of evolve's library"
        case .seed: "a seed program of a search by evolve, which began with it"
        case .search, .model: "an activation function found by evolve"
        }
    }

    /// What is known of whose the function is, one sentence a line.
    static func licence(of origin: ExportedFunction.Origin) -> [String] {
        let itself =
            switch origin.maker {
            case .file: "The function itself is under the terms of \(plain(origin.name))."
            case .known, .seed: "The function itself was known before: evolve did not find it."
            case .search:
                "Operators of the search made the function itself out of seed programs, without a language model."
            case .model:
                "Language models had a part in the function itself (\(origin.models.map(plain).joined(separator: ", "))): see their licences."
            }
        return [
            "Licence: what evolve writes into this file may be used under any terms, without any warranty.", itself,
        ]
    }

    /// Of a gradient that cuts out points: what higher derivatives are there.
    static func second(of function: ExportedFunction) -> [String] {
        let operators = Set(zip(function.gradient.nodes, function.gradient.isLive).filter(\.1).map(\.0.op))
        let unbounded: Set<Operator> = [.divide, .squareRoot, .cubeRoot, .log, .log2, .log10, .log1p, .pow, .atan2]
        let cutsOut =
            operators.contains(.maskedMultiply) || operators.contains(.select) && !operators.isDisjoint(with: unbounded)
        return cutsOut
            ? [
                "Second derivatives are the framework's, of this gradient: at a point that a condition cuts out they may be NaN."
            ]
            : []
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
