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
    private var loopDepth = 0
    private var calls: [String: [Call]] = [:]
    private var caller: Function?
    let places: MarkedPlaces
    /// False after an error that would make evaluation find the same mistake again.
    private(set) var isEvaluable = true
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

    // MARK: Statements

    private mutating func open() {
        scopes.append([:])
        origins.append([:])
    }

    private mutating func close() {
        scopes.removeLast()
        origins.removeLast()
    }

    private mutating func check(_ statements: [Statement]) {
        open()
        for statement in statements { check(statement) }
        close()
    }

    private mutating func check(_ statement: Statement) {
        switch statement.kind {
        case .declaration(let declaration): check(declaration)
        case .assignment(let target, let op, let value):
            check(target, op, value: value, at: statement.position)
        case .expression(let value):
            let before = report.hasErrors
            _ = check(value)
            if !before, !report.hasErrors {
                report.warning(statement.position, "this value is not used; assign it, or remove the statement")
            }
        case .conditional(let condition, let then, let otherwise):
            _ = check(condition)
            check(then)
            check(otherwise ?? [])
        case .loop(let loop):
            check(loop)
            if loop.isEndless {
                report.error(
                    statement.position,
                    "this loop has no end; count to a constant, like for (int i = 0; i < 8; i++)")
            }
        case .block(let statements): check(statements)
        case .result(let value): _ = check(value)
        case .leave, .next:
            if loopDepth == 0 {
                isEvaluable = false
                let word = if case .leave = statement.kind { "break" } else { "continue" }
                report.error(statement.position, "'\(word)' outside a loop or switch; use return, or if / else")
            }
        }
    }

    private mutating func check(_ loop: Statement.Loop) {
        open()
        for statement in loop.initial { check(statement) }
        if let condition = loop.condition { _ = check(condition) }
        loopDepth += 1
        check(loop.body)
        loopDepth -= 1
        for statement in loop.step { check(statement) }
        close()
    }

    private mutating func check(_ declaration: Declaration) {
        for declarator in declaration.declarators {
            let fixed = declaration.isConstant || isGlobal
            switch declarator.initializer {
            case .none:
                if case .array(count: nil) = declarator.shape {
                    report.error(declarator.position, "write the number of elements of '\(declarator.name)' in [ ]")
                } else if fixed {
                    report.error(declarator.position, "'\(declarator.name)' never changes, so give it its value here")
                }
            case .expression(let value):
                _ = check(value)
                if case .array = declarator.shape {
                    report.error(declarator.position, "give the elements of '\(declarator.name)' in { }")
                }
            case .list(let elements):
                for element in elements { _ = check(element) }
                if case .scalar = declarator.shape {
                    report.error(
                        declarator.position, "'\(declarator.name)' is one number; write [ ] after its name for an array"
                    )
                }
            }
            if case .array(let count?) = declarator.shape, case .float? = check(count).scalar {
                report.error(count.position, "the number of elements must be int")
            }
            let symbol: Symbol =
                declarator.shape == .scalar
                ? .scalar(declaration.type, isFixed: fixed) : .array(declaration.type, isFixed: fixed)
            declare(declarator.name, symbol, at: declarator.position)
            if !isGlobal, !declarator.isTrainable {
                declared.append((declarator.name, declarator.position))
                origins[origins.count - 1][declarator.name] = declarator.position
            }
        }
    }

    private mutating func declare(_ name: String, _ symbol: Symbol, at position: SourcePosition) {
        if scopes[scopes.count - 1][name] != nil {
            isEvaluable = false
            report.error(position, "'\(name)' is already declared in this block; assign it, or choose another name")
        }
        scopes[scopes.count - 1][name] = symbol
    }

    private mutating func check(
        _ target: Statement.Target, _ op: BinaryOperator?, value: Expression, at position: SourcePosition
    ) {
        let assigned = check(value)
        if let index = target.index { checkIndex(index) }
        switch lookUp(target.name) {
        case .scalar(let type, let isFixed)?:
            if target.index != nil {
                report.error(position, "'\(target.name)' is one number, not an array; remove the [ ]")
            } else if isFixed {
                reportFixed(target.name, position)
            } else if op == .remainder, type == .float || assigned.scalar == .float {
                reportRemainder(position)
            }
        case .array(_, let isFixed)?:
            if target.index == nil {
                report.error(position, "'\(target.name)' is an array; assign its elements, like \(target.name)[0] = …")
            } else if isFixed {
                reportFixed(target.name, position)
            }
        case .unknown?: break
        case nil: reportUnknownVariable(target.name, position)
        }
    }

    private mutating func reportFixed(_ name: String, _ position: SourcePosition) {
        if scopes[0][name] != nil, !scopes.dropFirst().contains(where: { $0[name] != nil }) {
            report.error(
                position, "'\(name)' is global and never changes; declare a variable inside the function instead")
        } else {
            report.error(position, "'\(name)' is const or static and never changes; remove that word")
        }
    }
}

extension Declarator {
    /// Evaluation says which trainable scalars have no effect.
    fileprivate var isTrainable: Bool {
        if case .expression(let value) = initializer, case .call(BuiltinTable.trainable, _) = value.kind {
            true
        } else {
            false
        }
    }
}

extension Statement.Loop {
    /// Whether nothing in the text can end the loop.
    fileprivate var isEndless: Bool {
        let isAlways =
            switch condition?.kind {
            case nil, .name("true"): true
            case .integer(let value), .real(let value): value != 0
            default: false
            }
        return isAlways && !body.contains { $0.endsEarly { $0 == .leave } || $0.returns }
    }
}

extension Statement {
    /// Whether a return stands here, at any depth; or what could not be read.
    fileprivate var returns: Bool {
        switch kind {
        case .result: true
        case .conditional(_, let then, let otherwise): (then + (otherwise ?? [])).contains(where: \.returns)
        case .block(let statements): statements.contains(where: \.returns)
        case .loop(let loop): loop.body.contains(where: \.returns)
        case .declaration, .assignment, .expression, .leave, .next: false
        }
    }
}
