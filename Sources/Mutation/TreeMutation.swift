import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes

/// One random edit of a candidate's syntax tree (Koza 1992): a child close to its parent, without asking a model.
package enum TreeMutation {
    /// - Parameters:
    ///   - allow: whether functions of the layer are among the words it edits with.
    ///   - stream: the only source of chance; the same stream gives the same child.
    /// - Returns: another program than the parent's that still depends on x; nil when none was found in a bounded number
    ///   of tries.
    package static func mutate(
        _ parent: ReadActivation, allow: AllowedReach, stream: inout RandomStream
    ) -> ReadActivation? {
        let tree = parent.tree
        let words = TreeVocabulary(allow: allow)
        let sites = TreeWalk.sites(of: tree)
        guard !sites.isEmpty else { return nil }
        let acceptance = TreeAcceptance(parents: [parent])
        let fresh = TreeNames.fresh(in: tree)
        for _ in 0..<TreeAcceptance.tries {
            let site = sites[stream.index(below: sites.count)]
            let edits = TreeEdit.allCases
            guard let choice = stream.pick(weights: edits.map(\.weight)),
                let result = edits[choice].apply(to: site, words: words, fresh: fresh, &stream)
            else { continue }
            var child = TreeWalk.replacing(site.index, in: tree, with: result.replacement)
            if let trained = result.trained { TreeNames.declare([trained], in: &child) }
            child.idea = TreeNames.idea("Variant of", of: [tree])
            if let accepted = acceptance.accept(child) { return accepted }
        }
        return nil
    }
}

/// Whether an edited tree is worth proposing.
struct TreeAcceptance {
    static let tries = 32
    /// Nodes of all expressions; beyond it only smaller trees than the parents are accepted, against bloat.
    static let largestSize = 80

    private let parents: Set<String>
    private let size: Int

    init(parents: [ReadActivation]) {
        self.parents = Set(parents.map { CanonicalHash.of($0.program) })
        size = parents.map { Self.size(of: $0.tree) }.max() ?? 0
    }

    /// What the tree's text reads as, without idle declarations; nil when it is refused.
    func accept(_ tree: TranslationUnit) -> ReadActivation? {
        let tree = TreePruning.withoutIdleDeclarations(tree)
        let size = Self.size(of: tree)
        guard size <= Self.largestSize || size < self.size else { return nil }
        guard let child = ActivationPipeline().read(SourcePrinter.print(tree)).activation else { return nil }
        // x − x reads x, but its result does not depend on it.
        guard Verifier.readsInput(child.program), !parents.contains(CanonicalHash.of(child.program)) else { return nil }
        return child
    }

    private static func size(of tree: TranslationUnit) -> Int {
        // Inner sites are counted with the outer ones: only what no other site holds.
        TreeWalk.sites(of: tree).count
    }
}

/// Names and ideas of edited trees.
enum TreeNames {
    /// A short name that the tree uses nowhere.
    static func fresh(in tree: TranslationUnit, besides taken: Set<String> = []) -> String {
        let used = TreePruning.allNames(of: tree).union(taken)
        let letters = "abcdefghpqrstuvw".map(String.init)
        return letters.first { !used.contains($0) } ?? (1...).lazy.map { "p\($0)" }.first { !used.contains($0) } ?? "p0"
    }

    /// Puts declarations of floats at the start of activation.
    static func declare(_ declarators: [Declarator], in tree: inout TranslationUnit) {
        for (place, item) in tree.items.enumerated() {
            guard case .function(var function) = item, function.name == "activation" else { continue }
            let statements = declarators.map { Statement(.declaration(Declaration(type: .float, declarators: [$0]))) }
            function.body.insert(contentsOf: statements, at: 0)
            tree.items[place] = .function(function)
        }
    }

    /// What an edited tree is called: after its parents, without their sources and earlier such names.
    static func idea(_ relation: String, of parents: [TranslationUnit]) -> String? {
        let bases = parents.compactMap { parent -> String? in
            guard var idea = parent.idea else { return nil }
            for prefix in ["Variant of ", "Cross of ", "Edit of ", "Tuned: "] where idea.hasPrefix(prefix) {
                idea.removeFirst(prefix.count)
            }
            let name = idea.prefix { !":(".contains($0) }
            var words = name.split(separator: " ").prefix(6)
            // Where it is cut, no word may be left that leads on.
            while let last = words.last, ["and", "or", "of", "with", "the", "a"].contains(last) { words.removeLast() }
            return words.isEmpty ? nil : words.joined(separator: " ")
        }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return bases.isEmpty ? nil : "\(relation) \(bases.joined(separator: " and "))"
    }
}
