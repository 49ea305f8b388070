import ActivationCompiler
import ActivationParser
import EvolveTypes

/// The words that tree operators write with, and short random expressions of them.
struct TreeVocabulary {
    static let trainable = BuiltinNames.trainable
    /// Functions of one value.
    let unary: [String]
    private let readsLayer: Bool
    static let binary = ["fmaxf", "fminf"]
    static let arithmetic: [BinaryOperator] = [.add, .subtract, .multiply]
    static let comparisons: [BinaryOperator] = [.less, .greater, .lessEqual, .greaterEqual]

    init(allow: AllowedReach) {
        readsLayer = allow == .layer
        unary = BuiltinNames.tameUnary + (readsLayer ? BuiltinNames.layerUnary : [])
    }

    /// Two digits are enough: finer values are the business of constant tuning.
    static func literal(_ value: Double) -> Expression {
        guard value.isFinite, value != 0 else { return Expression(.real(0)) }
        var scale = 1.0
        while value.magnitude * scale < 10 { scale *= 10 }
        while value.magnitude * scale >= 100 { scale /= 10 }
        let rounded = (value.magnitude * scale).rounded() / scale
        let magnitude = Expression(.real(min(rounded, 1e4)))
        return value < 0 ? Expression(.unary(.minus, magnitude)) : magnitude
    }

    static func randomLiteral(_ stream: inout RandomStream) -> Expression {
        literal(stream.pick([0.1, 0.2, 0.25, 0.5, 0.7, 1, 1.5, 2, 3]) ?? 1)
    }

    /// A random short expression that reads one of `variables`; `depth` bounds its height.
    func grow(_ variables: [String], depth: Int, _ stream: inout RandomStream) -> Expression {
        let leaf = Expression(.name(stream.pick(variables) ?? "x"))
        guard depth > 0 else { return leaf }
        switch stream.index(below: 6) {
        case 0: return leaf
        case 1: return Expression(.binary(.multiply, Self.randomLiteral(&stream), leaf))
        case 2, 3: return call(grow(variables, depth: depth - 1, &stream), &stream)
        case 4:
            let op = stream.pick(Self.arithmetic) ?? .add
            let left = grow(variables, depth: depth - 1, &stream)
            return Expression(.binary(op, left, call(grow(variables, depth: 0, &stream), &stream)))
        default:
            let square = Expression(.binary(.multiply, leaf, leaf))
            let scaled = Expression(.binary(.multiply, Self.randomLiteral(&stream), square))
            return Expression(.call("expf", [Expression(.unary(.minus, scaled))]))
        }
    }

    /// A random function of one argument around `inner`; where the layer may be read now and then a neighbour's value.
    func call(_ inner: Expression, _ stream: inout RandomStream) -> Expression {
        if readsLayer, stream.index(below: 8) == 0 {
            let places = stream.pick([1.0, -1.0, 2.0]) ?? 1.0
            let magnitude = Expression(.integer(places.magnitude))
            return Expression(
                .call(BuiltinNames.shift, [inner, places < 0 ? Expression(.unary(.minus, magnitude)) : magnitude]))
        }
        return Expression(.call(stream.pick(unary) ?? "tanhf", [inner]))
    }
}

extension Expression {
    /// Number of nodes.
    var size: Int { 1 + kind.children.reduce(0) { $0 + $1.size } }

    /// The nodes below this one, outer before inner.
    var descendants: [Expression] { kind.children.flatMap { [$0] + $0.descendants } }

    /// Every name it reads.
    var names: Set<String> {
        var names = Set(kind.children.flatMap(\.names))
        if case .name(let name) = kind { names.insert(name) }
        if case .element(let array, _) = kind { names.insert(array) }
        return names
    }
}
