import ActivationCodegen
import ActivationIR
import Foundation

/// An ONNX model: a graph that is the function, written as one function of standard operators, and its gradient as another.
enum ONNXExport {
    private static let opset = 18
    private static let domain = "evolve"
    /// ONNX's numbers for element types and attribute types.
    private enum Element { static let (float, int64) = (1, 7) }
    private enum Attribute { static let (integer, tensor) = (2, 4) }

    /// What is called what: an operator's text is ONNXGraph's.
    private static let words = Language(
        constant: { "\($0)" }, functions: [:], reserved: ["x", "g", "y", "dx"], forms: ["{name}", "{name}_slopes"],
        typeForms: [], companion: "d{0}")

    static func model(of function: ExportedFunction) -> Data {
        let names = ExportNames(function.name, parameters: function.parameters, language: words)
        var value = function.gradient
        value.outputs = [function.gradient.outputs[0]]
        var gradient = function.gradient
        gradient.outputs.removeFirst()
        var model = ProtocolBuffer()
        model.put(1, 9)  // IR version, of ONNX 1.14
        model.put(2, "evolve")
        model.put(
            6,
            ExportHeader.lines(of: function, usage: usage(names.function, function.readsLayer)).joined(separator: "\n"))
        model.put(7) { graph(&$0, function, names) }
        for name in ["", domain] { model.put(8) { opsets(&$0, name) } }
        for (key, text) in metadata(function) {
            model.put(14) { entry in
                entry.put(1, key)
                entry.put(2, text)
            }
        }
        model.put(25) { definition(&$0, names.function, ["x"] + names.parameters, value, ["y"], names) }
        model.put(25) {
            definition(
                &$0, names.function + "_slopes", ["x", "g"] + names.parameters, gradient, names.companions, names,
                isSlope: !function.readsLayer)
        }
        return model.bytes
    }

    private static func usage(_ name: String, _ readsLayer: Bool) -> [String] {
        [
            "The graph computes y from x, float32 of the shape [batch × units]."
        ]
            + (readsLayer
                ? []
                : [
                    "ONNX wants a number of dimensions to be named; the function takes any: in Python, with onnx.load as model,",
                    "for each in [*model.graph.input, *model.graph.output]: each.type.tensor_type.ClearField(\"shape\")",
                ]) + [
                "In the domain evolve are the functions \(name) and \(name)_slopes: the latter computes, for g = dL/dy, dL/dx and of",
                "each parameter what sums up to dL/dp, all in the shape of x. Values to check it by are in the metadata.",
            ]
    }

    private static func metadata(_ function: ExportedFunction) -> [(String, String)] {
        let values = TestValues(function)
        func text(_ rows: [[Double]]) -> String {
            rows.map { $0.map(\.description).joined(separator: " ") }.joined(separator: "; ")
        }
        return [
            ("source", function.compiled.source), ("test x", text(values.x)), ("test g", text(values.g)),
            ("test y", text(values.y)), ("test dx", text(values.dx)), ("test dp", text([values.dp])),
        ]
    }

    private static func opsets(_ entry: inout ProtocolBuffer, _ name: String) {
        entry.put(1, name)
        entry.put(2, name.isEmpty ? opset : 1)
    }

    private static func graph(_ graph: inout ProtocolBuffer, _ function: ExportedFunction, _ names: ExportNames) {
        put(
            &graph, 1,
            ONNXGraph.Node(op: names.function, inputs: ["x"] + names.parameters, output: "y", domain: domain))
        graph.put(2, names.function)
        for (name, parameter) in zip(names.parameters, function.parameters) {
            graph.put(5) { tensor in
                tensor.put(2, Element.float)
                tensor.put(8, name)
                tensor.put(9, bytes(Float(parameter.initial)))
            }
        }
        for (field, name) in [(11, "x"), (12, "y")] {
            graph.put(field) { info in
                info.put(1, name)
                info.put(2) { type in
                    type.put(1) { tensor in
                        tensor.put(1, Element.float)
                        tensor.put(2) { shape in
                            for dimension in ["batch", "units"] { shape.put(1) { $0.put(2, dimension) } }
                        }
                    }
                }
            }
        }
    }

    private static func definition(
        _ text: inout ProtocolBuffer, _ name: String, _ inputs: [String], _ program: Program, _ results: [String],
        _ names: ExportNames, isSlope: Bool = false
    ) {
        text.put(1, name)
        for input in inputs { text.put(4, input) }
        for result in results { text.put(5, result) }
        for node in ONNXGraph(program, results: results, names: names, isSlope: isSlope).nodes { put(&text, 7, node) }
        text.put(9) { opsets(&$0, "") }
        text.put(10, domain)
    }

    private static func put(_ text: inout ProtocolBuffer, _ field: Int, _ node: ONNXGraph.Node) {
        text.put(field) { entry in
            for input in node.inputs { entry.put(1, input) }
            entry.put(2, node.output)
            entry.put(4, node.op)
            for attribute in node.attributes {
                entry.put(5) { text in
                    text.put(1, attribute.name)
                    text.put(3, attribute.value)
                    text.put(20, Attribute.integer)
                }
            }
            if let tensor = node.tensor {
                entry.put(5) { text in
                    text.put(1, "value")
                    text.put(5) { put(&$0, tensor) }
                    text.put(20, Attribute.tensor)
                }
            }
            if !node.domain.isEmpty { entry.put(7, node.domain) }
        }
    }

    private static func put(_ text: inout ProtocolBuffer, _ tensor: ONNXGraph.Tensor) {
        switch tensor {
        case .float(let value):
            text.put(2, Element.float)
            text.put(9, bytes(value))
        case .integers(let values):
            text.put(1, values.count)
            text.put(2, Element.int64)
            text.put(9, values.reduce(into: Data()) { $0 += bytes(Int64($1)) })
        }
    }

    private static func bytes(_ value: Float) -> Data {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    }

    private static func bytes(_ value: Int64) -> Data { withUnsafeBytes(of: value.littleEndian) { Data($0) } }
}
