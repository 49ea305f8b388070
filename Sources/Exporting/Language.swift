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
    /// What nothing else may be called: the language's words, and those that the file uses inside its definitions.
    var reserved: Set<String>
    /// What the function, its type and helpers must not be called besides: the file's own variables.
    var globals: Set<String> = []
    /// What parameters must not be called besides: attributes of the class whose fields they are.
    var fields: Set<String> = []
    /// What the file defines, after the function ({name}, {NAME}) and after its type ({type}).
    var forms = ["{name}"]
    var typeForms = ["{type}"]
    /// What x and each parameter {0} has beside it.
    var companion: String?
    /// Whether several files define helpers together.
    var sharesHelpers = false

    /// The same, with helpers called as in the file.
    func called(_ names: ExportNames) -> Language {
        var language = self
        language.functions = functions.mapValues { names.spelled($0) }
        language.helpers = helpers.map { Helper(name: names.helper($0.name), text: names.spelled($0.text)) }
        return language
    }
}

enum Literal {
    /// The shortest decimal number that is the same in the precision that the constant has: those of a text are float32,
    /// those of a derivative rule float64.
    static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return value.description }
        return Double(Float(value)) == value ? Float(value).description : value.description
    }
}
