import ActivationParser
import EvolveTypes

/// The closed set of edits of one expression.
enum TreeEdit: CaseIterable {
    case perturbLiteral, replaceOperator, insertUnary, insertBinary, replaceSubtree, deleteWrap, hoist,
        exchangeTrainable

    /// What an edit puts in the place of a site.
    struct Result {
        var replacement: Expression
        /// A trained scalar to be declared at the start of the function.
        var trained: Declarator?
    }

    /// How often each edit is tried where it applies.
    var weight: Double {
        switch self {
        case .perturbLiteral: 3
        case .replaceOperator: 3
        case .insertUnary: 1.5
        case .insertBinary: 2
        case .replaceSubtree: 2
        case .deleteWrap: 1.5
        case .hoist: 1
        case .exchangeTrainable: 1.5
        }
    }

    /// - Parameter fresh: a name that is free everywhere in the tree.
    /// - Returns: nil where the edit does not apply.
    func apply(
        to site: TreeSite, words: TreeVocabulary, fresh: String, _ stream: inout RandomStream
    ) -> Result? {
        if site.isInitialValue, self != .perturbLiteral { return nil }
        if site.isCondition, self != .replaceOperator { return nil }
        if self == .exchangeTrainable { return Self.trainableExchanged(site, fresh) }
        let replacement: Expression? =
            switch self {
            case .perturbLiteral: Self.perturbed(site.expression, &stream)
            case .replaceOperator: Self.operatorReplaced(site.expression, words, &stream)
            case .insertUnary: words.call(site.expression, &stream)
            case .insertBinary: Self.combined(site, words, &stream)
            case .replaceSubtree: words.grow(site.variables, depth: 2, &stream)
            case .deleteWrap: stream.pick(site.expression.valueChildren)
            case .hoist: stream.pick(site.expression.valueChildren.flatMap(\.valueDescendants))
            case .exchangeTrainable: nil
            }
        return replacement.map { Result(replacement: $0) }
    }

    private static func perturbed(_ expression: Expression, _ stream: inout RandomStream) -> Expression? {
        let value: Double
        switch expression.kind {
        case .real(let number), .integer(let number): value = number
        default: return nil
        }
        if value == 0 { return TreeVocabulary.literal(0.2 * (stream.uniform() - 0.5)) }
        if stream.uniform() < 0.1 { return TreeVocabulary.literal(-value) }
        // The mean of three uniforms is nearly normal: mostly within a third, at most doubled or halved.
        let normal = 2 * (stream.uniform() + stream.uniform() + stream.uniform()) / 3 - 1
        return TreeVocabulary.literal(normal >= 0 ? value * (1 + normal) : value / (1 - normal))
    }

    private static func operatorReplaced(
        _ expression: Expression, _ words: TreeVocabulary, _ stream: inout RandomStream
    ) -> Expression? {
        switch expression.kind {
        case .binary(let op, let a, let b):
            let family =
                [TreeVocabulary.arithmetic + [.divide], TreeVocabulary.comparisons].first { $0.contains(op) } ?? []
            // A division is easily introduced and seldom good (Ramachandran 2017).
            let others = family.filter { $0 != op && $0 != .divide }
            return stream.pick(others).map { Expression(.binary($0, a, b)) }
        case .call(let name, let arguments):
            guard name != TreeVocabulary.trainable else { return nil }
            let family = arguments.count == 1 ? words.unary : arguments.count == 2 ? TreeVocabulary.binary : []
            return stream.pick(family.filter { $0 != name }).map { Expression(.call($0, arguments)) }
        default: return nil
        }
    }

    /// The site's expression with another term or factor.
    private static func combined(
        _ site: TreeSite, _ words: TreeVocabulary, _ stream: inout RandomStream
    ) -> Expression {
        let other = words.grow(site.variables, depth: 1, &stream)
        switch stream.index(below: 4) {
        case 0: return Expression(.binary(.multiply, site.expression, words.call(other, &stream)))
        case 1: return Expression(.binary(.multiply, TreeVocabulary.randomLiteral(&stream), site.expression))
        default:
            let term = Expression(.binary(.multiply, TreeVocabulary.randomLiteral(&stream), other))
            return Expression(.binary(stream.index(below: 2) == 0 ? .add : .subtract, site.expression, term))
        }
    }

    /// A literal becomes a trained scalar that starts from it, and back.
    private static func trainableExchanged(_ site: TreeSite, _ fresh: String) -> Result? {
        switch site.expression.kind {
        case .call(TreeVocabulary.trainable, let arguments): return arguments.first.map { Result(replacement: $0) }
        case .real, .integer:
            let call = Expression(.call(TreeVocabulary.trainable, [site.expression]))
            guard site.function == "activation" else { return Result(replacement: call) }
            return Result(
                replacement: Expression(.name(fresh)), trained: Declarator(name: fresh, initializer: .expression(call)))
        default: return nil
        }
    }
}

extension Expression {
    /// The operands that are numbers where the whole is one: not conditions, not indices, not initial values.
    fileprivate var valueChildren: [Expression] {
        switch kind {
        case .conditional(_, let a, let b): [a, b]
        case .call(TreeVocabulary.trainable, _), .element: []
        case .binary(let op, _, _) where op.precedence < BinaryOperator.add.precedence: []
        default: kind.children
        }
    }

    fileprivate var valueDescendants: [Expression] { valueChildren + valueChildren.flatMap(\.valueDescendants) }
}
