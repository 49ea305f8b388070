/// The syntax tree of a candidate. Tree operators edit it, `SourcePrinter` writes it.
///
/// Values throughout: a copy of a tree is independent of the original. Positions are those of the text the tree was
/// read from, `SourcePosition.none` where a tree operator made the node.
package struct TranslationUnit: Hashable, Sendable {
    /// What the first comment says, on one line.
    package var idea: String?
    package var items: [Item]

    package enum Item: Hashable, Sendable {
        /// `#define NAME expression`.
        case macro(Macro)
        case declaration(Declaration)
        case function(Function)
    }

    package init(idea: String? = nil, items: [Item]) {
        self.idea = idea
        self.items = items
    }

    package var functions: [Function] {
        items.compactMap { if case .function(let function) = $0 { function } else { nil } }
    }
}

/// Types of the language. `double` reads as float, every integer type as int.
package enum ScalarType: String, Hashable, Sendable { case bool, int, float }

package struct Macro: Hashable, Sendable {
    package var name: String
    package var value: Expression
    package var position: SourcePosition
}

package struct Function: Hashable, Sendable {
    package var result: ScalarType
    package var name: String
    package var parameters: [FunctionParameter]
    package var body: [Statement]
    package var position: SourcePosition

    package init(
        result: ScalarType, name: String, parameters: [FunctionParameter], body: [Statement],
        position: SourcePosition = .none
    ) {
        self.result = result
        self.name = name
        self.parameters = parameters
        self.body = body
        self.position = position
    }
}

package struct FunctionParameter: Hashable, Sendable {
    package var type: ScalarType
    package var name: String
    package var position: SourcePosition

    package init(type: ScalarType, name: String, position: SourcePosition = .none) {
        self.type = type
        self.name = name
        self.position = position
    }
}

/// `const float a = 1.0f, b[2] = {…}`.
package struct Declaration: Hashable, Sendable {
    package var isConstant: Bool
    package var type: ScalarType
    package var declarators: [Declarator]
    package var position: SourcePosition

    package init(
        isConstant: Bool = false, type: ScalarType, declarators: [Declarator], position: SourcePosition = .none
    ) {
        self.isConstant = isConstant
        self.type = type
        self.declarators = declarators
        self.position = position
    }
}

package struct Declarator: Hashable, Sendable {
    package var name: String
    package var shape: Shape
    package var initializer: Initializer
    package var position: SourcePosition

    package enum Shape: Hashable, Sendable {
        case scalar
        /// Nil: as many elements as the initialiser has.
        case array(count: Expression?)
    }

    package enum Initializer: Hashable, Sendable {
        case none
        case expression(Expression)
        case list([Expression])
    }

    package init(name: String, shape: Shape = .scalar, initializer: Initializer, position: SourcePosition = .none) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.position = position
    }
}

package struct Statement: Hashable, Sendable {
    package var kind: Kind
    package var position: SourcePosition

    package indirect enum Kind: Hashable, Sendable {
        case declaration(Declaration)
        /// `target = value`, or `target op= value` when there is an operator. `++` and `--` are `+= 1` and `-= 1`.
        case assignment(target: Target, operator: BinaryOperator?, value: Expression)
        case expression(Expression)
        case conditional(Expression, then: [Statement], otherwise: [Statement]?)
        case loop(Loop)
        case block([Statement])
        case result(Expression)
        case leave
        case next
    }

    /// What an assignment writes: a variable, or an element of an array.
    package struct Target: Hashable, Sendable {
        package var name: String
        package var index: Expression?

        package init(name: String, index: Expression? = nil) {
            self.name = name
            self.index = index
        }
    }

    package struct Loop: Hashable, Sendable {
        package enum Form: Hashable, Sendable { case forLoop, whileLoop, doWhile }

        package var form: Form
        /// Before the loop; only of `for`.
        package var initial: [Statement]
        /// Nil: forever.
        package var condition: Expression?
        /// After each iteration; only of `for`.
        package var step: [Statement]
        package var body: [Statement]

        package init(
            form: Form, initial: [Statement], condition: Expression?, step: [Statement], body: [Statement]
        ) {
            self.form = form
            self.initial = initial
            self.condition = condition
            self.step = step
            self.body = body
        }
    }

    package init(_ kind: Kind, position: SourcePosition = .none) {
        self.kind = kind
        self.position = position
    }
}

package struct Expression: Hashable, Sendable {
    package let kind: Kind
    package let position: SourcePosition
    /// Height of the tree: 1 for a leaf.
    package let height: Int
    /// Nodes of the tree when it is written out; of a very large one no more than 2³⁰.
    package let size: Int

    package indirect enum Kind: Hashable, Sendable {
        /// Never negative; finite as float.
        case real(Double)
        case integer(Double)
        case name(String)
        case element(array: String, index: Expression)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case conditional(Expression, Expression, Expression)
        case call(String, [Expression])
        case cast(ScalarType, Expression)
    }

    package init(_ kind: Kind, position: SourcePosition = .none) {
        self.kind = kind
        self.position = position
        let children = kind.children
        height = 1 + (children.map(\.height).max() ?? 0)
        size = children.reduce(1) { min($0 + $1.size, 1 << 30) }
    }
}

extension Expression.Kind {
    package var children: [Expression] {
        switch self {
        case .real, .integer, .name: []
        case .element(_, let a), .unary(_, let a), .cast(_, let a): [a]
        case .binary(_, let a, let b): [a, b]
        case .conditional(let a, let b, let c): [a, b, c]
        case .call(_, let arguments): arguments
        }
    }
}

package enum UnaryOperator: String, Hashable, Sendable, CaseIterable {
    case minus = "-"
    case plus = "+"
    case not = "!"
}

package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case add = "+"
    case subtract = "-"
    case less = "<"
    case greater = ">"
    case lessEqual = "<="
    case greaterEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and = "&&"
    case or = "||"

    /// Higher binds tighter; all are left-associative.
    package var precedence: Int {
        switch self {
        case .multiply, .divide, .remainder: 6
        case .add, .subtract: 5
        case .less, .greater, .lessEqual, .greaterEqual: 4
        case .equal, .notEqual: 3
        case .and: 2
        case .or: 1
        }
    }
}
