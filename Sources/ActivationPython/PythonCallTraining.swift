import ActivationParser

/// What makes a number that is trained.
extension PythonCall {
    /// Of torch, flax, Keras.
    static let training: Set<String> = ["Parameter", "param", "add_weight", "Variable"]

    mutating func trained(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        let value = try initial(&translator)
        for name in ["trainable", "requires_grad"] {
            if let node = arguments.take(nil, name), translator.known.truth(node) == false { return value }
        }
        return call("trainable", value)
    }

    /// The first value of a number that is trained.
    private mutating func initial(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        if name == "Parameter" || name == "Variable" {
            return try need(0, "data", "initial_value", "value", in: &translator)
        }
        // self.param("slope", nn.initializers.ones, (1,)); what else there is names it, or says its shape.
        var positional = arguments.takeAll()
        if let title = positional.firstIndex(where: { if case .text = $0.kind { true } else { false } }) {
            positional = Array(positional[(title + 1)...])
        }
        let node = arguments.take(nil, "initializer", "init_fn") ?? (name == "param" ? positional.first : nil)
        arguments.dropOptions("shape", "regularizer")
        guard let node else {
            throw problem("'\(name)' does not say what the number is at first; give it an initializer")
        }
        switch node.kind {
        case .text("ones"), .attribute(_, "ones"): return real(1)
        case .text("zeros"), .attribute(_, "zeros"): return real(0)
        case .call(let function, let arguments, let options):
            let value = arguments.first ?? options.first { $0.name == "value" }?.value
            switch function.lastName?.lowercased() {
            case "ones": return real(1)
            case "zeros": return real(0)
            case "constant": if let value { return try translator.realValue(value) }
            default: break
            }
        // lambda key, shape: 0.5
        case .lambda(_, let body): return try translator.realValue(body)
        default: break
        }
        throw problem(
            "what the number is at first is not read here; write ones, zeros or Constant(0.25)", at: node.position)
    }
}
