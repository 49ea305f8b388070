import ActivationIR
import EvolveTypes

/// A Swift file: a struct with the function and its derivatives.
enum SwiftExport {
    static let language = Language(
        signs: Language.Signs(and: "&&", or: "||", not: "!"), literal: literal, constant: literal,
        functions: [
            .absolute: "abs({0})", .minimum: "Float.minimum({0}, {1})", .maximum: "Float.maximum({0}, {1})",
            .copySign: "Float(signOf: {1}, magnitudeOf: {0})", .floor: "floor({0})", .ceiling: "ceil({0})",
            .truncate: "trunc({0})", .roundEven: "rint({0})", .maskedMultiply: "masked({0}, {1})",
            .select: "({0} ? {1} : {2})", .squareRoot: "({0}).squareRoot()", .cubeRoot: "cbrt({0})",
            .exp: "exp({0})", .exp2: "exp2({0})", .expm1: "expm1({0})", .log: "log({0})", .log2: "log2({0})",
            .log10: "log10({0})", .log1p: "log1p({0})", .sin: "sin({0})", .cos: "cos({0})", .tan: "tan({0})",
            .asin: "asin({0})", .acos: "acos({0})", .atan: "atan({0})", .sinh: "sinh({0})", .cosh: "cosh({0})",
            .tanh: "tanh({0})", .asinh: "asinh({0})", .acosh: "acosh({0})", .atanh: "atanh({0})",
            .erf: "erf({0})", .erfc: "erfc({0})", .pow: "pow({0}, {1})", .atan2: "atan2({0}, {1})",
            .hypot: "hypot({0}, {1})", .remainder: "fmod({0}, {1})", .sigmoid: "sigmoid({0})",
            .softplus: "softplus({0})",
        ],
        helpers: [
            Language.Helper(
                name: "masked",
                text: "    private func masked(_ a: Float, _ b: Float) -> Float { a == 0 ? 0 : a * b }"),
            Language.Helper(
                name: "sigmoid",
                text: """
                        private func sigmoid(_ a: Float) -> Float {
                            let decay = exp(-abs(a))
                            return (a < 0 ? decay : 1) / (1 + decay)
                        }
                    """),
            Language.Helper(
                name: "softplus",
                text: "    private func softplus(_ a: Float) -> Float { Float.maximum(a, 0) + log1p(exp(-abs(a))) }"),
        ],
        declaration: { "let \($1): \($0 == .boolean ? "Bool" : "Float")" },
        reserved: [
            "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do",
            "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
            "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "private", "protocol",
            "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
            "throw", "throws", "true", "try", "typealias", "var", "where", "while", "any", "some", "Float", "Bool",
            "x", "Protocol",
        ], fields: ["gradient", "testValues", "callAsFunction", "isSound"], forms: [])

    private static let literal: @Sendable (Double) -> String = { value in
        let single = Float(value)
        if single.isNaN { return "Float.nan" }
        if single.isInfinite { return single < 0 ? "-Float.infinity" : "Float.infinity" }
        return single.description
    }

    static func text(of function: ExportedFunction) throws -> String {
        guard !function.readsLayer else {
            throw Failure(
                .badInput,
                "\(function.name) reads the layer around an element, which the Swift export does not hold; take c, numpy, "
                    + "pytorch, jax, tensorflow or onnx")
        }
        let names = ExportNames(function.name, parameters: function.parameters, language: language)
        let language = language.called(names)
        let value = Listing(
            function.program, outputs: [function.program.outputs[0]], language: language, names: names)
        let all = Listing(function.gradient, outputs: function.gradient.outputs, language: language, names: names)
        let header = ExportHeader.lines(
            of: function,
            usage: [
                "let f = \(names.type)(); f(x) is the value, f.gradient(at: x) its derivatives as well;",
                "\(names.type).isSound() checks this file by \(names.type).testValues.",
            ])
        let fields = zip(names.parameters, function.parameters).map {
            "    public var \($0): Float = \(literal($1.initial))\n"
        }
        let points = TestValues(function).x[0]
        let outputs = Interpreter.evaluateLayer(function.gradient, x: [points]).map { $0[0] }
        let rows = points.indices.map { place in
            let numbers = ([points] + outputs).map { literal($0[place]) }
            return
                "        (\(numbers.prefix(3).joined(separator: ", ")), [\(numbers.dropFirst(3).joined(separator: ", "))]),"
        }
        return """
            \(header.map { $0.isEmpty ? "///" : "/// " + $0 }.joined(separator: "\n"))
            import Foundation

            public struct \(names.type): Sendable {
            \(fields.joined())
                public init() {}

                /// f(x).
                public func callAsFunction(_ x: Float) -> Float {
            \(indented(value.lines + ["return \(value.outputs[0])"]))
                }

                /// f(x), df/dx, and the derivatives by the parameters.
                public func gradient(at x: Float) -> (y: Float, dx: Float, dp: [Float]) {
            \(indented(all.lines + ["return (\(all.outputs[0]), \(all.outputs[1]), [\(all.outputs.dropFirst(2).joined(separator: ", "))])"]))
                }

                /// f of each element.
                public func callAsFunction(_ x: [Float]) -> [Float] { x.map { callAsFunction($0) } }

                /// x, f(x), df/dx and df/dp, computed in double precision, with the parameters as they start.
                public static let testValues: [(x: Float, y: Float, dx: Float, dp: [Float])] = [
            \(rows.joined(separator: "\n"))
                ]

                /// Whether this file computes its test values.
                public static func isSound() -> Bool {
                    testValues.allSatisfy { x, y, dx, dp in
                        let found = \(names.type)().gradient(at: x)
                        return zip([found.y, found.dx] + found.dp + [\(names.type)()(x)], [y, dx] + dp + [y]).allSatisfy {
                            Swift.abs($0 - $1) <= 1e-4 * (1 + Swift.abs($1))
                        }
                    }
                }
            \(language.helpers(for: function.gradient).map { "\n" + $0 + "\n" }.joined())}

            """
    }

    private static func indented(_ lines: [String]) -> String {
        lines.map { "        " + $0 }.joined(separator: "\n")
    }
}
