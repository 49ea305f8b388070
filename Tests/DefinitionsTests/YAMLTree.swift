import Yams

/// A YAML file as a tree whose places can be changed, written one key a line so that the line of each place is known.
indirect enum YAMLTree: Sendable {
    case scalar(String)
    case list([YAMLTree])
    case mapping([(key: String, value: YAMLTree)])

    enum Step: Hashable, Sendable {
        case key(Int)
        case item(Int)
    }
    typealias Path = [Step]

    init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .mapping(mapping.map { (key: $0.key.string ?? "", value: YAMLTree($0.value)) })
        case .sequence(let sequence): self = .list(sequence.map { YAMLTree($0) })
        default: self = .scalar(node.string ?? "")
        }
    }

    /// The text, and the line, from 1, where each place begins.
    func written() -> (text: String, lines: [Path: Int]) {
        var writer = Writer()
        writer.write(self, at: [], indent: "")
        return (writer.text.joined(separator: "\n") + "\n", writer.lines)
    }

    private struct Writer {
        var text: [String] = []
        var lines: [Path: Int] = [:]

        mutating func write(_ tree: YAMLTree, at path: Path, indent: String) {
            switch tree {
            case .scalar(let scalar): add(scalar, to: path)
            case .mapping(let entries) where entries.isEmpty: add("{}", to: path)
            case .list(let items):
                for (index, item) in items.enumerated() {
                    text.append(indent + "-")
                    lines[path + [.item(index)]] = text.count
                    write(item, at: path + [.item(index)], indent: indent + "  ")
                }
            case .mapping(let entries):
                for (index, entry) in entries.enumerated() {
                    // The first key of an item stands behind its hyphen.
                    if index == 0, case .item? = path.last {
                        text[text.count - 1] += " \(entry.key):"
                    } else {
                        text.append("\(indent)\(entry.key):")
                    }
                    lines[path + [.key(index)]] = text.count
                    write(entry.value, at: path + [.key(index)], indent: indent + "  ")
                }
            }
        }

        private mutating func add(_ scalar: String, to path: Path) {
            if text.isEmpty { text.append("") }
            if !scalar.isEmpty { text[text.count - 1] += " \(scalar)" }
        }
    }

    /// The tree with the place changed.
    func with(_ path: Path, _ change: (YAMLTree) -> YAMLTree) -> YAMLTree {
        guard let step = path.first else { return change(self) }
        let rest = Array(path.dropFirst())
        switch (self, step) {
        case (.list(var items), .item(let index)):
            items[index] = items[index].with(rest, change)
            return .list(items)
        case (.mapping(var entries), .key(let index)):
            entries[index].value = entries[index].value.with(rest, change)
            return .mapping(entries)
        default: return self
        }
    }
}
