import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes
import Population

/// What a model is asked: the island's template for the slot's operator, filled. `Slot.allCases` are the slots that a
/// template may name, `PromptKind.slots` those of each kind.
package struct Prompt: Sendable {
    package enum Slot: String, CaseIterable, Sendable {
        /// What the language allows. The same in every prompt: a template that begins with it spares a local model the
        /// reading, for what prompts have in common is read once.
        case rules
        /// The suite's limit of cost, and what else a candidate may read.
        case limit
        /// The island's own word.
        case voice
        /// What earlier runs teach, with blank lines around it; nothing, not even those, where the island has none.
        case instructions
        /// A few programs with their gains and ideas: inspirations, then the parents; in each group the best one last.
        case parents
        /// What to try in this slot.
        case goal
        /// Functions to try in this slot; nothing where the grammar offers them anyway.
        case functions
        /// What was proposed over and over of late, behind a line break; nothing where that is not told.
        case tried
        /// Inspirations, and the parent with the place marked that is to be written anew; under a grammar, where the answer is
        /// begun up to that place, only the inspirations.
        case marked
        /// The archive's empty cell, in words.
        case cell
        /// What the last parent costs, and what it should.
        case cost
        /// The refused answer.
        case source
        /// What is wrong with it.
        case errors

        package var marker: String { "{{\(rawValue)}}" }
    }

    /// What all requests of a slot have in common.
    struct Occasion: Sendable {
        var plan: SlotPlan
        var policy: IslandPolicy
        var offer: GrammarOffer
        /// Whether the model is held to the grammar.
        var isConstrained: Bool
        var goal: String
        /// Of an edit: the place.
        var hole: TreeHole?
        var costLimit: Double?
        var allow: AllowedReach
        var elites: EliteReader
    }

    let system: String
    /// The message of the user.
    let text: String

    init(_ occasion: Occasion, inspirations: ArraySlice<Elite>) {
        let policy = occasion.policy
        func template(_ kind: PromptKind?) -> String { kind.flatMap { policy.prompts[$0] } ?? "" }
        let limits = Self.limits(occasion)
        func rules() -> String {
            Self.filled(template(occasion.isConstrained ? .rules : .language)) { $0 == .limit ? limits : nil }
                .trimmingNewlines()
        }
        system = template(.system).trimmingNewlines()
        text = Self.filled(template(occasion.plan.variation.prompt)) { slot in
            switch slot {
            case .rules: rules()
            case .limit: limits
            case .voice: policy.voice.trimmingNewlines()
            case .instructions: policy.instructions.map(Self.listed) ?? ""
            case .goal: occasion.goal
            case .functions: occasion.isConstrained ? "" : Self.hint(occasion)
            case .tried: Self.tried(occasion.plan)
            case .cell: occasion.plan.target?.words ?? "unlike those above"
            case .cost: Self.cost(of: occasion.plan)
            case .marked: Self.marked(occasion, inspirations)
            case .parents:
                (inspirations + occasion.plan.parents).map { Self.shown($0, occasion.elites) }.joined(separator: "\n\n")
            case .source, .errors: nil
            }
        }.trimmingNewlines()
    }

    /// As it stands in a prompt: in a line of its own between two others, which are joined by that line's break if it is
    /// empty.
    package static func listed(_ instructions: [String]) -> String {
        guard !instructions.isEmpty else { return "" }
        let lines = instructions.map { "- \($0)\n" }
        return "\nWhat earlier runs teach:\n" + lines.joined()
    }

    /// The template with its slots filled. What is put in is not searched for slots: models may have written it.
    /// - Parameter value: nil = the marker stays.
    static func filled(_ template: String, _ value: (Slot) -> String?) -> String {
        var (text, rest) = ("", template[...])
        while let start = rest.utf8.firstIndex(of: UInt8(ascii: "{")) {
            text += rest[..<start]
            rest = rest[start...]
            let slot = rest.hasPrefix("{{") ? Slot.allCases.first { rest.hasPrefix($0.marker) } : nil
            if let slot, let value = value(slot) {
                text += value
                rest = rest.dropFirst(slot.marker.count)
            } else {
                text.append("{")
                rest = rest.dropFirst()
            }
        }
        return text + rest
    }

    /// The comment that a continued answer begins with: what it was asked to be.
    static func idea(_ occasion: Occasion) -> String {
        let names = names(occasion)
        return occasion.goal + (names.isEmpty ? "" : ": " + names.prefix(3).joined(separator: ", "))
    }

    private static func hint(_ occasion: Occasion) -> String {
        let names = names(occasion)
        return names.isEmpty ? "" : "Functions: \(names.joined(separator: " "))."
    }

    /// All names of the language are too many to be a hint.
    private static func names(_ occasion: Occasion) -> [String] {
        occasion.policy.grammar == nil ? [] : occasion.offer.functions
    }

    private static func limits(_ occasion: Occasion) -> String {
        let limit = occasion.costLimit.map { "It may cost \(number($0)) operations at most." }
        let layer =
            occasion.allow == .layer
            ? "It may read the layer around x: \(BuiltinNames.layer.joined(separator: " "))." : nil
        return [limit, layer].compactMap { $0 }.joined(separator: " ")
    }

    private static func marked(_ occasion: Occasion, _ inspirations: ArraySlice<Elite>) -> String {
        guard let hole = occasion.hole, let parent = occasion.plan.parents.last else { return "" }
        let place = occasion.isConstrained ? [] : [gain(of: parent, idea: hole.idea) + "\n" + hole.marked]
        return (inspirations.map { shown($0, occasion.elites) } + place).joined(separator: "\n\n")
    }

    private static func tried(_ plan: SlotPlan) -> String {
        let fragments = (plan.tried ?? []).compactMap(Motif.fragment).reduce(into: [String]()) { texts, text in
            if !texts.contains(text) { texts.append(text) }
        }
        guard !fragments.isEmpty else { return "" }
        return "\nAlready tried often: \(fragments.map { "`\($0)`" }.joined(separator: ", ")). Use something else."
    }

    private static func cost(of plan: SlotPlan) -> String {
        guard let parent = plan.parents.last else { return "" }
        return
            "It costs \(number(parent.cost)) operations; write one under \(number((parent.cost * 0.6).rounded(.up)))."
    }

    /// The program in one style, its gain and its author's words before it.
    private static func shown(_ elite: Elite, _ elites: EliteReader) -> String {
        guard var tree = elites.read(elite.source)?.tree else {
            return gain(of: elite, idea: nil) + "\n" + elite.source
        }
        let gain = gain(of: elite, idea: tree.idea)
        tree.idea = nil
        return gain + "\n" + SourcePrinter.print(tree).trimmingNewlines()
    }

    /// As a comment, with the author's words.
    private static func gain(of elite: Elite, idea: String?) -> String {
        "// gain \(decibels(elite.gain))" + (idea.map { ": " + $0.prefix(ideaLength) } ?? "")
    }

    /// Characters of an idea that are shown.
    private static let ideaLength = 120

    /// A gain with sign and one decimal, for example "+0.4 dB".
    private static func decibels(_ gain: Double) -> String {
        let tenths = Int((abs(gain) * 10).rounded())
        return "\(gain < 0 ? "-" : "+")\(tenths / 10).\(tenths % 10) dB"
    }

    private static func number(_ cost: Double) -> String { "\(Int(cost.rounded(.up)))" }
}

extension String {
    func trimmingNewlines() -> String {
        var text = self[...]
        while text.last?.isNewline == true { text = text.dropLast() }
        return String(text.drop { $0.isNewline })
    }
}
