import EvolveTypes
import LanguageModels

/// The content of Islands/models.yaml: what is known of models, by name. The file's head says what each key means.
enum ModelsDefinition {
    static let file = "Islands/models.yaml"

    /// Sorted by name.
    static func load(from content: ContentFolder) throws -> [ModelFacts] {
        let text = try content.text(file)
        return try YAMLNode.read(text, problems: DefinitionProblems(file: file)) { keys in
            keys.names.map { name in keys.required(name).mapping { facts(name, $0) } }
        }.sorted { $0.name < $1.name }
    }

    private static func facts(_ name: String, _ keys: YAMLMapping) -> ModelFacts {
        let form: ModelFacts.Form = keys.required("form").choice(among: [.local, .chat, .messages], standIn: .local)
        var facts = ModelFacts(name: name, form: form, context: keys.required("context").int(1...100_000_000))
        if form == .local {
            facts.file = keys.required("file").mapping(file)
        } else {
            facts.model = keys.required("model").text()
            facts.base = base(keys.required("base"))
            facts.key = keys.optional("key").map(key)
        }
        facts.output = keys.optional("output")?.int(1...100_000_000)
        facts.thinking = keys.optional("thinking")?.int(1...10_000_000)
        facts.price = keys.optional("price")?.mapping { keys in
            ModelFacts.Price(
                input: keys.required("input").double(0...1_000_000),
                output: keys.required("output").double(0...1_000_000))
        }
        facts.traits = APITraits(
            constraint: keys.required("constraint").choice(
                among: form == .messages ? [.text] : APITraits.Constraint.allCases, standIn: .text),
            continues: continues(keys),
            omits: keys.optional("omits")?.list().map { $0.choice(standIn: .temperature) } ?? [])
        if form == .chat, let limit = keys.optional("limit") {
            facts.traits.limitsCompletion = limit.choice(AnswerLimit.self, standIn: .tokens) == .completion
        }
        facts.retired = keys.optional("retired").map(date)
        facts.licence = keys.optional("licence")?.mapping { keys in
            ModelFacts.Licence(
                name: keys.required("name").text(), attribution: keys.optional("attribution")?.text(),
                obligations: keys.optional("obligations")?.list().map { $0.text() } ?? [])
        }
        sources(keys)
        return facts
    }

    /// A grammar holds for what comes behind a beginning, which the server must therefore go on from.
    private static func continues(_ keys: YAMLMapping) -> Bool {
        let node = keys.required("continues")
        let continues = node.flag()
        if keys.isSoundSoFar, !continues, keys.optional("constraint")?.text() == APITraits.Constraint.grammar.rawValue {
            node.reject("a grammar needs a server that goes on from the beginning of an answer: continues: true")
        }
        return continues
    }

    /// What a Chat Completions server calls the longest answer.
    private enum AnswerLimit: String, CaseIterable {
        case tokens = "max_tokens"
        case completion = "max_completion_tokens"
    }

    private static func file(_ keys: YAMLMapping) -> ModelFacts.File {
        let path = keys.required("path")
        let text = path.text()
        if text.hasPrefix("/") || text.split(separator: "/").contains("..") {
            path.reject("'path' must lead to a file below the folder local-model of the program's home")
        }
        let sha256 = keys.optional("sha256")
        let digest = sha256?.text()
        if let digest, !digest.isEmpty, digest.count != 64 || !digest.allSatisfy({ "0123456789abcdef".contains($0) }) {
            sha256?.reject("'sha256' must be 64 digits and letters a to f, not '\(digest)'")
        }
        return ModelFacts.File(
            path: text, bytes: keys.optional("bytes")?.int(1...1_000_000_000_000_000), sha256: digest,
            quantisation: keys.required("quantisation").text(),
            memory: keys.optional("memory-mib")?.int(1...100_000_000),
            slots: keys.optional("slots")?.int(1...64) ?? 1, threads: keys.optional("threads")?.int(1...1_024))
    }

    private static func base(_ node: YAMLNode) -> String {
        let text = node.text()
        let isWeb = text.hasPrefix("http://") || text.hasPrefix("https://")
        if !text.isEmpty, !isWeb || text.hasSuffix("/") || text.contains("?") || text.contains(" ") {
            node.reject("'base' must be an address such as https://api.example.com/v1, without a slash at its end")
        } else if text.contains("@") {
            node.reject(
                "'base' must hold no password: it is written into every run; name an environment variable as 'key'")
        }
        return text
    }

    private static func key(_ node: YAMLNode) -> String {
        let text = node.text()
        if !text.isEmpty, text.contains(where: { !($0.isUppercase || $0.isNumber || $0 == "_") || !$0.isASCII }) {
            node.reject(
                "'key' must be the name of an environment variable, in capitals, such as OPENAI_API_KEY; never the key itself"
            )
            return ""
        }
        return text
    }

    /// Where the facts are from: each of `sourced` that is given must be named.
    private static func sources(_ keys: YAMLMapping) {
        var named: Set<String> = []
        for item in keys.required("sources").list() {
            item.mapping { keys in
                for fact in keys.required("of").list() {
                    let name = fact.text()
                    if !name.isEmpty,
                        !(sourced + ["model", "base", "form", "key", "continues", "limit"]).contains(name)
                    {
                        fact.reject(
                            "'\(name)' is no key that has a source"
                                + NearestName.hint(name, among: sourced, noun: "those are"))
                    }
                    named.insert(name)
                }
                _ = keys.required("source").text()
                _ = date(keys.required("date"))
            }
        }
        guard keys.isSoundSoFar else { return }
        for fact in sourced where !named.contains(fact) {
            keys.optional(fact)?.reject("'\(fact)' has no source: name it in 'of' of one of the 'sources'")
        }
    }

    private static let sourced = [
        "file", "context", "output", "thinking", "price", "constraint", "omits", "licence", "retired",
    ]

    private static func date(_ node: YAMLNode) -> String {
        let text = node.date()
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if !text.isEmpty, parts.map(\.count) != [4, 2, 2] || !parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) {
            node.reject("\(node.name) must be a date such as 2026-11-25, not '\(text)'")
        }
        return text
    }
}
