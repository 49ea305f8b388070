import ActivationParser
import EvolveTypes

/// A `PythonModule` as a syntax tree of the C language.
struct PythonTranslator {
    /// What a value is in C.
    enum Kind { case real, whole, boolean }

    struct Value {
        var expression: Expression
        var kind: Kind
    }

    let module: PythonModule
    let libraries: PythonLibraries
    var functions: [String: PythonFunction]
    let classes: [String: PythonClass]
    let constants: [String: PythonNode]
    /// Why the value of a name is not known.
    let unknown: [String: PythonProblem]
    /// All names of the text.
    private let names: Set<String>
    private var items: [TranslationUnit.Item] = []
    /// Helpers and constants that are in `items`, and those on the way there.
    private var placed: Set<String> = []
    private var open: Set<String> = []
    /// The function that is meant.
    private var entry = ""
    /// Variables of the function being translated.
    var variables: [String: Kind] = [:]
    /// Variables of C's float that hold truths only, and those that do not.
    var (truths, numbers): (Set<String>, Set<String>) = ([], [])
    /// Variables that are given one value only.
    var single: Set<String> = []
    /// Numbers, texts and words that names of the function stand for.
    var known = PythonKnown()
    var temporaries = 0
    /// How deep objects that call objects go.
    var objectDepth = 0
    /// Functions that objects of classes became, by what made the object.
    var objects: [String: PythonObject] = [:]

    init(_ module: PythonModule) {
        self.module = module
        let definitions = PythonDefinitions(module)
        (functions, classes) = (definitions.functions, definitions.classes)
        (constants, unknown) = (definitions.constants, definitions.unknown)
        names = Set(module.statements.flatMap { $0.mentions + $0.assigned })
        libraries = PythonLibraries(module, names)
    }

    /// - Parameter name: the function that is meant; nil: the choice is made here.
    mutating func tree(_ name: String?) throws(PythonProblem) -> TranslationUnit {
        let meant = try meant(name)
        guard let input = meant.parameters.first else {
            throw PythonProblem("'\(meant.name)' takes no argument; write def activation(x): …", meant.position)
        }
        for parameter in meant.parameters.dropFirst() where parameter.value == nil {
            throw PythonProblem(
                "'\(parameter.name)' has no value: the function is one of x alone; write \(parameter.name)=1.0 among the arguments",
                parameter.position)
        }
        let function = try translated(meant, as: "activation", parameters: [input])
        items.append(.function(function))
        let idea = meant.text.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        return TranslationUnit(idea: idea, items: items)
    }

    /// Those that could be meant, and the one that is.
    var choice: PythonChoice {
        let made = constants.filter { isFunction($0.value) }
            .sorted {
                ($0.value.position.line, $0.value.position.column) < ($1.value.position.line, $1.value.position.column)
            }
        return PythonChoice(
            functions: functions, classes: classes, others: constants, unknown: unknown, objects: made.map(\.key))
    }

    /// The function that is meant; of a class, what its objects compute.
    private mutating func meant(_ name: String?) throws(PythonProblem) -> PythonFunction {
        guard let meant = name ?? choice.meant else {
            throw PythonProblem("there is no function in the text; write def activation(x): …", .none)
        }
        entry = meant
        if let type = classes[meant] { return try function(of: type) }
        if let function = functions[meant] { return function }
        if let problem = unknown[meant] { throw problem }
        if let node = constants[meant], isFunction(node) {
            let x = PythonNode(kind: .name("x"), position: node.position)
            return PythonFunction(
                name: meant, parameters: [PythonParameter(name: "x", value: nil, position: node.position)],
                value: PythonNode(kind: .call(node, [x], []), position: node.position), position: node.position)
        }
        if let node = constants[meant] {
            throw PythonProblem("what '\(meant)' does is not read here; write def \(meant)(x): …", node.position)
        }
        let all = Array(functions.keys) + Array(classes.keys) + constants.filter { isFunction($0.value) }.map(\.key)
        throw PythonProblem(
            "there is no function '\(meant)' in the text\(NearestName.hint(meant, among: all.sorted(), noun: "its functions"))",
            .none)
    }

    // MARK: Functions and constants

    /// Names that a function of the text would hide, or be hidden by.
    func isTaken(_ name: String) -> Bool { functions[name] != nil || classes[name] != nil || constants[name] != nil }

    /// - Parameter parameters: those that are parameters in C; the others are constants in the body.
    private mutating func translated(
        _ function: PythonFunction, as name: String, parameters: [PythonParameter]
    ) throws(PythonProblem) -> Function {
        for decorator in function.decorators {
            if let root = decorator.root, functions[root] != nil,
                decorator.lastName == root || decorator.lastName == nil
            {
                throw PythonProblem("'\(root)' changes '\(function.name)'; call it instead", decorator.position)
            }
        }
        let outer = (variables, truths, numbers, single, known)
        defer { (variables, truths, numbers, single, known) = outer }
        (variables, truths, numbers, known) = ([:], [], [], PythonKnown(values: constants))
        let fixed = function.parameters.filter { parameter in !parameters.contains { $0.name == parameter.name } }
        var settings = function.settings
        for parameter in fixed {
            if let value = parameter.value.flatMap({ known.literal($0) }) { settings[parameter.name] = value }
        }
        var simplifier = PythonSimplifier(function, known: settings, self)
        let statements = try simplifier.simplified()
        for nested in simplifier.hoisted { functions[nested.name] = nested }
        known.learn(settings, statements, of: function)
        single = Set(Dictionary(grouping: statements.flatMap(\.assigned)) { $0 }.filter { $0.value.count == 1 }.keys)
        let used = Set(statements.flatMap(\.mentions))
        var body: [Statement] = []
        for parameter in fixed where used.contains(parameter.name) {
            guard let value = parameter.value, settings[parameter.name]?.isWord != true else { continue }
            // A standard value sees no variables of the function.
            variables = [:]
            body.append(declaration(parameter.name, try realValue(value), .real))
        }
        for (name, value) in function.settings.sorted(by: { $0.key < $1.key })
        where used.contains(name) && !value.isWord {
            body.append(declaration(name, try realValue(value), .real))
        }
        variables = [:]
        for parameter in function.parameters where settings[parameter.name]?.isWord != true {
            variables[parameter.name] = .real
        }
        for name in function.settings.keys where settings[name]?.isWord != true { variables[name] = .real }
        let isEntry = name == "activation"
        for name in used.sorted() where variables[name] == nil && !function.variables.contains(name) {
            guard isEntry, let value = constants[name], value.makesTrained else { continue }
            body.append(declaration(name, try realValue(value), .real))
            variables[name] = .real
        }
        let first = variables
        for nested in Self.nestedNames(statements, isNested: false) where first[nested] == nil {
            body.append(declaration(nested, Expression(.real(0)), .real))
            variables[nested] = .real
        }
        for statement in statements { body += try translated(statement) }
        guard statements.returns else {
            throw PythonProblem("'\(function.name)' has no return", function.position)
        }
        return Function(
            result: .float, name: name,
            parameters: parameters.map { FunctionParameter(type: .float, name: cName($0.name), position: .none) },
            body: body,
            position: .none)
    }

    /// What is given a value for the first time under a condition or in a loop: in C it has to be declared before.
    private static func nestedNames(_ statements: [PythonStatement], isNested: Bool) -> [String] {
        var (seen, found): (Set<String>, [String]) = ([], [])
        for statement in statements {
            var names: [String] = []
            switch statement.kind {
            case .assignment(let targets, _):
                for target in targets {
                    switch target.kind {
                    case .name(let name): names.append(name)
                    case .tuple(let parts):
                        for part in parts { if case .name(let name) = part.kind { names.append(name) } }
                    default: break
                    }
                }
                if isNested { found += names.filter { !seen.contains($0) } }
                seen.formUnion(names)
            case .conditional(_, let then, let otherwise):
                names = nestedNames(then, isNested: true) + nestedNames(otherwise, isNested: true)
            case .loop(_, _, let body), .repetition(_, let body): names = nestedNames(body, isNested: true)
            default: break
            }
            if case .assignment = statement.kind { continue }
            for name in names where seen.insert(name).inserted { found.append(name) }
        }
        return found
    }

    mutating func need(_ name: String, _ position: SourcePosition) throws(PythonProblem) {
        guard !placed.contains(name) else { return }
        guard open.insert(name).inserted else { throw PythonProblem("'\(name)' is defined by itself", position) }
        defer { open.remove(name) }
        guard open.count < 60 else { throw PythonProblem("functions call each other too deeply here", position) }
        if let function = functions[name] {
            guard name != entry else { throw PythonProblem("'\(name)' calls itself", position) }
            items.append(.function(try translated(function, as: cName(name), parameters: function.parameters)))
        } else if let constant = constants[name] {
            guard !constant.makesTrained else {
                throw PythonProblem(
                    "'\(name)' is trained: it can be used in the function that is meant, and not in others", position)
            }
            let outer = (variables, truths, known)
            defer { (variables, truths, known) = outer }
            (variables, truths, known) = ([:], [], PythonKnown(values: constants))
            let expression = try real(value(constant))
            items.append(
                .declaration(
                    Declaration(
                        isConstant: true, type: .float,
                        declarators: [Declarator(name: cName(name), initializer: .expression(expression))])))
        }
        placed.insert(name)
    }

    mutating func temporary() -> String {
        repeat { temporaries += 1 } while names.contains("tmp\(temporaries)")
        return "tmp\(temporaries)"
    }

    /// A name that C and the language leave free.
    func cName(_ name: String) -> String {
        guard Self.taken.contains(name) || Self.words.contains(name) || !name.allSatisfy(\.isASCII) else { return name }
        var own = name.map { $0.isASCII ? String($0) : "u\($0.unicodeScalars.map { String($0.value) }.joined())" }
            .joined()
        repeat { own += "_" } while names.contains(own)
        return own
    }

    private static let taken = Set(BuiltinNames.all)

    private static let words: Set<String> = [
        "float", "double", "int", "bool", "char", "long", "short", "void", "const", "static", "struct", "union", "enum",
        "auto",
        "switch", "case", "default", "do", "goto", "sizeof", "typedef", "register", "volatile", "inline", "signed",
        "unsigned",
        "extern", "restrict", "true", "false", "activation", "trainable",
    ]
}
