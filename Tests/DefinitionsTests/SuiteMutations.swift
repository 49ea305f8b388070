/// Every mistake of one key that can be made in a suite by machine.
struct SuiteMutation: Sendable {
    /// The place, as the names of its keys, and what is done to it.
    var what: String
    private var tree: YAMLTree
    /// At the line of one of these the mistake has to be told.
    private var places: [YAMLTree.Path]

    func text() -> String { tree.written().text }

    func lines() -> Set<Int> {
        let lines = tree.written().lines
        // A mapping that has lost its first key begins at the next; without keys it is {} behind its own key.
        return Set(places.compactMap { lines[$0] ?? lines[$0.dropLast()] ?? 1 })
    }

    /// Keys that may be left out, wherever they stand; so may all families but one.
    private static let optional: Set = [
        "allow", "selection", "cells", "racing", "shift", "scaling", "family", "part", "train", "test", "polynomials",
        "harmonics",
        "feynman",
        "chaotic", "piecewise", "long-tail", "tables",
    ]
    /// Keys whose texts are free.
    private static let free: Set = ["name", "family"]
    /// Keys that are judged together with the table: the task as a whole is refused, at its own line.
    private static let judgedTogether: Set = ["train", "test", "ood", "from", "to"]
    /// Bounds of a column may be any number.
    private static let anyNumber: Set = ["from", "to"]

    static func all(of tree: YAMLTree) -> [SuiteMutation] {
        var maker = Maker(tree: tree)
        maker.visit(tree, [], key: "", name: "")
        return maker.found
    }

    private struct Maker {
        let tree: YAMLTree
        var found: [SuiteMutation] = []

        mutating func visit(_ place: YAMLTree, _ path: YAMLTree.Path, key: String, name: String) {
            switch place {
            case .scalar(let text):
                for wrong in SuiteMutation.wrong(for: text, key: key) {
                    replace(path, name, .scalar(wrong), orAbove: SuiteMutation.judgedTogether.contains(key))
                }
            case .list(let items):
                for wrong in ["5", "zzz-nowhere", "{a: 1}", "[]"] { replace(path, name, .scalar(wrong)) }
                var shapes: Set<[String]> = []
                for (index, item) in items.enumerated() where shapes.insert(SuiteMutation.shape(item)).inserted {
                    visit(item, path + [.item(index)], key: key, name: name + "[]")
                }
            case .mapping(let entries):
                if !path.isEmpty {
                    for wrong in ["5", "", "[1]", "{}"] { replace(path, name, .scalar(wrong)) }
                }
                for (index, entry) in entries.enumerated() {
                    let inner = "\(name).\(entry.key)"
                    change(path, index, inner, entry.key)
                    visit(entry.value, path + [.key(index)], key: entry.key, name: inner)
                }
            }
        }

        private mutating func replace(_ path: YAMLTree.Path, _ name: String, _ new: YAMLTree, orAbove: Bool = false) {
            let above = orAbove ? (1..<path.count).map { Array(path.prefix($0)) } : []
            add("\(name) replaced by \(new)", tree.with(path) { _ in new }, [path] + above)
        }

        /// Misspelt, given twice, left out.
        private mutating func change(_ path: YAMLTree.Path, _ index: Int, _ name: String, _ key: String) {
            let place = path + [.key(index)]
            add("\(name) misspelt", changed(path) { $0[index].key += "q" }, [place])
            add("\(name) given twice", changed(path) { $0.append($0[index]) }, [place])
            guard !SuiteMutation.optional.contains(key) else { return }
            add("\(name) removed", changed(path) { $0.remove(at: index) }, [path + [.key(0)]])
        }

        private func changed(
            _ path: YAMLTree.Path, _ change: (inout [(key: String, value: YAMLTree)]) -> Void
        ) -> YAMLTree {
            tree.with(path) { place in
                guard case .mapping(var entries) = place else { return place }
                change(&entries)
                return .mapping(entries)
            }
        }

        private mutating func add(_ what: String, _ tree: YAMLTree, _ places: [YAMLTree.Path]) {
            found.append(SuiteMutation(what: what, tree: tree, places: places))
        }
    }

    private static func wrong(for text: String, key: String) -> [String] {
        var wrong = ["", "{a: 1}", "~"]
        if Double(text) != nil {
            wrong += ["many", "\"5\"", "1e308", "nan"]
            if !anyNumber.contains(key) { wrong += ["-5"] }
        } else {
            wrong += ["12"]
            if !free.contains(key) { wrong += ["zzz-nowhere"] }
        }
        // A target may be a list, and so may the inputs.
        if key != "target", key != "inputs" { wrong += ["[1]"] }
        return wrong.filter { !(Double($0).map { $0 == Double(text) } ?? false) }
    }

    private static func shape(_ item: YAMLTree) -> [String] {
        guard case .mapping(let entries) = item else { return [] }
        return entries.map(\.key)
    }
}
