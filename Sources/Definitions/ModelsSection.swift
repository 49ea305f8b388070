import Engine
import EvolveTypes
import Foundation
import LanguageModels

/// The part of a run's file that says which models it asks and what they may cost.
struct ModelsSection {
    /// Of Islands/models.yaml.
    let known: [ModelFacts]
    /// Where scripts are looked for: the folder of the run's file.
    let folder: URL

    func read(_ keys: YAMLMapping) -> ModelPolicy {
        let node = keys.required("models")
        var choices: [ModelPolicy.Choice] = []
        for item in node.list() {
            guard let choice = choice(item) else { continue }
            if choices.contains(where: { $0.facts.name == choice.facts.name }) {
                item.reject("the model '\(choice.facts.name)' is listed twice")
            }
            choices.append(choice)
        }
        let total = keys.optional("budget")
        let policy = ModelPolicy(choices, budget: total?.mapping(Self.budget) ?? .unlimited)
        if let unpriced = policy.withoutPrice {
            (total ?? node).reject(
                "dollars cannot be counted: the price of '\(unpriced)' is not known; give tokens or requests instead")
        }
        return policy
    }

    private func choice(_ item: YAMLNode) -> ModelPolicy.Choice? {
        guard item.isMapping else { return facts(item).map { ModelPolicy.Choice($0) } }
        return item.mapping { keys in
            if let script = keys.optional("script") {
                let path = script.text()
                if !path.isEmpty, !FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path) {
                    script.reject("there is no file '\(path)' beside the run's file")
                }
                return ModelPolicy.Choice(.scripted(path, name: "script/" + (path as NSString).lastPathComponent))
            }
            let facts = facts(keys.required("name"))
            let budget = Self.budget(keys)
            return facts.map { ModelPolicy.Choice($0, budget: budget) }
        }
    }

    private func facts(_ node: YAMLNode) -> ModelFacts? {
        guard let name = node.name(among: known.map(\.name), noun: "model", plural: "models"),
            let facts = known.first(where: { $0.name == name })
        else { return nil }
        if let date = facts.retired { node.reject("'\(name)' is not served any more since \(date)") }
        return facts
    }

    private static func budget(_ keys: YAMLMapping) -> Budget {
        Budget(
            tokens: keys.optional("tokens")?.int(0...1_000_000_000_000),
            requests: keys.optional("requests")?.int(0...1_000_000_000),
            dollars: keys.optional("dollars")?.double(0...1_000_000_000))
    }
}
