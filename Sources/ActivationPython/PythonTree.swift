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
}

struct PythonNode {
    var kind: PythonExpression
    var position: SourcePosition
}

struct PythonParameter {
    var name: String
    var value: PythonNode?
    var position: SourcePosition
}

struct PythonStatement {
    indirect enum Kind {
        case assignment(targets: [PythonNode], value: PythonNode)
        case augmented(target: String, sign: String, value: PythonNode)
        case result(PythonNode?)
        case conditional(PythonNode, then: [PythonStatement], otherwise: [PythonStatement])
        case loop(variable: String, over: PythonNode, body: [PythonStatement])
        case repetition(PythonNode, body: [PythonStatement])
        case function(PythonFunction)
        case expression(PythonNode)
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
}

/// A text: the modules that its names stand for, constants and functions.
struct PythonModule {
    /// By the name in the text: "np" → "numpy", "F" → "torch.nn.functional", "erf" → "math.erf".
    var imports: [String: String] = [:]
    var statements: [PythonStatement] = []
}
