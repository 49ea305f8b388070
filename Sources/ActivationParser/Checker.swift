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

    init(tainted: Set<String>, report: DiagnosticReport) {
        self.tainted = tainted
        self.report = report
    }

    mutating func check(_ tree: TranslationUnit) {
        for function in tree.functions {
            if functions[function.name] != nil {
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
        checkEntry(tree)
    }

    var isGlobal: Bool { caller == nil }

    mutating func noteCall(_ callee: String, _ position: SourcePosition) {
        calls[caller?.name ?? "", default: []].append(Call(callee: callee, position: position))
    }

    // MARK: Functions

    private mutating func check(_ function: Function) {
        caller = function
        scopes.append([:])
        for parameter in function.parameters {
            declare(parameter.name, .scalar(parameter.type, isFixed: false), at: parameter.position)
        }
        check(function.body)
        scopes.removeLast()
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
        for function in functions where !finished.contains(function.name) { visit(function.name, &report) }
    }

    private mutating func checkEntry(_ tree: TranslationUnit) {
        guard let entry = functions["activation"] else {
            guard !report.hasErrors else { return }
            let only = tree.functions.count == 1 ? tree.functions.first : nil
            if let only {
                report.error(only.position, "the function must be named activation; rename '\(only.name)'")
            } else {
                report.error(.none, "there is no function float activation(float x) { … }; write it")
            }
            return
        }
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

    private mutating func check(_ statements: [Statement]) {
        scopes.append([:])
        for statement in statements { check(statement) }
        scopes.removeLast()
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
        case .loop(let loop): check(loop)
        case .block(let statements): check(statements)
        case .result(let value): _ = check(value)
        case .leave, .next:
            if loopDepth == 0 {
                let word = if case .leave = statement.kind { "break" } else { "continue" }
                report.error(statement.position, "'\(word)' outside a loop; use return, or if / else")
            }
        }
    }

    private mutating func check(_ loop: Statement.Loop) {
        scopes.append([:])
        for statement in loop.initial { check(statement) }
        if let condition = loop.condition { _ = check(condition) }
        loopDepth += 1
        check(loop.body)
        loopDepth -= 1
        for statement in loop.step { check(statement) }
        scopes.removeLast()
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
        }
    }

    private mutating func declare(_ name: String, _ symbol: Symbol, at position: SourcePosition) {
        if scopes[scopes.count - 1][name] != nil {
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
