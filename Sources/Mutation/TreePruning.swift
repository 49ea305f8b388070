import ActivationParser

/// Removes what an edit left idle, so that a lineage of edits does not collect dead text.
enum TreePruning {
    /// Without local declarations that nothing reads or assigns, and helpers that nothing calls.
    static func withoutIdleDeclarations(_ tree: TranslationUnit) -> TranslationUnit {
        var tree = tree
        while true {
            let used = usedNames(of: tree)
            let before = tree
            tree.items = tree.items.compactMap { item in
                switch item {
                case .macro(let macro): return used.contains(macro.name) ? item : nil
                case .declaration(var declaration):
                    declaration.declarators.removeAll { !used.contains($0.name) }
                    return declaration.declarators.isEmpty ? nil : .declaration(declaration)
                case .function(var function):
                    guard function.name == "activation" || used.contains(function.name) else { return nil }
                    function.body = function.body.compactMap { pruned($0, used) }
                    return .function(function)
                }
            }
            if tree == before { return tree }
        }
    }

    /// Only statements of the function's own block: inner blocks are rare, and idle text there is harmless.
    private static func pruned(_ statement: Statement, _ used: Set<String>) -> Statement? {
        guard case .declaration(var declaration) = statement.kind else { return statement }
        declaration.declarators.removeAll { !used.contains($0.name) }
        return declaration.declarators.isEmpty
            ? nil : Statement(.declaration(declaration), position: statement.position)
    }

    /// Every name that is read, assigned or called.
    static func usedNames(of tree: TranslationUnit) -> Set<String> {
        var names: Set<String> = []
        for item in tree.items {
            switch item {
            case .macro(let macro): note(macro.value, &names)
            case .declaration(let declaration): note(declaration, &names)
            case .function(let function): note(function.body, &names)
            }
        }
        return names
    }

    /// Every name that is used or declared.
    static func allNames(of tree: TranslationUnit) -> Set<String> {
        var names = usedNames(of: tree)
        for item in tree.items {
            switch item {
            case .macro(let macro): names.insert(macro.name)
            case .declaration(let declaration): names.formUnion(declaration.declarators.map(\.name))
            case .function(let function):
                names.insert(function.name)
                names.formUnion(function.parameters.map(\.name))
                names.formUnion(declaredNames(in: function.body))
            }
        }
        return names
    }

    static func declaredNames(in statements: [Statement]) -> Set<String> {
        var names: Set<String> = []
        for statement in statements {
            switch statement.kind {
            case .declaration(let declaration): names.formUnion(declaration.declarators.map(\.name))
            case .conditional(_, let then, let otherwise): names.formUnion(declaredNames(in: then + (otherwise ?? [])))
            case .loop(let loop): names.formUnion(declaredNames(in: loop.initial + loop.body))
            case .block(let inner): names.formUnion(declaredNames(in: inner))
            case .assignment, .expression, .result, .leave, .next: break
            }
        }
        return names
    }

    // MARK: Uses

    private static func note(_ expression: Expression, _ names: inout Set<String>) {
        switch expression.kind {
        case .name(let name), .call(let name, _), .element(let name, _): names.insert(name)
        default: break
        }
        for child in expression.kind.children { note(child, &names) }
    }

    private static func note(_ declaration: Declaration, _ names: inout Set<String>) {
        for declarator in declaration.declarators {
            if case .array(let count?) = declarator.shape { note(count, &names) }
            switch declarator.initializer {
            case .none: break
            case .expression(let value): note(value, &names)
            case .list(let values): for value in values { note(value, &names) }
            }
        }
    }

    private static func note(_ statements: [Statement], _ names: inout Set<String>) {
        for statement in statements {
            switch statement.kind {
            case .declaration(let declaration): note(declaration, &names)
            case .assignment(let target, _, let value):
                names.insert(target.name)
                if let index = target.index { note(index, &names) }
                note(value, &names)
            case .expression(let value), .result(let value): note(value, &names)
            case .conditional(let condition, let then, let otherwise):
                note(condition, &names)
                note(then + (otherwise ?? []), &names)
            case .loop(let loop):
                note(loop.initial + loop.step + loop.body, &names)
                if let condition = loop.condition { note(condition, &names) }
            case .block(let inner): note(inner, &names)
            case .leave, .next: break
            }
        }
    }
}
