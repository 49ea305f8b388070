import ActivationIR

/// How a language writes the operators of a program: what the exporters have in common.
///
/// Languages of arrays compute a layer in one expression, languages of numbers an element.
struct Language: Sendable {
    /// Arithmetic, comparisons and logic are written between their operands, alike in all: only the signs differ.
    struct Signs: Sendable {
        var and = "&"
        var or = "|"
        var not = "~"
    }

    struct Helper: Sendable {
        var name: String
        var text: String
    }

    var signs = Signs()
    /// A number beside a value in a sum or product.
    var literal: @Sendable (Double) -> String = Literal.shortest
    /// A number as an operand of a function, and as a whole result.
    var constant: @Sendable (Double) -> String
    /// Of the others, the text with {0}, {1}, {2} for the operands.
    var functions: [Operator: String]
    /// Definitions that texts may call, each behind those that it calls itself.
    var helpers: [Helper] = []
    /// Gives a value, which need not change along all axes of the layer, the shape of the layer: a text with {0}.
    var broadcast = "{0}"
    /// Statements that a function of the layer begins with.
    var setting: [String] = []
    /// Begins a statement that names a value, up to the equals sign.
    var declaration: @Sendable (ValueType, _ name: String) -> String = { $1 }
    var terminator = ""
    /// What a parameter must not be called, besides the function's own words.
    var reserved: Set<String>
}

enum Literal {
    /// The shortest decimal number that is the same in the precision that the constant has: those of a text are float32,
    /// those of a derivative rule float64.
    static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return value.description }
        return Double(Float(value)) == value ? Float(value).description : value.description
    }
}

/// Python's words, and those that its libraries go by.
enum Python {
    static let reserved: Set<String> = [
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
        "raise", "return", "try", "while", "with", "yield", "None", "True", "False", "range", "tuple", "float", "sum",
        "np", "torch", "nn", "jax", "jnp", "tf", "keras", "tl", "triton", "ctx", "self", "x", "g", "batch",
        "everything",
    ]

    static func literal(_ value: Double) -> String {
        value.isFinite ? Literal.shortest(value) : "float(\"\(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")\")"
    }
}
