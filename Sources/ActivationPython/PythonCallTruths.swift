import ActivationParser

/// Comparisons and their connections, and changes of type.
extension PythonCall {
    private static let comparisons: [String: BinaryOperator] = [
        "greater": .greater, "gt": .greater, "greater_equal": .greaterEqual, "ge": .greaterEqual, "less": .less,
        "lt": .less, "less_equal": .lessEqual, "le": .lessEqual, "equal": .equal, "eq": .equal, "not_equal": .notEqual,
        "ne": .notEqual,
    ]

    mutating func truth(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value? {
        if let op = Self.comparisons[name] {
            let left = try need(0, "x", "x1", "input", in: &translator)
            let right = try need(1, "y", "x2", "other", in: &translator)
            return Value(expression: binary(op, left, right), kind: .boolean)
        }
        switch name {
        case "logical_and", "logical_or", "bitwise_and", "bitwise_or":
            let left = try translator.truth(try need(0, "x", "x1", "input"))
            let right = try translator.truth(try need(1, "y", "x2", "other"))
            return Value(expression: binary(name.hasSuffix("and") ? .and : .or, left, right), kind: .boolean)
        case "logical_not", "bitwise_not":
            return Value(
                expression: Expression(.unary(.not, try translator.truth(try need(0, "x", "input")))), kind: .boolean)
        case "logical_xor":
            let left = try translator.truth(try need(0, "x", "x1", "input"))
            let right = try translator.truth(try need(1, "y", "x2", "other"))
            return Value(expression: binary(.notEqual, left, right), kind: .boolean)
        case "isnan", "isinf", "isfinite", "signbit", "is_nan", "is_inf", "is_finite":
            return Value(
                expression: call(name.replacing("_", with: ""), try need(0, "x", "input", in: &translator)),
                kind: .boolean)
        default: return nil
        }
    }

    // MARK: Types

    /// What makes an array of something, or changes its type.
    private static let passing: Set<String> = [
        "array", "asarray", "tensor", "as_tensor", "asanyarray", "convert_to_tensor", "constant", "copy", "clone",
        "contiguous", "identity", "positive", "real", "ascontiguousarray", "atleast_1d",
    ]

    private static let types: [String: PythonType] = [
        "float": .real, "float16": .real, "float32": .real, "float64": .real, "double": .real, "half": .real,
        "bfloat16": .real, "single": .real, "float_": .real, "type_as": .real, "int": .whole, "long": .whole,
        "short": .whole, "int8": .whole, "int16": .whole, "int32": .whole, "int64": .whole, "bool": .boolean,
        "bool_": .boolean,
    ]

    mutating func cast(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value? {
        if Self.passing.contains(name) {
            let node = try need(0, "x", "a", "object", "data", "input", "value")
            // Identity takes anything when it is made.
            if isLayer { _ = arguments.takeAll() }
            let type = try type(arguments.take(nil, "dtype") ?? positionalType())
            // One number in a list of one is that number.
            if case .tuple(let parts) = node.kind, parts.count == 1 {
                return changed(try translator.value(parts[0]), to: type)
            }
            return changed(try translator.value(node), to: type)
        }
        if let type = Self.types[name] {
            let value = try translator.value(try need(0, "x", "input"))
            if name == "type_as" { _ = arguments.take(1, "other") }
            return changed(value, to: type)
        }
        switch name {
        case "astype", "cast", "type":
            let value = try translator.value(try need(0, "x", "input"))
            return changed(value, to: try type(try need(1, "dtype")))
        case "to":
            let value = try translator.value(try need(0, "x"))
            var found: PythonType?
            for node in arguments.takeAll() + [arguments.take(nil, "dtype")].compactMap({ $0 }) {
                if let type = PythonType(node) {
                    found = type
                } else if !isPlace(node) {
                    throw problem(
                        "where '.to' leads is not read here; write torch.float32 or leave it out", at: node.position)
                }
            }
            return changed(value, to: found)
        default: return nil
        }
    }

    /// np.array(x, float)
    private mutating func positionalType() -> PythonNode? {
        arguments.peek(1).flatMap { PythonType($0) == nil ? nil : arguments.take(1) }
    }

    /// "cuda", x.device, another array.
    private func isPlace(_ node: PythonNode) -> Bool {
        switch node.kind {
        case .text(let words): ["cuda", "cpu", "mps", "meta"].contains { words.hasPrefix($0) }
        case .name(let name): name != "True" && name != "False"
        case .attribute(_, let name): name == "device"
        case .call(let function, _, _): function.lastName == "device"
        default: false
        }
    }

    private func type(_ node: PythonNode?) throws(PythonProblem) -> PythonType? {
        guard let node, !node.isNone else { return nil }
        guard let type = PythonType(node) else {
            throw problem("this type is not read here; write float32, int32 or bool", at: node.position)
        }
        return type
    }

    private func changed(_ value: Value, to type: PythonType?) -> Value {
        switch (type, value.kind) {
        case (nil, _), (.whole?, .whole), (.boolean?, .boolean): value
        // Of a truth, 0 or 1.
        case (.real?, .boolean), (.whole?, .boolean): Value(expression: value.expression, kind: .real)
        case (.real?, .real): value
        case (.real?, .whole): Value(expression: PythonTranslator.real(value), kind: .real)
        case (.whole?, .real): Value(expression: call("truncf", value.expression), kind: .real)
        case (.boolean?, _):
            Value(expression: binary(.notEqual, PythonTranslator.real(value), real(0)), kind: .boolean)
        }
    }
}
