import ActivationIR
import EvolveTypes
import Foundation

/// The function as data: for tools that write files of their own.
enum JSONExport {
    struct Document: Codable {
        struct Constant: Codable {
            var name: String
            var initial: Double
        }

        struct Step: Codable {
            var op: String
            /// Numbers of earlier steps.
            var operands: [Int]
            /// The value of a constant, the number of a parameter, the places of a unit_shift; else nil.
            var payload: Double?
        }

        var name: String
        var idea: String?
        var source: String
        var formula: String
        var cost: Double
        var canonicalHash: String
        var fingerprint: String
        var readsLayer: Bool
        var parameters: [Constant]
        /// Straight-line, in order.
        var program: [Step]
        /// Numbers of steps: y, dy/dx, then dy/dp for each parameter; of a layer's function y, dL/dx, parts of dL/dp.
        var outputs: [Int]
        var origin: ExportedFunction.Origin
        /// In sentences.
        var licence: [String]
        var testValues: TestValues
    }

    static func data(of function: ExportedFunction) throws -> Data {
        let gradient = function.gradient
        let document = Document(
            name: function.name, idea: function.compiled.idea, source: function.compiled.source,
            formula: function.compiled.formula, cost: function.compiled.cost.total,
            canonicalHash: function.compiled.canonicalHash, fingerprint: function.compiled.fingerprint,
            readsLayer: function.readsLayer,
            parameters: function.parameters.map { Document.Constant(name: $0.name, initial: $0.initial) },
            program: gradient.nodes.map { node in
                let hasPayload = [.constant, .parameter, .unitShift].contains(node.op)
                return Document.Step(
                    op: node.op.name, operands: node.operands, payload: hasPayload ? node.payload : nil)
            }, outputs: gradient.outputs, origin: function.origin,
            licence: ExportHeader.licence(of: function.origin), testValues: TestValues(function))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(document) + Data("\n".utf8)
    }
}
