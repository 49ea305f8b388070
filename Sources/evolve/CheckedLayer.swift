import EvolveTypes
import Foundation

/// The file of `check --layer`: a layer and dL/dy of it.
struct CheckedLayer: Decodable {
    /// [batch × units].
    var x: [[Double]]
    /// [batch × units].
    var cotangent: [[Double]]

    static func read(_ path: String) throws -> CheckedLayer {
        let shape = #"write {"x": [[…]], "cotangent": [[…]]} with numbers in rows of equal length"#
        let text = try SourceFile.read(path)
        guard let layer = try? JSONDecoder().decode(CheckedLayer.self, from: Data(text.utf8)) else {
            throw Failure(.badInput, "\(path) is not a layer; \(shape)")
        }
        guard let units = layer.x.first?.count, units > 0, layer.x.allSatisfy({ $0.count == units }) else {
            throw Failure(.badInput, "\(path): \"x\" must have rows of equal length, at least one number; \(shape)")
        }
        guard layer.cotangent.map(\.count) == layer.x.map(\.count) else {
            throw Failure(
                .badInput,
                "\(path): \"cotangent\" must have as many rows and columns as \"x\", "
                    + "\(layer.x.count) × \(units); \(shape)")
        }
        return layer
    }
}

/// What `check` says of a layer; nil stands for a number that is not finite.
struct LayerReport: Encodable {
    var y: [[Double?]]
    var gradX: [[Double?]]
    var gradTrainable: [Double?]

    enum CodingKeys: String, CodingKey {
        case y
        case gradX = "grad_x"
        case gradTrainable = "grad_trainable"
    }

    var lines: [String] {
        func text(_ row: [Double?]) -> String {
            row.map { $0.map { "\($0)" } ?? "not finite" }.joined(separator: "  ")
        }
        func table(_ name: String, _ rows: [[Double?]]) -> [String] { [name + ":"] + rows.map { "  " + text($0) } }
        return table("y", y) + table("grad_x", gradX) + table("grad_trainable", [gradTrainable])
    }
}
