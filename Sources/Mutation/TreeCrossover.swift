import ActivationCompiler
import ActivationParser
import EvolveTypes

/// Puts an expression of one candidate into another (Koza 1992).
package enum TreeCrossover {
    /// An expression of `b`, with the locals it needs written into it, replaces or joins an expression of `a`. Trained
    /// scalars of `b` are declared anew in `a`.
    ///
    /// - Parameter stream: the only source of chance; the same stream gives the same child.
    /// - Returns: another program than both parents' that depends on x; nil when none was found in a bounded number of
    ///   tries.
    package static func cross(
        _ receiver: ReadActivation, with donor: ReadActivation, stream: inout RandomStream
    ) -> ReadActivation? {
        let (a, b) = (receiver.tree, donor.tree)
        let places = places(in: a)
        let donors = scions(in: b)
        guard !places.isEmpty, !donors.isEmpty, let graft = TreeGraft(from: b, into: a) else { return nil }
        let acceptance = TreeAcceptance(parents: [receiver, donor])
        for _ in 0..<TreeAcceptance.tries {
            let place = places[stream.index(below: places.count)]
            let donor = donors[stream.index(below: donors.count)]
            guard let scion = graft.scion(donor.expression) else { continue }
            let child = grafted(scion, at: place, of: a, from: b, stream: &stream)
            if let accepted = acceptance.accept(child) { return accepted }
        }
        return nil
    }

    /// Where an expression of another program may be put.
    static func places(in tree: TranslationUnit) -> [TreeSite] {
        TreeWalk.sites(of: tree).filter { !$0.isCondition && !$0.isInitialValue && $0.function == "activation" }
    }

    /// The expressions that may be taken from a program.
    static func scions(in tree: TranslationUnit) -> [TreeSite] {
        places(in: tree).filter { (2...24).contains($0.expression.size) }
    }

    static func grafted(
        _ scion: TreeGraft.Scion, at place: TreeSite, of a: TranslationUnit, from b: TranslationUnit,
        stream: inout RandomStream
    ) -> TranslationUnit {
        var child = TreeWalk.replacing(
            place.index, in: a, with: joined(place.expression, scion.expression, &stream))
        child.items.insert(contentsOf: scion.helpers, at: 0)
        TreeNames.declare(scion.trained, in: &child)
        child.idea = TreeNames.idea("Cross of", of: [a, b])
        return child
    }

    private static func joined(_ old: Expression, _ new: Expression, _ stream: inout RandomStream) -> Expression {
        switch stream.index(below: 6) {
        case 0: Expression(.binary(.add, old, new))
        case 1: Expression(.binary(.multiply, old, new))
        case 2:
            Expression(.binary(.add, old, Expression(.binary(.multiply, TreeVocabulary.randomLiteral(&stream), new))))
        default: new
        }
    }
}

/// Rewrites expressions of one candidate so that they mean the same inside another.
struct TreeGraft {
    struct Scion {
        var expression: Expression
        /// Trained scalars it reads, to be declared in the receiver.
        var trained: [Declarator]
        /// Helper functions it calls.
        var helpers: [TranslationUnit.Item]
    }

    private let donor: TranslationUnit
    private let receiver: TranslationUnit
    private let parameters: (donor: String, receiver: String)
    /// What each of the donor's local and global constants stands for; only those with one value all along.
    private var values: [String: Expression] = [:]

    /// Nil when one of them has no activation.
    init?(from donor: TranslationUnit, into receiver: TranslationUnit) {
        guard let source = donor.functions.first(where: { $0.name == "activation" }),
            let target = receiver.functions.first(where: { $0.name == "activation" }),
            let from = source.parameters.first, let to = target.parameters.first
        else { return nil }
        self.donor = donor
        self.receiver = receiver
        parameters = (from.name, to.name)
        var assigned: Set<String> = []
        Self.noteAssigned(source.body, &assigned)
        guard !assigned.contains(from.name) else { return nil }
        for item in donor.items {
            switch item {
            case .macro(let macro): values[macro.name] = macro.value
            case .declaration(let declaration): note(declaration, except: assigned)
            case .function: continue
            }
        }
        // Of the outermost block only: what inner blocks declare may shadow.
        for statement in source.body {
            if case .declaration(let declaration) = statement.kind { note(declaration, except: assigned) }
        }
    }

    private mutating func note(_ declaration: Declaration, except assigned: Set<String>) {
        guard declaration.type == .float else { return }
        for declarator in declaration.declarators where !assigned.contains(declarator.name) {
            guard case .expression(let value) = declarator.initializer else { continue }
            values[declarator.name] = value
        }
    }

    /// Names with more than one value, or more than one declaration.
    private static func noteAssigned(_ statements: [Statement], _ names: inout Set<String>) {
        for statement in statements {
            switch statement.kind {
            case .assignment(let target, _, _): names.insert(target.name)
            case .conditional(_, let then, let otherwise):
                noteInner(then + (otherwise ?? []), &names)
            case .loop(let loop): noteInner(loop.initial + loop.step + loop.body, &names)
            case .block(let inner): noteInner(inner, &names)
            case .declaration, .expression, .result, .leave, .next: break
            }
        }
    }

    private static func noteInner(_ statements: [Statement], _ names: inout Set<String>) {
        names.formUnion(TreePruning.declaredNames(in: statements))
        noteAssigned(statements, &names)
    }

    // MARK: Rewriting

    /// Nil when the expression reads something that has no single value, or calls a helper whose name is taken.
    func scion(_ expression: Expression) -> Scion? {
        var scion = Scion(expression: expression, trained: [], helpers: [])
        var renamed: [String: String] = [:]
        guard let rewritten = rewrite(expression, &scion, &renamed, depth: 0) else { return nil }
        scion.expression = rewritten
        return scion.expression.size <= 2 * TreeAcceptance.largestSize ? scion : nil
    }

    private func rewrite(
        _ expression: Expression, _ scion: inout Scion, _ renamed: inout [String: String], depth: Int
    ) -> Expression? {
        // Locals that are written out may hold locals that are written out: the text could double at each.
        guard depth < 24 else { return nil }
        func again(_ inner: Expression) -> Expression? { rewrite(inner, &scion, &renamed, depth: depth + 1) }
        switch expression.kind {
        case .real, .integer: return expression
        case .element: return nil
        case .name(let name): return rewrite(name: name, &scion, &renamed, depth: depth)
        case .unary(let op, let a): return again(a).map { Expression(.unary(op, $0)) }
        case .cast(let type, let a): return again(a).map { Expression(.cast(type, $0)) }
        case .binary(let op, let a, let b):
            guard let left = again(a), let right = again(b) else { return nil }
            return Expression(.binary(op, left, right))
        case .conditional(let condition, let a, let b):
            guard let test = again(condition), let first = again(a), let second = again(b) else { return nil }
            return Expression(.conditional(test, first, second))
        case .call(let name, let arguments):
            guard take(helper: name, &scion) else { return nil }
            var rewritten: [Expression] = []
            for argument in arguments {
                guard let argument = again(argument) else { return nil }
                rewritten.append(argument)
            }
            return Expression(.call(name, rewritten))
        }
    }

    private func rewrite(
        name: String, _ scion: inout Scion, _ renamed: inout [String: String], depth: Int
    ) -> Expression? {
        if name == parameters.donor { return Expression(.name(parameters.receiver)) }
        if let known = renamed[name] { return Expression(.name(known)) }
        guard let value = values[name] else {
            return BuiltinNames.constants.contains(name) ? Expression(.name(name)) : nil
        }
        guard case .call(TreeVocabulary.trainable, _) = value.kind else {
            return rewrite(value, &scion, &renamed, depth: depth + 1)
        }
        let fresh = TreeNames.fresh(in: receiver, besides: Set(renamed.values).union(BuiltinNames.constants))
        renamed[name] = fresh
        guard let initial = rewrite(value, &scion, &renamed, depth: depth + 1) else { return nil }
        scion.trained.append(Declarator(name: fresh, initializer: .expression(initial)))
        return Expression(.name(fresh))
    }

    /// A helper comes along alone: one that needs other helpers or constants of the donor stays behind.
    private func take(helper name: String, _ scion: inout Scion) -> Bool {
        let theirs = receiver.functions.first { $0.name == name }
        guard let ours = donor.functions.first(where: { $0.name == name }) else { return theirs == nil }
        if scion.helpers.contains(.function(ours)) { return true }
        let item = TranslationUnit(items: [.function(ours)])
        if let theirs {
            return SourcePrinter.print(TranslationUnit(items: [.function(theirs)])) == SourcePrinter.print(item)
        }
        let others = TreePruning.allNames(of: donor).subtracting(TreePruning.allNames(of: item))
        guard TreePruning.usedNames(of: item).isDisjoint(with: others) else { return false }
        scion.helpers.append(.function(ours))
        return true
    }
}
