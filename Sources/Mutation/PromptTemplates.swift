import Population

/// Which slots the texts of each kind may, and must, name.
extension PromptKind {
    /// The slots that a template of the kind may name.
    package var slots: [Prompt.Slot] {
        switch self {
        case .system: []
        case .rules, .language: [.limit]
        case .rewrite: [.rules, .limit, .voice, .instructions, .parents, .goal, .functions, .tried]
        case .edit: [.rules, .limit, .voice, .instructions, .goal, .functions, .tried, .marked]
        case .crossover: [.rules, .limit, .voice, .instructions, .parents, .functions, .tried]
        case .idea: [.rules, .limit, .voice, .instructions, .parents, .cell, .functions, .tried]
        case .simplify: [.rules, .limit, .voice, .instructions, .parents, .cost, .functions]
        case .repair: [.source, .errors]
        }
    }

    /// Those without which it would say nothing.
    package var required: [Prompt.Slot] {
        switch self {
        case .system, .rules, .language: []
        case .rewrite, .crossover: [.parents]
        case .edit: [.marked]
        case .idea: [.cell]
        case .simplify: [.parents, .cost]
        case .repair: [.errors]
        }
    }
}
