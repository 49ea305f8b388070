import ActivationIR

/// Checked tree → `Program`, by evaluating the tree at compile time.
///
/// Every value is known, or is a node. What is known decides: loops run, indices select, branches are taken. Where a
/// condition is not known both branches run, each on its own copy of the variables, and the copies are merged by selects.
/// An early return, break or continue under such a condition splits the path: the rest runs on the assumption that it
/// did not happen, then the variables as they were at the split are merged back in.
struct Lowering {
    /// Ends the evaluation; at most one error is reported here, the first on the path.
    struct Stop: Error {
        var position: SourcePosition
        var message: String
        /// A limit was reached; an enclosing loop that depends on x may know the reason.
        var isLimit = false
        /// The checker has said it.
        var isRefused = false

        static func refused(_ position: SourcePosition) -> Stop {
            Stop(position: position, message: "", isRefused: true)
        }
    }

    struct Value {
        var type: ScalarType
        var operand: Operand
    }

    /// Where a name's value is: its slots in the environment.
    struct Binding {
        var type: ScalarType
        var slots: Range<Int>
        var isArray: Bool
    }

    /// The variables of the function being evaluated, and how its current path may have ended.
    struct Environment {
        /// Nil: not assigned yet.
        var slots: [Operand?] = []
        var result: Operand?
        /// Booleans: the path has ended by return, break, continue.
        var returned = Operand.constant(0)
        var left = Operand.constant(0)
        var skipped = Operand.constant(0)
    }

    let limits: ParserLimits
    var report: DiagnosticReport
    var build = FoldingBuilder()
    var environment = Environment()
    var scopes: [[String: Binding]] = [[:]]
    var slotTypes: [ScalarType] = []
    var resultType = ScalarType.float
    var functions: [String: Function] = [:]
    var macros: [String: Expression] = [:]
    /// Global constants: their elements.
    var globals: [String: (type: ScalarType, elements: [Operand], isArray: Bool)] = [:]
    var parameterNames: Set<String> = []
    /// Where each parameter's `trainable` stands.
    var parameterPositions: [SourcePosition] = []
    /// What each parameter's `trainable` starts from, as it is written.
    var initialExpressions: [Expression] = []
    /// Numbers of the text, by their places, that are parameters instead.
    private(set) var openNumbers: [SourcePosition: Operand] = [:]
    /// The variable whose initial value is being evaluated: it names a `trainable`.
    var declaring: String?
    var iterations = 0
    private var steps = 0
    private var depth = 0
    private let items: [TranslationUnit.Item]

    init(tree: TranslationUnit, limits: ParserLimits, report: DiagnosticReport) {
        self.limits = limits
        self.report = report
        items = tree.items
        for function in tree.functions { functions[function.name] = function }
    }

    /// Makes numbers of the text parameters, in this order, before all others. Call before `run`.
    mutating func open(_ literals: [(position: SourcePosition, name: String, value: Double)]) {
        for literal in literals {
            parameterNames.insert(literal.name)
            parameterPositions.append(literal.position)
            initialExpressions.append(Expression(.real(literal.value)))
            openNumbers[literal.position] = build.trainable(name: literal.name, initial: literal.value)
        }
    }

    /// Nil after an error was reported.
    ///
    /// - Parameter isTentative: the checker refused the tree; evaluation says what it finds before it meets the first
    ///   thing that was refused, and is silent about that.
    mutating func run(isTentative: Bool = false) -> Program? {
        do {
            return try evaluateEntry(isTentative: isTentative)
        } catch {
            guard let stop = error as? Stop else { preconditionFailure("Lowering throws only Stop") }
            if stop.isRefused { return nil }
            report.error(stop.position, stop.message)
            return nil
        }
    }

    private mutating func evaluateEntry(isTentative: Bool) throws -> Program {
        for item in items {
            switch item {
            case .macro(let macro): macros[macro.name] = macro.value
            case .declaration(let declaration): try declareGlobals(declaration)
            case .function: continue
            }
        }
        guard let entry = functions["activation"], entry.parameters.count == 1 else {
            if isTentative { throw Stop.refused(.none) }
            throw Stop(position: .none, message: "there is no function float activation(float x) { … }; write it")
        }
        let result = try inline(entry, [Value(type: .float, operand: build.input())])
        let output = build.node(result.operand)
        let program = build.finish(output: output)
        guard Verifier.readsInput(program) || isTentative else {
            let x = entry.parameters[0].name
            throw Stop(
                position: entry.position,
                message: "the result never depends on \(x); compute the returned value from \(x)")
        }
        warnAboutUnusedParameters(of: program)
        return program
    }

    private mutating func warnAboutUnusedParameters(of program: Program) {
        let live = program.isLive
        for (id, node) in program.nodes.enumerated() where node.op == .parameter && !live[id] {
            let index = Int(node.payload)
            let name = program.parameters[index].name
            report.warning(parameterPositions[index], "trainable '\(name)' does not change the result; remove it")
        }
    }

    private mutating func declareGlobals(_ declaration: Declaration) throws {
        try declare(declaration)
        for declarator in declaration.declarators {
            guard let binding = scopes[0][declarator.name] else { continue }
            let elements = environment.slots[binding.slots].map { $0 ?? .constant(0) }
            globals[declarator.name] = (binding.type, elements, binding.isArray)
        }
    }

    /// Counts a step at `position`, one level deeper than the caller.
    mutating func counted<Result>(_ position: SourcePosition, _ body: (inout Lowering) throws -> Result) throws
        -> Result
    {
        steps += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= 4 * limits.nesting else {
            throw Stop(position: position, message: "helpers call helpers too deep; compute in fewer steps")
        }
        guard steps <= limits.steps, build.count <= limits.nodes else {
            throw Stop(
                position: position,
                message: "the program is too long once loops are unrolled and helpers inlined "
                    + "(at most \(limits.nodes) operations); use fewer iterations",
                isLimit: true)
        }
        if position != .none { build.line = position.line }
        return try body(&self)
    }

    /// The value of a function for these arguments: its body, evaluated on variables of its own.
    mutating func inline(_ function: Function, _ arguments: [Value]) throws -> Value {
        let caller = (environment, scopes, slotTypes, resultType, declaring)
        defer { (environment, scopes, slotTypes, resultType, declaring) = caller }
        environment = Environment()
        scopes = [[:]]
        slotTypes = []
        resultType = function.result
        declaring = nil
        guard function.parameters.count == arguments.count else { throw Stop.refused(function.position) }
        for (parameter, argument) in zip(function.parameters, arguments) {
            bind(parameter.name, parameter.type, [try convert(argument, to: parameter.type, function.position)])
        }
        try run(function.body)
        guard environment.returned.constant == 1, let result = environment.result else {
            throw Stop(
                position: function.position,
                message: "'\(function.name)' can end without a return; make its last statement return a value")
        }
        return Value(type: function.result, operand: result)
    }

    mutating func bind(_ name: String, _ type: ScalarType, _ elements: [Operand?], isArray: Bool = false) {
        let start = environment.slots.count
        environment.slots += elements
        slotTypes += elements.map { _ in type }
        scopes[scopes.count - 1][name] = Binding(type: type, slots: start..<start + elements.count, isArray: isArray)
    }

    // MARK: Paths

    /// The environment that is `a` where `condition` holds, else `b`. Slots that only one of them has are out of scope.
    mutating func merge(_ condition: Operand, _ a: Environment, _ b: Environment) -> Environment {
        var merged = Environment()
        // After a return no variable matters.
        if a.returned.constant == 1 {
            merged.slots = b.slots
        } else if b.returned.constant == 1 {
            merged.slots = a.slots
        } else {
            for index in 0..<min(a.slots.count, b.slots.count) {
                merged.slots.append(choose(condition, a.slots[index], b.slots[index], slotTypes[index]))
            }
        }
        merged.result = choose(condition, a.result, b.result, resultType)
        merged.returned = build.selectBoolean(condition, a.returned, b.returned)
        merged.left = build.selectBoolean(condition, a.left, b.left)
        merged.skipped = build.selectBoolean(condition, a.skipped, b.skipped)
        return merged
    }

    /// A value that one side lacks is the other's: C leaves the variable undefined there.
    private mutating func choose(_ condition: Operand, _ a: Operand?, _ b: Operand?, _ type: ScalarType) -> Operand? {
        guard let a, let b else { return a ?? b }
        return type == .bool ? build.selectBoolean(condition, a, b) : build.select(condition, a, b)
    }
}
