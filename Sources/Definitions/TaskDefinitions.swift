import Evaluation
import EvolveTypes

/// The tasks of a suite: for each family the lists `search` and `heldout`, each with at least one item.
///
/// | family | an item |
/// |---|---|
/// | polynomials | {inputs: 2, degree: 3, seed: 5}: a random polynomial of total degree 3 in 2 variables |
/// | harmonics | {fourier: 4, seed: 3}: a sum of 4 sines of one variable |
/// | harmonics | {sphere: 3, seed: 6}: spherical harmonics up to degree 3 |
/// | feynman | I.6.2, or {equation: I.6.2}: the id of a row of Fitness/feynman.csv |
/// | chaotic | {map: logistic, rate: 3.9, steps: 2}, {map: henon, a: 1.4, b: 0.3, steps: 2}: `ChaoticMap` |
/// | piecewise | {form: linear, inputs: 1, pieces: 6, jumps: 2, seed: 1}, without jumps if constant: `Piecewise` |
/// | long-tail | {shape: clusters, classes: 12, inputs: 3, exponent: 1.5, spread: 0.2, seed: 1}, without inputs if spirals: `LongTail` |
/// | tables | see `TableDefinition` |
///
/// A family may be left out; a task may not appear twice, least of all once in each list. Items of the first five may
/// have a `shift` (`ShiftDefinition`), and so may the family as a whole, for the items without one.
struct TaskDefinitions {
    /// What an item says: its short name within the family, and what is to be learned.
    typealias Item = (name: String, target: SuitePolicy.Target)

    private var tasks: [SuitePolicy.Task] = []

    static func read(_ keys: YAMLMapping, tables: TableDefinition, content: ContentFolder) throws -> [SuitePolicy.Task]
    {
        var reader = TaskDefinitions()
        reader.shifted("polynomials", keys, FunctionItems.polynomial)
        reader.shifted("harmonics", keys, FunctionItems.harmonic)
        if keys.optional("feynman") != nil {
            let table = try FeynmanTable.load(from: content)
            reader.shifted("feynman", keys, word: { FunctionItems.equation($0, of: table) }) {
                FunctionItems.equation($0.required("equation"), of: table)
            }
        }
        reader.shifted("chaotic", keys, FunctionItems.chaotic)
        reader.shifted("piecewise", keys, FunctionItems.piecewise)
        if let node = keys.optional("long-tail") {
            node.mapping { family in
                reader.splits(family) { node in
                    (node.mapping(FunctionItems.longTail).map { ("long-tail/\($0.name)", "long-tail", $0.target) }, nil)
                }
            }
        }
        if let node = keys.optional("tables") {
            try node.mapping { family in try reader.splits(family) { node in (try tables.item(node), nil) } }
        }
        if keys.isSoundSoFar, reader.tasks.isEmpty { keys.reject("'tasks' has no task; give at least one family") }
        return reader.tasks
    }

    /// A family of functions, whose items may have a shift.
    /// - Parameter word: reads an item that is not a mapping; nil = all must be.
    private mutating func shifted(
        _ family: String, _ keys: YAMLMapping, word: ((YAMLNode) -> Item?)? = nil, _ item: (YAMLMapping) -> Item?
    ) {
        guard let node = keys.optional(family) else { return }
        node.mapping { keys in
            let common = keys.optional("shift").flatMap(ShiftDefinition.read)
            splits(keys) { node in
                var shift = common
                let found: Item?
                if let word, !node.isMapping {
                    found = word(node)
                } else {
                    found = node.mapping { keys in
                        let found = item(keys)
                        if let own = keys.optional("shift") { shift = ShiftDefinition.read(own) }
                        return found
                    }
                }
                return (found.map { ("\(family)/\($0.name)\(shift?.suffix ?? "")", family, $0.target) }, shift)
            }
        }
    }

    private mutating func splits(
        _ keys: YAMLMapping,
        item: (YAMLNode) throws -> (
            task: (name: String, family: String, target: SuitePolicy.Target)?, shift: TaskShift?
        )
    ) rethrows {
        for split in SuitePolicy.Split.allCases {
            for node in keys.required(split.rawValue).list() {
                let (found, shift) = try item(node)
                guard let found else { continue }
                if let objection = shift?.objection(to: found.target) {
                    node.reject(objection)
                    continue
                }
                if keys.isSoundSoFar, tasks.contains(where: { $0.name == found.name }) {
                    node.reject("the task '\(found.name)' is listed twice; search and held-out tasks must all differ")
                }
                // Stored only where there is a choice: suites from before there was one keep their hash.
                tasks.append(
                    SuitePolicy.Task(
                        name: found.name, family: found.family, split: split, target: found.target,
                        shift: shift == .extrapolation ? nil : shift))
            }
        }
    }
}
