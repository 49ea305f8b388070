import LanguageModels

/// A model and whether it can be used here and now: what `evolve models --json` prints.
package struct ModelState: Encodable, Sendable {
    /// What came of asking it.
    package struct Trial: Encodable, Sendable {
        package var answered: Bool
        package var detail: String?
        package var seconds: Double
        package var promptTokens: Int
        package var completionTokens: Int
        package var dollars: Double?
        /// Why the answer is no function of the language; nil = it is one, or nothing was answered.
        package var refusal: String?

        package init(
            answered: Bool, detail: String?, seconds: Double, promptTokens: Int, completionTokens: Int,
            dollars: Double?, refusal: String? = nil
        ) {
            self.answered = answered
            self.detail = detail
            self.seconds = seconds
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.dollars = dollars
            self.refusal = refusal
        }
    }

    package var facts: ModelFacts
    package var usable: Bool
    /// What stands in the way.
    package var obstacle: String?
    package var trial: Trial?

    package init(_ facts: ModelFacts, obstacle: String?) {
        self.facts = facts
        self.usable = obstacle == nil
        self.obstacle = obstacle
    }

    package mutating func take(_ trial: Trial) {
        self.trial = trial
        if !trial.answered {
            usable = false
            obstacle = trial.detail
        }
    }
}

/// `ModelState`s in words, at most 80 columns wide.
package enum ModelsText {
    package static func table(_ states: [ModelState]) -> [String] {
        var columns = Columns([.left, .left, .right, .right])
        columns.add(["model", "usable here and now", "context", "$ in / out"])
        // Usable ones first, what is gone last.
        for rank in 0...2 {
            for state in states where Self.rank(state) == rank {
                columns.add([
                    state.facts.name, standing(state), Figures.count(state.facts.context), price(state.facts.price),
                ])
            }
        }
        let trials = states.compactMap { state in state.trial.map { "\(state.facts.name): \(trial($0))" } }
        return columns.lines + [
            "", "Dollars per million tokens. With a name: all that is known, and the licence's terms.",
        ] + (trials.isEmpty ? [] : [""] + trials)
    }

    private static func rank(_ state: ModelState) -> Int { state.usable ? 0 : state.facts.retired == nil ? 1 : 2 }

    private static func standing(_ state: ModelState) -> String {
        if state.usable { return "yes" }
        if let date = state.facts.retired { return "no: gone \(date)" }
        if state.trial != nil { return "no: does not answer" }
        return state.facts.form == .local ? "no: not on this machine" : "no: \(state.facts.key ?? "key") is not set"
    }

    package static func card(_ state: ModelState) -> [String] {
        let facts = state.facts
        var columns = Columns([.left, .left])
        columns.add(["form", facts.form.rawValue])
        if let file = facts.file {
            columns.add(["file", file.path])
            columns.add(["weights", file.quantisation + (file.memory.map { ", \($0) MiB with its cache" } ?? "")])
        }
        if let model = facts.model { columns.add(["server's name", model]) }
        if let base = facts.base { columns.add(["server", base]) }
        if let key = facts.key { columns.add(["key", "in the environment variable \(key)"]) }
        columns.add(["context", "\(Figures.count(facts.context)) tokens, prompt and answer"])
        if let output = facts.output { columns.add(["answer", "\(Figures.count(output)) tokens at most"]) }
        if let thinking = facts.thinking { columns.add(["thinking", "\(Figures.count(thinking)) tokens more"]) }
        columns.add(["price", "\(price(facts.price)) dollars per million tokens in / out"])
        columns.add(["held to form by", facts.traits.constraint.rawValue])
        columns.add(["licence", licence(facts.licence)])
        if let attribution = facts.licence?.attribution { columns.add(["to be shown", attribution]) }
        columns.add(["usable", state.usable ? "yes" : "no: \(state.obstacle ?? "")"])
        if let result = state.trial { columns.add(["asked", trial(result)]) }
        let duties = facts.licence?.obligations ?? []
        return [facts.name] + columns.lines.map { "  " + $0 }
            + (duties.isEmpty ? [] : ["", "  The licence asks:"] + duties.map { "  - \($0)" })
    }

    private static func trial(_ trial: ModelState.Trial) -> String {
        guard trial.answered else { return "no answer: \(trial.detail ?? "")" }
        return "answered in \(Figures.rate(trial.seconds)) s, \(trial.promptTokens) + \(trial.completionTokens) tokens"
            + (trial.dollars.map { $0 > 0 ? ", \(Figures.dollars($0))" : "" } ?? "")
            + (trial.refusal.map { "; not a function of the language: \($0)" } ?? "; the function compiles")
    }

    private static func price(_ price: ModelFacts.Price?) -> String {
        guard let price else { return "unknown" }
        if price.isFree { return "0" }
        return "\(Figures.plain(price.input)) / \(Figures.plain(price.output))"
    }

    private static func licence(_ licence: ModelFacts.Licence?) -> String { licence?.name ?? "unknown" }
}
