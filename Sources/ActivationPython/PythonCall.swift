import ActivationParser
import EvolveTypes

/// A call of a function of Python's libraries, by its name. Each group of functions takes the arguments that it knows:
/// one that no group took is refused, so none is passed over in silence.
struct PythonCall {
    let path: String
    var arguments: PythonArguments
    let position: SourcePosition
    /// Whether it is a layer, given x: `nn.GELU()(x)`.
    var isLayer = false

    typealias Value = PythonTranslator.Value

    init(
        path: String, arguments: [PythonNode], options: [(name: String, value: PythonNode)], position: SourcePosition,
        isLayer: Bool = false
    ) {
        self.path = path
        self.arguments = PythonArguments(arguments, options)
        self.position = position
        self.isLayer = isLayer
        let last = path.split(separator: ".").last.map(String.init) ?? path
        let library = PythonLibrary(path)
        self.library = library
        if isLayer {
            name = last.lowercased()
        } else {
            // x.relu_() is x.relu(), kept in x.
            let isInPlace = last.hasSuffix("_") && (library == .method || library == .torch)
            name = isInPlace ? String(last.dropLast()) : last
        }
    }

    /// Whether something of this name makes layers.
    static func isLayer(_ name: String) -> Bool { name.first?.isUppercase == true && !training.contains(name) }

    let name: String
    let library: PythonLibrary

    /// As a message shows it.
    var shown: String {
        path.replacing("builtins.", with: "").replacing("method.", with: ".")
    }

    func problem(_ text: String, at place: SourcePosition? = nil) -> PythonProblem {
        PythonProblem(text, place ?? position)
    }

    mutating func value(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value {
        if let rest = arguments.peek(nil, "*") {
            throw problem("what * and ** hand on is not read here; write the arguments out", at: rest.position)
        }
        guard PythonLibrary.isRead(path), let value = try meaning(&translator) else {
            throw problem("'\(shown)' is not read here; write it out with exp, log, tanh, where and the like")
        }
        if let (name, node) = arguments.left {
            throw problem(
                "'\(shown)' has an argument that is not read here\(name.map { ": \($0)" } ?? ""); leave it out, or write the function out",
                at: node.position)
        }
        return value
    }

    private mutating func meaning(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value? {
        if let value = try refusal() { return value }
        if let value = try truth(&translator) { return value }
        if let value = try cast(&translator) { return value }
        if let value = try choice(&translator) { return value }
        if let value = try statistic(&translator) { return Value(expression: value, kind: .real) }
        if let value = try arithmetic(&translator) { return Value(expression: value, kind: .real) }
        if let value = try activation(&translator) { return Value(expression: value, kind: .real) }
        return nil
    }

    /// Functions that have a reason of their own to be refused.
    private func refusal() throws(PythonProblem) -> Value? {
        switch name {
        case "detach", "stop_gradient":
            throw problem(
                "'\(shown)' changes the gradient and not the value; here the gradient is always the value's: leave it out"
            )
        case "dropout", "alpha_dropout", "bernoulli", "rand_like", "randn_like":
            guard arguments.peek(nil, "training")?.isName("False") != true else { return nil }
            throw problem("'\(shown)' is random; a function has one value for each x")
        case "chunk", "split", "unbind", "tensor_split", "array_split", "glu":
            throw problem("'\(shown)' splits the layer; a function here has as many outputs as inputs")
        default: return nil
        }
    }

    // MARK: Arguments

    mutating func need(
        _ place: Int, _ names: String..., in translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        try translator.realValue(try node(place, names))
    }

    mutating func need(_ place: Int, _ names: String...) throws(PythonProblem) -> PythonNode { try node(place, names) }

    private mutating func node(_ place: Int, _ names: [String]) throws(PythonProblem) -> PythonNode {
        var found = arguments.take(place)
        for name in names where found == nil { found = arguments.take(nil, name) }
        guard let found else {
            throw problem("'\(shown)' needs \(place == 0 ? "an argument" : "\(place + 1) arguments")")
        }
        return found
    }

    mutating func number(
        _ place: Int?, _ names: String..., or standard: Double, in translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        var found = arguments.takeGiven(place)
        for name in names where found == nil { found = arguments.takeGiven(nil, name) }
        guard let found else { return PythonTranslator.number(standard) }
        return try translator.realValue(found)
    }

    /// Whether an argument is True; it has to be one of the two.
    mutating func isTrue(
        _ place: Int?, _ name: String, or standard: Bool, in translator: PythonTranslator
    ) throws(PythonProblem) -> Bool {
        guard let node = arguments.take(place, name) else { return standard }
        guard let isTrue = translator.known.truth(node) else {
            throw problem("'\(name)' has to be True or False here", at: node.position)
        }
        return isTrue
    }

    // MARK: Expressions

    func call(_ name: String, _ arguments: Expression...) -> Expression { Expression(.call(name, arguments)) }
    func real(_ value: Double) -> Expression { PythonTranslator.number(value) }
    func binary(_ op: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
        Expression(.binary(op, a, b))
    }
    func choice(_ test: Expression, _ a: Expression, _ b: Expression) -> Expression {
        Expression(.conditional(test, a, b))
    }
    func minus(_ a: Expression) -> Expression { Expression(.unary(.minus, a)) }
}
