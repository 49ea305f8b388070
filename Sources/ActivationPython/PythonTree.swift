import ActivationParser

/// As much of Python's syntax as a pointwise function is written in.
indirect enum PythonExpression {
    case number(Double, isWhole: Bool)
    case text(String)
    case name(String)
    /// `a.b`.
    case attribute(PythonNode, String)
    case call(PythonNode, [PythonNode], [(name: String, value: PythonNode)])
    case unary(String, PythonNode)
    case binary(String, PythonNode, PythonNode)
    /// `a < b <= c`.
    case comparison(PythonNode, [(sign: String, right: PythonNode)])
    case conditional(then: PythonNode, condition: PythonNode, otherwise: PythonNode)
    case tuple([PythonNode])
    case element(PythonNode, PythonNode)
    case lambda(parameters: [PythonParameter], PythonNode)
    /// `value for name in list`.
    case comprehension(PythonNode, variable: String, over: PythonNode)
    /// `(name := value)`.
    case walrus(String, PythonNode)
}

struct PythonNode {
    var kind: PythonExpression
    var position: SourcePosition
}

struct PythonParameter {
    var name: String
    var value: PythonNode?
    var position: SourcePosition
    /// Whether it hands on a variable that a function inside another uses.
    var isCaptured = false
}

struct PythonStatement {
    indirect enum Kind {
        case assignment(targets: [PythonNode], value: PythonNode)
        case augmented(target: PythonNode, sign: String, value: PythonNode)
        case result(PythonNode?)
        case conditional(PythonNode, then: [PythonStatement], otherwise: [PythonStatement])
        case loop(variable: String, over: PythonNode, body: [PythonStatement])
        case repetition(PythonNode, body: [PythonStatement])
        case function(PythonFunction)
        case type(PythonClass)
        case expression(PythonNode)
        /// `with a, b: …`.
        case context([PythonNode], body: [PythonStatement])
        /// `try: …`, without what is done otherwise.
        case attempt([PythonStatement])
        /// `raise …`.
        case failure
        /// `global a`, `nonlocal a`.
        case outer([String])
        case leave, next, nothing
    }

    var kind: Kind
    var position: SourcePosition
}

struct PythonFunction {
    var name: String
    var parameters: [PythonParameter]
    /// What its documentation says.
    var text: String?
    var body: [PythonStatement]
    var position: SourcePosition
    var decorators: [PythonNode] = []
    /// Whether it stands inside another function.
    var isNested = false
    /// What its callers always give to names that are no arguments any more.
    var settings: [String: PythonNode] = [:]
}

extension PythonFunction {
    /// `name = lambda …`, or what a lambda does under a name.
    init(name: String, parameters: [PythonParameter], value: PythonNode, position: SourcePosition) {
        self.init(
            name: name, parameters: parameters, text: nil,
            body: [PythonStatement(kind: .result(value), position: value.position)], position: position)
    }
}

/// A text: the modules that its names stand for, constants and functions.
struct PythonModule {
    /// By the name in the text: "np" → "numpy", "F" → "torch.nn.functional", "erf" → "math.erf".
    var imports: [String: String] = [:]
    /// Modules of which everything is imported.
    var stars: [String] = []
    var statements: [PythonStatement] = []
}
