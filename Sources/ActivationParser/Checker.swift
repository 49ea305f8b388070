/// Names, arities, types and recursion: what can be said without running the candidate. Reports all it finds.
///
/// Each name is reported once, and never when it is tainted by a syntax error, so that one mistake is one diagnostic.
struct Checker {
    enum Symbol {
        case scalar(ScalarType, isFixed: Bool)
        case array(ScalarType, isFixed: Bool)
        /// Declared by a statement that could not be read.
        case unknown
    }

    /// What an expression yields, as far as later checks need it.
    enum Kind {
        case scalar(ScalarType)
        /// Already reported.
        case unknown

        var scalar: ScalarType? { if case .scalar(let type) = self { type } else { nil } }
    }

    struct Call {
        var callee: String
        var position: SourcePosition
    }

    var report: DiagnosticReport
    var tainted: Set<String>
    var functions: [String: Function] = [:]
    var scopes: [[String: Symbol]] = [[:]]
    var loopDepth = 0
    private var calls: [String: [Call]] = [:]
    private var caller: Function?
    let places: MarkedPlaces
    /// False after an error that would make evaluation find the same mistake again.
    var isEvaluable = true
    let leftOut: Set<String>
    /// Local variables that were declared, and those that were read.
    var declared: [(name: String, position: SourcePosition)] = []
    var read: Set<SourcePosition> = []
    var origins: [[String: SourcePosition]] = [[:]]

    init(parser: Parser) {
        tainted = parser.tainted
        report = parser.report
        places = parser.places
        leftOut = Set(parser.places.leftOut.map(\.name))
    }

    mutating func check(_ tree: TranslationUnit) {
        for function in tree.functions {
            if functions[function.name] != nil {
                isEvaluable = false
                report.error(function.position, "function '\(function.name)' is defined twice; give each its own name")
            }
            functions[function.name] = function
        }
        for item in tree.items {
            switch item {
            case .macro(let macro):
                let type = check(macro.value).scalar
                scopes[0][macro.name] = type.map { .scalar($0, isFixed: true) } ?? .unknown
            case .declaration(let declaration): check(declaration)
            case .function(let function): check(function)
            }
        }
        checkRecursion(tree.functions)
        judgeLeftOut()
        checkEntry(tree)
        if !report.hasErrors { warnAboutUnused(tree) }
    }

    /// Functions that were read past matter only when activation needs one, or is not there.
    private mutating func judgeLeftOut() {
        let called = Set(calls.values.joined().map(\.callee))
        for function in places.leftOut {
            if function.name != "main", functions["activation"] == nil || called.contains(function.name) {
                report.error(function.position, function.message)
            } else {
                report.warning(function.position, "'\(function.name)' is left out: \(function.message)")
            }
        }
    }

    private mutating func warnAboutUnused(_ tree: TranslationUnit) {
        var reached: Set<String> = []
        var pending = ["activation"]
        while let name = pending.popLast() {
            guard reached.insert(name).inserted else { continue }
            pending += (calls[name] ?? []).map(\.callee)
        }
        for function in tree.functions where !reached.contains(function.name) {
            report.warning(function.position, "'\(function.name)' is never called; remove it")
        }
        for variable in declared where !read.contains(variable.position) {
            report.warning(variable.position, "'\(variable.name)' is never read; remove it")
        }
    }

    var isGlobal: Bool { caller == nil }

    mutating func noteCall(_ callee: String, _ position: SourcePosition) {
        calls[caller?.name ?? "", default: []].append(Call(callee: callee, position: position))
    }

    // MARK: Functions

    private mutating func check(_ function: Function) {
        caller = function
        open()
        for parameter in function.parameters {
            let isReadable = !places.parameters.contains(parameter.position)
            declare(
                parameter.name, isReadable ? .scalar(parameter.type, isFixed: false) : .unknown, at: parameter.position)
        }
        check(function.body)
        close()
        caller = nil
    }

    private mutating func checkRecursion(_ functions: [Function]) {
        var finished: Set<String> = []
        var active: Set<String> = []
        func visit(_ name: String, _ report: inout DiagnosticReport) {
            active.insert(name)
            for call in calls[name] ?? [] {
                if active.contains(call.callee) {
                    report.error(
                        call.position,
                        "'\(call.callee)' calls itself here; recursion is not available, "
                            + "write a for loop with a constant number of iterations")
                } else if !finished.contains(call.callee) {
                    visit(call.callee, &report)
                }
            }
            active.remove(name)
            finished.insert(name)
        }
        let before = report.sorted.count
        for function in functions where !finished.contains(function.name) { visit(function.name, &report) }
        if report.sorted.count > before { isEvaluable = false }
    }

    private mutating func checkEntry(_ tree: TranslationUnit) {
        guard let entry = functions["activation"] else {
            guard !report.hasErrors, !tainted.contains("activation") else { return }
            let only = tree.functions.count == 1 ? tree.functions.first : nil
            if let only {
                report.error(only.position, "the function must be named activation; rename '\(only.name)'")
            } else {
                report.error(.none, "there is no function float activation(float x) { … }; write it")
            }
            return
        }
        guard !entry.parameters.contains(where: { places.parameters.contains($0.position) }) else { return }
        if entry.parameters.count != 1 {
            report.error(
                entry.position,
                "activation takes exactly one parameter: float activation(float x); make the others trainable(…) variables"
            )
        } else if entry.parameters[0].type != .float || entry.result != .float {
            report.error(entry.position, "activation takes and returns float: float activation(float x)")
        }
    }
}
