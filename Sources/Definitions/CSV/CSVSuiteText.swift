import Evaluation
import EvolveTypes

/// A `CSVSuite` as the text of a suite.yaml.
enum CSVSuiteText {
    /// - Parameter template: the suite but for its tasks.
    static func write(_ columns: CSVColumns, _ dealing: CSVDealing, table: String, template: String) -> String {
        let tasks = (0..<2 * dealing.tasks).map { item(columns, dealing, table: table, index: $0) }
        let lines =
            [
                "# The rows of the table are dealt out to \(2 * dealing.tasks) parts that share none: half of the parts are for the search, half are",
                "# held out. Keep this file beside the table.",
                "tasks:", "  tables:", "    search:",
            ] + tasks.prefix(dealing.tasks) + ["    heldout:"] + tasks.suffix(dealing.tasks)
        return template + (template.hasSuffix("\n") ? "\n" : "\n\n") + lines.joined(separator: "\n") + "\n"
    }

    private static func item(_ columns: CSVColumns, _ dealing: CSVDealing, table: String, index: Int) -> String {
        let part = dealing.part(index)
        let region = dealing.region(index, of: columns)
        let pairs = [
            ("name", "part\(part.take)"),
            ("family", scalar(region.text)),
            ("file", scalar(table)),
            ("inputs", list(columns.inputs)),
            goal(columns.goal),
            ("part", "{of: \(part.of), take: \(part.take), seed: \(part.seed)}"),
            ("seed", "\(index + 1)"),
            ("ood", ood(region)),
        ]
        return "      - {" + pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func goal(_ goal: TableTask.Goal) -> (String, String) {
        switch goal {
        case .numbers(let names): ("target", list(names))
        case .classes(let name): ("class", scalar(name))
        }
    }

    private static func ood(_ region: CSVRegion) -> String {
        var pairs = [("column", scalar(region.column))]
        switch region.rows {
        case .range(let from, let to):
            for (key, end) in [("from", from), ("to", to)] {
                if let end { pairs.append((key, number(end))) }
            }
        case .text(let text): pairs.append(("ood", scalar(text)))
        }
        return "{" + pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func list(_ names: [String]) -> String { "[" + names.map(scalar).joined(separator: ", ") + "]" }

    /// 8 rather than 8.0; both are read as the same number.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    /// A text as a YAML scalar: in quotes unless it is plainly a word that YAML takes for nothing else.
    static func scalar(_ text: String) -> String {
        let isWord = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
        let reserved: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        // Double reads "nan" and "infinity", too.
        let isReserved = reserved.contains(text.lowercased()) || Double(text) != nil
        if isWord, let first = text.first, first.isLetter, !isReserved { return text }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case _ where scalar.value >= 0x20 && scalar.value < 0x7F: return String(scalar)
        case _ where scalar.properties.isAlphabetic: return String(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
    }
}
