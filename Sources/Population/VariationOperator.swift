/// What a slot does, and where its proposal comes from.
package enum VariationOperator: String, Codable, CaseIterable, Sendable {
    /// A program of the island's seeds folder.
    case seed
    /// The language model writes a new function after seeing parents.
    case modelRewrite = "model-rewrite"
    /// A random edit of one parent's syntax tree.
    case treeMutation = "tree-mutation"
    /// A subtree of one parent put into another.
    case treeCrossover = "tree-crossover"
    /// One parent with other numbers, found by a minimiser that trains networks.
    case constantTuning = "constant-tuning"
    /// No proposal: an elite is trained with fresh seeds.
    case retest = "re-test"

    /// Those that an island gives weights to.
    package static let proposing: [VariationOperator] = [
        .modelRewrite, .treeMutation, .treeCrossover, .constantTuning,
    ]

    func parents(of policy: IslandPolicy) -> Int {
        switch self {
        case .seed: 0
        case .modelRewrite: policy.selection.parents
        case .treeMutation, .constantTuning, .retest: 1
        case .treeCrossover: 2
        }
    }
}
