/// What a slot does, and where its proposal comes from.
package enum VariationOperator: String, Codable, CaseIterable, Sendable {
    /// A program of the island's seeds folder.
    case seed
    /// The language model writes a new function after seeing parents.
    case modelRewrite = "model-rewrite"
    /// The language model writes another expression in one place of a parent.
    case modelEdit = "model-edit"
    /// The language model writes one function out of two.
    case modelCrossover = "model-crossover"
    /// The language model writes a function for a cell of the archive that is empty.
    case modelIdea = "model-idea"
    /// The language model writes a cheaper form of one parent.
    case modelSimplify = "model-simplify"
    /// A random edit of one parent's syntax tree.
    case treeMutation = "tree-mutation"
    /// A subtree of one parent put into another.
    case treeCrossover = "tree-crossover"
    /// An expression with a motif that is seldom proposed, put from a candidate that has it into one parent.
    case tailGraft = "tail-graft"
    /// A random text of the grammar that models are held to, whatever the archive holds.
    case grammarSampling = "grammar-sampling"
    /// One parent with other numbers, found by a minimiser that trains networks.
    case constantTuning = "constant-tuning"
    /// No proposal: an elite is trained with fresh seeds.
    case retest = "re-test"

    /// Those that an island gives weights to.
    package static let proposing: [VariationOperator] = allCases.filter { $0 != .seed && $0 != .retest }

    package var asksModel: Bool {
        switch self {
        case .modelRewrite, .modelEdit, .modelCrossover, .modelIdea, .modelSimplify: true
        default: false
        }
    }

    /// Elites without which it cannot be.
    var leastParents: Int {
        switch self {
        // Planned otherwise.
        case .seed, .retest: .max
        case .grammarSampling, .modelRewrite, .modelIdea: 0
        // Besides the donor, who may be forgotten by the archive.
        case .tailGraft: 1
        case .treeMutation, .constantTuning, .modelEdit, .modelSimplify: 1
        case .treeCrossover, .modelCrossover: 2
        }
    }

    func parents(of policy: IslandPolicy) -> Int {
        switch self {
        case .modelRewrite, .modelIdea: policy.selection.parents
        default: leastParents
        }
    }
}
