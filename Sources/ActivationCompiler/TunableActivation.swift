import ActivationCodegen
import ActivationIR
import ActivationParser
import ActivationPasses

/// A candidate whose numbers are open: one kernel for all values that they may have.
package struct TunableActivation: Sendable {
    /// A number of the text, and where the kernel reads it.
    package struct Number: Hashable, Sendable {
        package var literal: Literal
        /// Indices into the kernel's `p`; more than one where a loop or a helper starts several trained values from it.
        package var places: [Int]
        /// Whether the kernel reads the number with the other sign.
        package var isNegative: Bool
    }

    package var source: String
    package var idea: String?
    /// In the order of the text.
    package var numbers: [Number]
    /// `initials` hold the numbers as they are.
    package var kernel: KernelSource

    /// More are left as they are, the first of the text win: a simplex of n + 1 corners learns nothing from a few trials.
    package static let mostNumbers = 6

    /// The text with other numbers in their places.
    /// - Parameter values: one per number; those that equal the old one leave its spelling alone.
    package func source(with values: [Float], idea: String?) -> String? {
        let changed = zip(numbers, values).filter { Float($0.literal.value) != $1 }
        let places = Dictionary(
            changed.map { ($0.literal.position, Double($1)) }, uniquingKeysWith: { first, _ in first })
        guard let text = LiteralText.replacing(places, in: source) else { return nil }
        return idea.map { LiteralText.replacingIdea(in: text, with: $0) } ?? text
    }
}

extension ActivationPipeline {
    /// The candidate with its numbers open; nil for a text that is refused, or that has no number to tune.
    ///
    /// A number is tuned if the function can be made without knowing it, depends on it, and is sound with it open: with
    /// a 1 unknown, for example, an overflow may no longer be avoided.
    package func tunable(_ source: String) -> TunableActivation? {
        guard let tree = SourceParser.parse(source, limits: limits).tree else { return nil }
        var chosen: [Literal] = []
        var best: TunableActivation?
        for literal in OpenLiterals.candidates(in: tree) where chosen.count < TunableActivation.mostNumbers {
            guard let found = opened(chosen + [literal], tree, source) else { continue }
            chosen.append(literal)
            best = found
        }
        return best
    }

    /// Whether there is anything to tune.
    package func isTunable(_ source: String) -> Bool {
        guard let tree = SourceParser.parse(source, limits: limits).tree else { return false }
        return OpenLiterals.candidates(in: tree).contains { opened([$0], tree, source) != nil }
    }

    /// Nil unless every one of the literals matters.
    private func opened(_ literals: [Literal], _ tree: TranslationUnit, _ source: String) -> TunableActivation? {
        // A trained value starts from some of them; the others are read as they are, and frozen.
        guard let known = OpenLiterals.program(of: tree, open: [], limits: limits) else { return nil }
        let starts = Set(known.initials.values.map(\.literal))
        let frozen = literals.filter { !starts.contains($0.position) }
        guard let open = OpenLiterals.program(of: tree, open: frozen, limits: limits) else { return nil }
        let program = Simplifier.run(open.program.withOpenParametersLast)
        let trained = program.parameters.count { !OpenLiterals.isOpen($0) }
        guard program.parameters.count - trained == frozen.count, Verifier.readsInput(program),
            Verifier.verify(program).isEmpty
        else { return nil }
        var numbers: [TunableActivation.Number] = []
        for literal in literals {
            let number = Self.number(literal, among: frozen, open, program, trained)
            if number.places.isEmpty { return nil }
            numbers.append(number)
        }
        let whole = Gradient.differentiate(program, isSimplified: true)
        var gradient = whole
        gradient.outputs = Array(whole.outputs.prefix(2 + trained))
        // Of a layer's program the gate wants every derivative.
        guard SoundnessGate.check(program.readsLayer ? whole : gradient) == nil else { return nil }
        return TunableActivation(
            source: source, idea: tree.idea, numbers: numbers, kernel: KernelPrinter.print(gradient: gradient))
    }

    private static func number(
        _ literal: Literal, among frozen: [Literal], _ open: OpenProgram, _ program: Program, _ trained: Int
    ) -> TunableActivation.Number {
        if let index = frozen.firstIndex(of: literal) {
            return TunableActivation.Number(literal: literal, places: [trained + index], isNegative: false)
        }
        let starts = program.parameters.indices.compactMap { place in
            open.initials[program.parameters[place].name].map { (place: place, start: $0) }
        }.filter { $0.start.literal == literal.position }
        let signs = Set(starts.map(\.start.isNegative))
        // A macro may carry it to places of either sign; such a number is left alone.
        return TunableActivation.Number(
            literal: literal, places: signs.count == 1 ? starts.map(\.place) : [], isNegative: signs.contains(true))
    }
}

extension Program {
    /// The same program, with the parameters that stand for open numbers behind those that are trained.
    fileprivate var withOpenParametersLast: Program {
        let order =
            parameters.indices.filter { !OpenLiterals.isOpen(parameters[$0]) }
            + parameters.indices.filter { OpenLiterals.isOpen(parameters[$0]) }
        var result = self
        result.parameters = order.map { parameters[$0] }
        for (id, node) in nodes.enumerated() where node.op == .parameter {
            result.nodes[id].payload = Double(order.firstIndex(of: Int(node.payload)) ?? 0)
        }
        return result
    }
}
