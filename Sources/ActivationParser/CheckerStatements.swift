/// Names and types in statements: what is declared, assigned and repeated.
extension Checker {
    mutating func open() {
        scopes.append([:])
        origins.append([:])
    }

    mutating func close() {
        scopes.removeLast()
        origins.removeLast()
    }

    mutating func check(_ statements: [Statement]) {
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

    mutating func check(_ declaration: Declaration) {
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

    mutating func declare(_ name: String, _ symbol: Symbol, at position: SourcePosition) {
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
                position, "'\(name)' is global and must not change; declare a variable inside the function instead")
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
