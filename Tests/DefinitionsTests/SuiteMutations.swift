/// Every mistake of one key that can be made in a suite by machine.
struct SuiteMutation: Sendable {
    var what: String
    var text: String
    /// Lines at one of which the mistake has to be told.
    var lines: Set<Int>

    /// Keys that may be left out, wherever they stand; so may all families but one.
    private static let optional: Set = [
        "allow", "selection", "shift", "scaling", "family", "part", "train", "test", "polynomials", "harmonics",
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
        maker.visit(tree, [], key: "")
        return maker.found
    }

    private struct Maker {
        let tree: YAMLTree
        var found: [SuiteMutation] = []

        mutating func visit(_ place: YAMLTree, _ path: YAMLTree.Path, key: String) {
            switch place {
            case .scalar(let text):
                for wrong in SuiteMutation.wrong(for: text, key: key) {
                    replace(path, key, .scalar(wrong), SuiteMutation.judgedTogether.contains(key))
                }
            case .list(let items):
                replace(path, key, .list([]))
                for wrong in ["5", "zzz-nowhere", "", "{a: 1}", "~"] { replace(path, key, .scalar(wrong)) }
                var shapes: Set<[String]> = []
                for (index, item) in items.enumerated() where shapes.insert(SuiteMutation.shape(item)).inserted {
                    visit(item, path + [.item(index)], key: key)
                }
            case .mapping(let entries):
                if !path.isEmpty {
                    for wrong in ["5", "zzz-nowhere", "", "[1]", "~"] { replace(path, key, .scalar(wrong)) }
                    replace(path, key, .mapping([]))
                }
                for (index, entry) in entries.enumerated() {
                    let place = path + [.key(index)]
                    misspell(path, index, entry.key)
                    remove(place, entry.key)
                    duplicate(path, index, entry.key)
                    visit(entry.value, place, key: entry.key)
                }
            }
        }

        private mutating func replace(_ path: YAMLTree.Path, _ key: String, _ new: YAMLTree, _ orAbove: Bool = false) {
            let (text, lines) = tree.with(path) { _ in new }.written()
            var expected: Set = [lines[path, default: 0]]
            if orAbove {
                for length in 1..<path.count { expected.insert(lines[Array(path.prefix(length)), default: 0]) }
            }
            add("\(key) replaced by \(new)", text, expected)
        }

        private mutating func misspell(_ path: YAMLTree.Path, _ index: Int, _ key: String) {
            let (text, lines) = renamed(path, index, key + "q").written()
            add("\(key) misspelt", text, [lines[path + [.key(index)], default: 0]])
        }

        private mutating func duplicate(_ path: YAMLTree.Path, _ index: Int, _ key: String) {
            let doubled = tree.with(path) { place in
                guard case .mapping(var entries) = place else { return place }
                entries.append(entries[index])
                return .mapping(entries)
            }
            let (text, lines) = doubled.written()
            add("\(key) given twice", text, [lines[path + [.key(index)], default: 0]])
        }

        private mutating func remove(_ path: YAMLTree.Path, _ key: String) {
            guard !SuiteMutation.optional.contains(key) else { return }
            let (text, lines) = tree.with(path) { _ in nil }.written()
            let mapping = Array(path.dropLast())
            // A mapping begins at its first key; without keys it is {} behind its own key.
            add("\(key) removed", text, [lines[mapping + [.key(0)]] ?? lines[mapping, default: 1]])
        }

        private func renamed(_ path: YAMLTree.Path, _ index: Int, _ name: String) -> YAMLTree {
            tree.with(path) { place in
                guard case .mapping(var entries) = place else { return place }
                entries[index].key = name
                return .mapping(entries)
            }
        }

        private mutating func add(_ what: String, _ text: String, _ lines: Set<Int>) {
            found.append(SuiteMutation(what: what, text: text, lines: lines))
        }
    }

    private static func wrong(for text: String, key: String) -> [String] {
        var wrong = ["", "{a: 1}", "~", "true"]
        if Double(text) != nil {
            wrong += ["many", "\"5\"", "1e308", "nan", "0x10", "5 6", "99999999999999999999999"]
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
