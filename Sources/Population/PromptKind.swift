/// The texts that requests to a model are made of: Islands/prompts/NAME.md, or an island's own.
package enum PromptKind: String, Codable, CaseIterable, Sendable, CodingKeyRepresentable {
    case system
    /// Of the language, for models that the grammar holds to it.
    case rules
    /// Of the language, for those that nothing holds to it.
    case language
    case rewrite, edit, crossover, idea, simplify
    /// Behind the first request, after an answer that was refused.
    case repair
}

extension VariationOperator {
    /// What a model is asked; nil for operators that ask none.
    package var prompt: PromptKind? {
        switch self {
        case .modelRewrite: .rewrite
        case .modelEdit: .edit
        case .modelCrossover: .crossover
        case .modelIdea: .idea
        case .modelSimplify: .simplify
        default: nil
        }
    }
}
