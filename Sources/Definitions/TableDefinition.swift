import Evaluation
import EvolveTypes
import Foundation

/// The items of the family `tables`: tasks on comma-separated files.
///
/// | key | meaning |
/// |---|---|
/// | name | of the task |
/// | family | optional: of its family, else `tables` |
/// | file | path of the table, from the suite's folder; or instead |
/// | fetched | name of a table that `scripts/fetch-transfer` brings |
/// | inputs | list of columns, or `all`: those that are neither a target nor the column of a split by values |
/// | target | a column of numbers or a list of them; or instead |
/// | class | a column of classes |
/// | scaling | optional: each (input by itself, the default) or together |
/// | ood | {column: C, from: A, to: B}, either bound optional: rows with C in A ... B are out of distribution; or {column: C, train: T, test: U, ood: O}: rows by the text in C; train optional (else all other rows), test optional |
/// | part | optional: {of: N, take: K, seed: S}, only part K of the N that the table is dealt into (`TablePart`) |
/// | seed | of the order of the rows |
///
/// The table is read and cut at once, so that whatever is wrong with it is told with its place before anything runs.
final class TableDefinition {
    /// Where the suite lies.
    private let folder: URL
    /// Where fetched tables lie.
    private let fetched: URL?
    private let points: SuitePolicy.Points
    private let batch: Int
    private let content: ContentFolder
    private var texts: [String: TableText] = [:]
    private var missing: Set<String> = []
    /// Tasks, but for their part, whose columns have been read over all rows.
    private var sound: Set<TableTask> = []
    private(set) var tables: [SuitePolicy.Table] = []

    init(folder: URL, fetched: URL?, points: SuitePolicy.Points, batch: Int, content: ContentFolder) {
        self.folder = folder
        self.fetched = fetched
        self.points = points
        self.batch = batch
        self.content = content
    }

    /// nil when something is wrong, which has been reported.
    /// - Throws: `Failure(.badInput)` for mistakes in the table itself, with file, line and column.
    func item(_ node: YAMLNode) throws -> (name: String, family: String, target: SuitePolicy.Target)? {
        try node.mapping { keys in
            let name = keys.required("name").text()
            let family = keys.optional("family")?.text() ?? "tables"
            let seed = keys.required("seed").seed()
            let scaling = keys.optional("scaling")?.choice(TableTask.Scaling.self, standIn: .each) ?? .each
            let part = keys.optional("part")?.mapping(Self.part)
            let nodes = (keys.required("inputs"), keys.optional("target"), keys.optional("class"), keys.required("ood"))
            guard let table = try self.table(keys), let text = texts[table] else {
                // Without its columns nothing more can be said, but nothing there is unknown either.
                nodes.3.mapping { $0.acceptAll() }
                return nil
            }
            guard let goal = self.goal(keys, number: nodes.1, label: nodes.2, text),
                let split = self.split(nodes.3, text)
            else {
                return nil
            }
            let task = TableTask(
                table: table, inputs: inputs(nodes.0, goal, split, text), goal: goal, scaling: scaling, split: split,
                seed: seed, part: part)
            guard keys.isSoundSoFar, try isUsable(task, text, node) else { return nil }
            return ("\(family)/\(name)", family, .table(task))
        }
    }

    private static func part(_ keys: YAMLMapping) -> TablePart {
        let of = keys.required("of").int(2...10_000)
        return TablePart(of: of, take: keys.required("take").int(1...of), seed: keys.required("seed").seed())
    }

    private func isUsable(_ task: TableTask, _ text: TableText, _ node: YAMLNode) throws -> Bool {
        do {
            try checkAllRows(task, text)
            let rows = try TaskData(task, in: text, points: points).train.coordinates.count
            guard rows < batch else { return true }
            node.reject("it has \(rows) training rows, fewer than the batch of \(batch)")
        } catch let problems as TableProblems {
            throw TableFile.failure(problems, file: task.table)
        } catch let failure as Failure {
            node.reject(failure.message)
        }
        return false
    }

    /// A wrong field outside the task's part is a mistake of the table, too: all are told at once.
    private func checkAllRows(_ task: TableTask, _ text: TableText) throws {
        var whole = task
        (whole.part, whole.seed) = (nil, 0)
        guard task.part != nil, sound.insert(whole).inserted else { return }
        do {
            _ = try TableRows(whole, in: text, points: points)
        } catch is Failure {
            // Too few rows for this or that: the part itself decides.
        }
    }

    // MARK: - The file

    /// Its name among the suite's tables; nil when it is not there.
    private func table(_ keys: YAMLMapping) throws -> String? {
        switch (keys.optional("file"), keys.optional("fetched")) {
        case (let node?, nil):
            let path = node.text()
            guard !path.isEmpty else { return nil }
            return try table(
                path, at: folder.appendingPathComponent(path), node, "there is no file '\(path)' beside the suite")
        case (nil, let node?):
            let name = node.text()
            guard !name.isEmpty else { return nil }
            let url = fetched?.appendingPathComponent(name) ?? URL(fileURLWithPath: name)
            return try table(
                "fetched:\(name)", at: url, node,
                "the table '\(name)' is not here yet; get it with: scripts/fetch-transfer")
        default:
            keys.reject("a task on a table has either 'file' or 'fetched'")
            return nil
        }
    }

    private func table(_ name: String, at url: URL, _ node: YAMLNode, _ complaint: String) throws -> String? {
        if texts[name] != nil { return name }
        guard FileManager.default.fileExists(atPath: url.path) else {
            // Once for all tasks that need it.
            if missing.insert(name).inserted { node.reject(complaint) }
            return nil
        }
        if let objection = TableFile.objection(to: url) {
            node.reject(objection)
            return nil
        }
        let file = try TableFile(at: url, called: name, from: content)
        texts[name] = file.cells
        tables.append(SuitePolicy.Table(path: name, text: file.text))
        return name
    }

    // MARK: - Columns

    private func column(_ node: YAMLNode, _ text: TableText) -> String? {
        node.name(among: text.columns, noun: "column", plural: "columns")
    }

    private func goal(_ keys: YAMLMapping, number: YAMLNode?, label: YAMLNode?, _ text: TableText) -> TableTask.Goal? {
        switch (number, label) {
        case (let node?, nil):
            let names =
                node.isList ? node.list().compactMap { column($0, text) } : [column(node, text)].compactMap(\.self)
            return names.isEmpty ? nil : .numbers(names)
        case (nil, let node?): return column(node, text).map { .classes($0) }
        default:
            keys.reject("a task on a table has either 'target' (numbers) or 'class'")
            return nil
        }
    }

    private func inputs(
        _ node: YAMLNode, _ goal: TableTask.Goal, _ split: TableTask.Split, _ text: TableText
    ) -> [String] {
        var taken: Set<String> = []
        switch goal {
        case .numbers(let names): taken = Set(names)
        case .classes(let name): taken = [name]
        }
        if case .values(let name, _, _, _) = split { taken.insert(name) }
        guard node.isList else {
            if node.text() != "all" { node.reject("'inputs' is a list of columns, or the word all") }
            return text.columns.filter { !taken.contains($0) }
        }
        var names: [String] = []
        for item in node.list() {
            guard let name = column(item, text) else { continue }
            if names.contains(name) { item.reject("the column '\(name)' is listed twice") }
            if taken.contains(name) { item.reject("the column '\(name)' cannot be an input, too") }
            names.append(name)
        }
        return names
    }

    private func split(_ node: YAMLNode, _ text: TableText) -> TableTask.Split? {
        node.mapping { keys in
            let name = column(keys.required("column"), text)
            let (from, to) = (
                keys.optional("from")?.double(-1e300...1e300), keys.optional("to")?.double(-1e300...1e300)
            )
            let (train, test) = (keys.optional("train")?.text(), keys.optional("test")?.text())
            let ood = keys.optional("ood")?.text()
            guard let name else { return nil }
            if from != nil || to != nil, train == nil, test == nil, ood == nil {
                if let from, let to, from > to { keys.reject("'from' is \(from), more than 'to', \(to)") }
                return .range(column: name, from: from, to: to)
            }
            if from == nil, to == nil, let ood, Self.differ([train, test, ood]) {
                return .values(column: name, train: train, test: test, ood: ood)
            }
            keys.reject(
                "'ood' has either a range of numbers ('from', 'to') or the text of rows ('ood', and perhaps 'train' and 'test', all different)"
            )
            return nil
        }
    }

    private static func differ(_ texts: [String?]) -> Bool {
        let given = texts.compactMap(\.self)
        return Set(given).count == given.count
    }
}
