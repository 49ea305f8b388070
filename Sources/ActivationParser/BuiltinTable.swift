/// The functions a candidate may call, row by row: name, arity, what it returns, meaning.
///
/// The one list: checker, lowering, suggestions, grammar and tree operators read it. `trainable` is not a row: its
/// value is no function of its argument.
struct Builtin: Sendable {
    typealias Lowering = @Sendable (inout FoldingBuilder, [Operand]) -> Operand

    /// Where a function comes from, which decides how it may be spelled.
    enum Origin: Sendable {
        /// <math.h>: `sin`, `sinf` and `sinl` are one.
        case mathematics
        /// The field's idioms: one spelling.
        case idiom
        /// Reads the layer around the element: one spelling, and not for every suite.
        case layer
    }

    var name: String
    var arity: Int
    var result: ScalarType = .float
    var origin: Origin = .mathematics
    /// Finite, with a finite slope, for every finite argument: what a grammar may apply to anything.
    var isTame = false
    /// How a proposal calls it where a bare call could be infinite, flat or of several arguments: `@` is its name, `#` the
    /// name of a value, `$` a positive number, `%` one below 1. Finite, with a finite slope, for every value.
    var proposals: [String] = []
    var lower: Lowering

    /// Whether a grammar offers it.
    var isProposable: Bool { !proposals.isEmpty || arity == 1 && isTame }

    /// The spelling that the printer, the grammar and suggestions use.
    var spelling: String {
        origin != .mathematics || BuiltinTable.unsuffixed.contains(name) ? name : name + "f"
    }
}

enum BuiltinTable {
    static let rows: [Builtin] = arithmetic + rounding + exponential + trigonometric + predicates + idioms + layer

    /// <math.h> names these as macros, without suffix; and `abs` is int's.
    static let unsuffixed: Set<String> = ["signbit", "isnan", "isinf", "isfinite", "isnormal", "abs"]

    private static let bySpelling: [String: Builtin] = {
        var table: [String: Builtin] = [:]
        for row in rows {
            table[row.name] = row
            guard row.origin == .mathematics, !unsuffixed.contains(row.name) else { continue }
            table[row.name + "f"] = row
            table[row.name + "l"] = row
        }
        return table
    }()

    static subscript(_ spelling: String) -> Builtin? { bySpelling[spelling] }

    /// Every spelling a call may have, preferred ones only.
    static let spellings: [String] = rows.map(\.spelling) + [trainable]

    /// The call that makes a trained scalar.
    static let trainable = "trainable"

    /// Spellings of the functions of one real number that are tame.
    static let tameUnary: [String] = rows.filter { $0.arity == 1 && $0.isTame }.map(\.spelling)
}

/// The names that those who write candidates may use, from the table.
package enum BuiltinNames {
    /// The call that makes a trained scalar.
    package static let trainable = BuiltinTable.trainable
    /// Functions of one number that are finite, with a finite slope, for every finite number.
    package static let tameUnary = BuiltinTable.tameUnary
    /// Functions of the layer around the element.
    package static let layer = BuiltinTable.rows.filter { $0.origin == .layer }.map(\.spelling)
    /// Those of one value: statistics.
    package static let layerUnary = layer.filter { BuiltinTable[$0]?.arity == 1 }
    /// The value of a unit so many places away.
    package static let shift = "unit_shift"
    /// Every function, in its preferred spelling.
    package static let all = BuiltinTable.spellings
    /// M_PI and its like.
    package static let constants = Set(NamedConstants.names)
}
