import EvolveTypes

/// What the grammar offers of the language: everything, or what was drawn for one slot.
///
/// A small model left to its taste writes the same few functions again and again. Offered little, and each time something
/// else, it answers differently to like prompts, and is still the one that puts the parts together.
package struct GrammarOffer: Hashable, Sendable {
    /// A way of putting an expression together.
    package enum Form: String, CaseIterable, Sendable {
        case product, sum, difference, residual, extremum, choice
    }

    /// What stands before the return statement.
    package enum Step: String, CaseIterable, Sendable {
        /// A local variable.
        case value
        /// A trained scalar, which the next expression uses.
        case trained
        /// A local variable that a loop of two or three rounds makes.
        case loop
        /// An early return on one side of a threshold.
        case branch

        /// How often it is drawn, relative to the others.
        fileprivate var weight: Double {
            switch self {
            case .value: 3
            case .trained: 5
            case .loop, .branch: 1
            }
        }
    }

    /// Spellings of functions, one at least of them tame.
    package var functions: [String]
    /// Bounded functions of one number, so that a product with them keeps the other factor's growth.
    package var gates: [String]
    /// Positive literals, one at least below 1.
    package var numbers: [String]
    package var forms: [Form]
    /// The steps of the body; nil: up to four of any kind.
    package var steps: [Step]?

    package init(functions: [String], gates: [String], numbers: [String], forms: [Form], steps: [Step]?) {
        self.functions = functions
        self.gates = gates
        self.numbers = numbers
        self.forms = forms
        self.steps = steps
    }

    /// - Parameter layer: whether functions of the layer around the element may be used.
    package static func everything(layer: Bool) -> GrammarOffer {
        GrammarOffer(
            functions: proposable(layer: layer), gates: boundedFunctions, numbers: literals, forms: Form.allCases,
            steps: nil)
    }

    /// Draws an offer of about these sizes.
    ///
    /// - Parameters:
    ///   - lines: most steps before the return statement; from none to all are equally likely.
    ///   - wanted: of each of these sets one function is offered, if it can be, and before all others.
    package static func drawn(
        functions: Int, numbers: Int, forms: Int, lines: Int, wanted: [Set<String>], layer: Bool,
        stream: inout RandomStream
    ) -> GrammarOffer {
        let all = proposable(layer: layer)
        var left = all
        func take(_ suits: (String) -> Bool) -> [String] {
            guard let name = stream.pick(left.filter(suits)) else { return [] }
            left.removeAll { $0 == name }
            return [name]
        }
        var chosen: [String] = []
        for set in wanted { chosen += take { set.contains($0) } }
        let tame = Set(BuiltinTable.tameUnary)
        chosen += take { tame.contains($0) }
        if layer { chosen += take { BuiltinTable[$0]?.origin == .layer } }
        while chosen.count < functions, !left.isEmpty {
            // The others are mostly rough or dear: good for a change, not for the rule.
            let isTame = stream.uniform() < tameShare
            let next = take { tame.contains($0) == isTame }
            chosen += next.isEmpty ? take { _ in true } : next
        }

        let small = sample(max(1, numbers / 2), of: literals.filter(isSmall), &stream)
        let large = sample(numbers - small.count, of: literals.filter { !isSmall($0) }, &stream)
        let steps = (0..<stream.index(below: lines + 1)).compactMap { _ in
            stream.pick(weights: Step.allCases.map(\.weight)).map { Step.allCases[$0] }
        }
        return GrammarOffer(
            functions: chosen, gates: sample(2, of: boundedFunctions, &stream), numbers: small + large,
            forms: sample(max(1, forms), of: Form.allCases, &stream), steps: steps)
    }

    private static let tameShare = 0.6

    static func isSmall(_ literal: String) -> Bool { literal.hasPrefix("0.") }

    private static func sample<Element>(_ count: Int, of all: [Element], _ stream: inout RandomStream) -> [Element] {
        var left = all
        return (0..<min(count, all.count)).map { _ in left.remove(at: stream.index(below: left.count)) }
    }

    /// The names that stand before an opening parenthesis.
    package static func calls(in source: String) -> Set<String> {
        let words = source.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "(") }
        return Set(
            words.flatMap { $0.split(separator: "(", omittingEmptySubsequences: false).dropLast().map(String.init) })
    }

    /// Functions that a proposal may call, in the order of the table.
    private static func proposable(layer: Bool) -> [String] {
        BuiltinTable.rows.filter { $0.isProposable && (layer || $0.origin != .layer) }.map(\.spelling)
    }

    private static let boundedFunctions = ["sigmoid", "tanhf", "erff", "erfcf", "sinf", "cosf", "atanf", "sinc"]

    /// Never 1: it would scale nothing. Short, for each character costs a model time.
    private static let literals =
        (1...9).map { "0.\($0)f" } + ["0.05f", "0.15f", "0.25f", "0.35f", "0.75f"]
        + ["1.2f", "1.5f", "1.7f", "2.0f", "2.5f", "3.0f", "3.5f", "4.0f", "5.0f", "6.0f"]
}
