import EvolveTypes
import Yams

/// One value of a YAML file, with its place and its name for messages.
///
/// Reading never fails: a wrong value is reported to `problems` and a stand-in is returned, so that one pass finds all
/// mistakes. Whoever starts the reading throws the problems away or throws them (`YAMLNode.read`).
struct YAMLNode {
    /// How messages call the value: its key, in quotes.
    let name: String
    /// nil for the stand-in of a missing value, of which nothing more is reported.
    private let node: Node?
    private let problems: DefinitionProblems

    init(name: String, node: Node?, problems: DefinitionProblems) {
        self.name = name
        self.node = node
        self.problems = problems
    }

    /// Reads a whole file, whose top level is a mapping.
    /// - Throws: `Failure(.badInput)` with all problems found, also those that `body` reported.
    static func read<Result>(
        _ text: String, problems: DefinitionProblems, _ body: (YAMLMapping) throws -> Result
    ) throws -> Result {
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch let error as YamlError {
            report(error, problems)
            try problems.throwIfAny()
            throw error
        }
        guard let root else {
            problems.report(line: 1, column: 1, "the file is empty; it must be a mapping of keys and values")
            try problems.throwIfAny()
            throw Failure(.internalError, "\(problems.file) is empty")
        }
        let result = try YAMLNode(name: "the file", node: root, problems: problems).mapping(body)
        try problems.throwIfAny()
        return result
    }

    func reject(_ message: String) {
        if let node { problems.report(at: node.mark, message) }
    }

    // MARK: - Scalars

    func int(_ range: ClosedRange<Int>) -> Int {
        number(plain.flatMap { Int($0) }, "a whole number", range) ?? range.lowerBound
    }

    func seed() -> UInt64 { number(plain.flatMap { UInt64($0) }, "a whole number", 0...UInt64.max) ?? 0 }

    func double(_ range: ClosedRange<Double>) -> Double {
        // Swift also reads hexadecimal, "nan" and "inf".
        let decimal = plain.flatMap { text in
            text.allSatisfy { "0123456789.+-eE".contains($0) } ? Double(text) : nil
        }
        return number(decimal, "a number", range) ?? range.lowerBound
    }

    func text() -> String {
        guard let scalar = node?.scalar, !scalar.string.isEmpty,
            scalar.style != .plain || !Self.looksUntextual(scalar.string)
        else {
            return mismatch("a text") ?? ""
        }
        return scalar.string
    }

    /// A name out of `known`; the stand-in for another is nil.
    func name(among known: [String], noun: String, plural: String) -> String? {
        let name = text()
        if known.contains(name) { return name }
        if !name.isEmpty {
            reject("there is no \(noun) '\(name)'" + NearestName.hint(name, among: known, noun: "known \(plural)"))
        }
        return nil
    }

    /// true or false.
    func flag() -> Bool {
        switch plain {
        case "true": return true
        case "false": return false
        default: return mismatch("true or false") ?? false
        }
    }

    /// An unquoted date, as it stands.
    func date() -> String { plain ?? mismatch("a date such as 2026-11-25") ?? "" }

    /// A case of `Choice`, by its raw value.
    /// - Parameter some: those that may stand here; nil = all.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ type: Choice.Type = Choice.self, among some: [Choice]? = nil, standIn: Choice
    ) -> Choice {
        let name = text()
        let known = (some ?? Array(Choice.allCases)).map(\.rawValue)
        if let choice = Choice(rawValue: name), known.contains(name) { return choice }
        if !name.isEmpty {
            let hint = NearestName.of(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
            reject("\(self.name) must be one of \(known.joined(separator: ", ")), not '\(name)'\(hint)")
        }
        return standIn
    }

    // MARK: - Collections

    var isMapping: Bool { node?.mapping != nil }
    /// Whether it is the path of a YAML file.
    var isPath: Bool { node?.scalar?.string.hasSuffix(".yaml") ?? false }
    var isList: Bool { node?.sequence != nil }

    /// Reads the keys of a mapping; those that `body` did not ask for are reported.
    func mapping<Result>(_ body: (YAMLMapping) throws -> Result) rethrows -> Result {
        let mapping = YAMLMapping(of: node?.mapping, problems: problems, isStandIn: node?.mapping == nil)
        if node?.mapping == nil { let _: Void? = mismatch("a mapping of keys and values") }
        let result = try body(mapping)
        mapping.reportUnknownKeys()
        return result
    }

    /// The items of a list with at least one.
    func list() -> [YAMLNode] {
        guard let sequence = node?.sequence else { return mismatch("a list") ?? [] }
        if sequence.isEmpty { reject("\(name) is an empty list; it needs at least one item") }
        return sequence.map { YAMLNode(name: "an item of \(name)", node: $0, problems: problems) }
    }

    // MARK: - Wrong types

    /// An unquoted scalar's text.
    private var plain: String? {
        guard let scalar = node?.scalar, scalar.style == .plain else { return nil }
        return scalar.string
    }

    private func number<Number: Comparable>(_ value: Number?, _ expected: String, _ range: ClosedRange<Number>)
        -> Number?
    {
        guard let value else { return mismatch(expected) }
        if !range.contains(value) {
            reject("\(name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    private func mismatch<Value>(_ expected: String) -> Value? {
        switch node {
        case nil: break
        case .scalar(let scalar) where scalar.string.isEmpty:
            reject("\(name) must be \(expected), but nothing is given")
        case .scalar(let scalar):
            let quote = expected == "a text" ? "; put it in quotes" : ""
            reject("\(name) must be \(expected), not '\(scalar.string)'\(quote)")
        case .sequence: reject("\(name) must be \(expected), not a list")
        case .mapping: reject("\(name) must be \(expected), not a mapping")
        case .alias: reject("\(name) must be \(expected), not an alias")
        }
        return nil
    }

    /// Plain scalars that YAML takes for a number, a truth value or nothing.
    private static func looksUntextual(_ text: String) -> Bool {
        ["", "~", "null", "true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) || Double(text) != nil
    }

    private static func report(_ error: YamlError, _ problems: DefinitionProblems) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            problems.report(at: mark, "this is not valid YAML: \(problem)")
        case .reader(let problem, let offset, _, let text):
            // A character that no text file should have.
            let before = text.prefix(offset ?? 0)
            let line = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            problems.report(
                line: line.count, column: (line.last?.count ?? 0) + 1, "this is not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            problems.report(at: context.mark, "\(names) is given more than once in this mapping; keep one")
        default:
            problems.report(line: 1, column: 1, "this is not valid YAML: \(error)")
        }
    }
}
