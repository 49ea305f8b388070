import ActivationParser

/// What is taken over a layer: its samples (axis 0), its units (axis 1 or −1), or both.
extension PythonCall {
    enum Axis: String { case batch, unit, tensor }

    private static let statistics: [String: String] = [
        "mean": "mean", "reduce_mean": "mean", "average": "mean", "sum": "sum", "reduce_sum": "sum", "max": "max",
        "amax": "max", "reduce_max": "max", "min": "min", "amin": "min", "reduce_min": "min", "std": "std",
        "reduce_std": "std", "var": "var", "reduce_variance": "var",
    ]

    mutating func statistic(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression? {
        switch name {
        case "roll": return try roll(&translator)
        case "softmax", "log_softmax", "logsoftmax", "softmin": return try softmax(&translator)
        default: break
        }
        guard let kind = Self.statistics[name] else { return nil }
        if let list = arguments.peek(0).flatMap({ translator.elements($0) }) {
            return try side(kind, list, &translator)
        }
        if path == "builtins.sum" {
            throw problem("Python's own sum adds up a list; write the terms out, or the library's sum over an axis")
        }
        if kind == "max" || kind == "min" {
            if path.hasPrefix("builtins") || isPair(translator) { return try extreme(kind, &translator) }
        }
        let x = try need(0, "x", "a", "input", "input_tensor", in: &translator)
        let axis = try axis(1, or: .tensor, in: translator)
        switch kind {
        case "min": return minus(call("\(axis)_max", minus(x)))
        case "std": return call("sqrtf", try variance(x, axis, translator))
        case "var": return try variance(x, axis, translator)
        default: return call("\(axis)_\(kind)", x)
        }
    }

    /// Whether max and min compare two arrays: torch.max(x, y), lax.max(x, y). In NumPy the second one is an axis.
    private func isPair(_ translator: PythonTranslator) -> Bool {
        if path.hasPrefix("jax.lax") { return true }
        if arguments.peek(nil, "other") != nil { return true }
        guard let second = arguments.peek(1), !second.isNone else { return false }
        guard library == .torch || library == .method else { return false }
        return PythonAxis.places(second, translator.known) == nil
    }

    /// Of a list: sum(sin(k * x) for k in range(3)), np.max([x, y], axis=0).
    private mutating func side(
        _ kind: String, _ list: [PythonNode], _ translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        let place = arguments.take(0)
        if !path.hasPrefix("builtins") {
            guard try axis(1, or: nil, in: translator) == .batch else {
                throw problem("of a list '\(shown)' is read with axis=0")
            }
        } else if kind == "sum", let start = arguments.take(1, "start") {
            return binary(.add, try translator.realValue(start), try side("sum", list, &translator))
        }
        guard let first = list.first, !["std", "var"].contains(kind) else {
            throw problem("'\(shown)' of this list is not read here", at: place?.position)
        }
        var result = try translator.realValue(first)
        for node in list.dropFirst() {
            let value = try translator.realValue(node)
            switch kind {
            case "max": result = call("fmaxf", result, value)
            case "min": result = call("fminf", result, value)
            default: result = binary(.add, result, value)
            }
        }
        return kind == "mean" ? binary(.divide, result, real(Double(list.count))) : result
    }

    /// Of values side by side.
    private mutating func extreme(
        _ kind: String, _ translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        var nodes = arguments.takeAll()
        if let other = arguments.take(nil, "other") { nodes.append(other) }
        guard nodes.count > 1 else {
            throw problem("Python's own \(kind) of one argument is that of a list; write \(kind)(a, b)")
        }
        var result = try translator.realValue(nodes[0])
        for node in nodes.dropFirst() {
            result = call(kind == "max" ? "fmaxf" : "fminf", result, try translator.realValue(node))
        }
        return result
    }

    private mutating func variance(
        _ x: Expression, _ axis: Axis, _ translator: PythonTranslator
    ) throws(PythonProblem) -> Expression {
        let distance = binary(.subtract, x, call("\(axis)_mean", x))
        let square = binary(.multiply, distance, distance)
        // Of a sample, PyTorch's standard, is divided by one less.
        var isSample: Bool?
        for (name, none) in [("ddof", "0"), ("correction", "0"), ("unbiased", "False")] {
            guard let node = arguments.take(name == "unbiased" ? 2 : nil, name) else { continue }
            let shown = translator.known.literal(node).map(PythonKnown.shown)
            guard let shown, ["0", "1", "True", "False"].contains(shown) else {
                throw problem("'\(name)' has to be 0 or 1", at: node.position)
            }
            isSample = shown != none
        }
        let arrays = library == .method ? translator.libraries.arrays : library
        guard let isSample = isSample ?? arrays.map({ $0 == .torch }) else {
            throw problem(
                "whose '\(shown)' this is, of the population or of a sample, is not known; write ddof= or unbiased=")
        }
        guard isSample else { return call("\(axis)_mean", square) }
        // One value alone has none.
        let count = call("fmaxf", binary(.subtract, call("\(axis)_sum", real(1)), real(1)), real(1))
        return binary(.divide, call("\(axis)_sum", square), count)
    }

    /// Over which axes; without any, as the library has it.
    private mutating func axis(
        _ place: Int, or standard: Axis?, in translator: PythonTranslator
    ) throws(PythonProblem) -> Axis {
        guard let node = arguments.takeGiven(place, "axis", "dim", "dims", "reduction_indices") else {
            guard let standard else { throw problem("'\(shown)' has no axis; write axis=-1, the units of the layer") }
            return standard
        }
        switch PythonAxis.places(node, translator.known).map({ Set($0.map { $0 < 0 ? $0 + 2 : $0 }) }) {
        case [0]: return .batch
        case [1]: return .unit
        case [0, 1]: return .tensor
        default:
            throw problem("'\(shown)' is read over axis 0 (samples), axis -1 (units) or both", at: node.position)
        }
    }

    private mutating func softmax(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        var x = try need(0, "x", "logits", "input", "a", in: &translator)
        if name == "softmin" { x = minus(x) }
        let standard: Axis? =
            switch library {
            case .jax, .tensorflow, .keras: .unit
            case .numpy: .tensor
            default: nil
            }
        let axis = try axis(1, or: standard, in: translator)
        let distance = binary(.subtract, x, call("\(axis)_max", x))
        let total = call("\(axis)_sum", call("expf", distance))
        return name.hasPrefix("log")
            ? binary(.subtract, distance, call("logf", total)) : binary(.divide, call("expf", distance), total)
    }

    private mutating func roll(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        let x = try need(0, "x", "a", "input", in: &translator)
        let shift = try need(1, "shift", "shifts")
        guard arguments.peek(2, "axis", "dims", "dim") != nil, try axis(2, or: nil, in: translator) == .unit else {
            throw problem("'roll' is read along the units of a layer: roll(x, places, axis=-1)")
        }
        var node = shift
        if case .tuple(let parts) = shift.kind, parts.count == 1 { node = parts[0] }
        // To the right, as the language's goes to the left.
        return call("unit_shift", x, minus(try translator.whole(node)))
    }
}

/// The axes that an argument names.
enum PythonAxis {
    static func places(_ node: PythonNode, _ known: PythonKnown) -> [Int]? {
        if case .tuple(let parts) = node.kind {
            let all = parts.compactMap { places($0, known) }
            return all.count == parts.count && !parts.isEmpty ? all.flatMap { $0 } : nil
        }
        guard case .number(let value, true)? = known.literal(node)?.kind, abs(value) < 100 else { return nil }
        return [Int(value)]
    }
}
