import Evaluation

/// The tasks of a suite: for each family the lists `search` and `heldout`, each with at least one item.
///
/// | family | an item |
/// |---|---|
/// | polynomials | {inputs: 2, degree: 3, seed: 5}: a random polynomial of total degree 3 in 2 variables |
/// | harmonics | {fourier: 4, seed: 3}: a sum of 4 sines of one variable |
/// | harmonics | {sphere: 3, seed: 6}: spherical harmonics up to degree 3 |
/// | feynman | I.6.2: the id of a row of Fitness/feynman.csv |
///
/// A family may be left out; a task may not appear twice, least of all once in each list.
enum TaskDefinitions {
    static func read(_ keys: YAMLMapping, content: ContentFolder) throws -> [SuitePolicy.Task] {
        var tasks: [SuitePolicy.Task] = []
        tasks += family("polynomials", keys, item: polynomial)
        tasks += family("harmonics", keys, item: harmonic)
        if let node = keys.optional("feynman") {
            let table = try FeynmanTable.load(from: content)
            tasks += read("feynman", node) { equation($0, of: table) }
        }
        if keys.isSoundSoFar, tasks.isEmpty { keys.reject("'tasks' has no task; give at least one family") }
        return tasks
    }

    /// An item's short name within its family, and what is to be learned; nil when it has been reported.
    private typealias Item = (name: String, target: SuitePolicy.Target)

    private static func family(
        _ name: String, _ keys: YAMLMapping, item: (YAMLMapping) -> Item?
    ) -> [SuitePolicy.Task] {
        guard let node = keys.optional(name) else { return [] }
        return read(name, node) { $0.mapping(item) }
    }

    private static func read(
        _ family: String, _ node: YAMLNode, item: (YAMLNode) -> Item?
    ) -> [SuitePolicy.Task] {
        node.mapping { keys in
            var tasks: [SuitePolicy.Task] = []
            for split in SuitePolicy.Split.allCases {
                for node in keys.required(split.rawValue).list() {
                    guard let item = item(node) else { continue }
                    let name = "\(family)/\(item.name)"
                    if tasks.contains(where: { $0.name == name }) {
                        node.reject("the task '\(name)' is listed twice; search and held-out tasks must all differ")
                    }
                    tasks.append(SuitePolicy.Task(name: name, family: family, split: split, target: item.target))
                }
            }
            return tasks
        }
    }

    private static func polynomial(_ keys: YAMLMapping) -> Item? {
        let inputs = keys.required("inputs").int(1...10)
        let degree = keys.required("degree").int(1...12)
        let seed = keys.required("seed").seed()
        return (
            "inputs\(inputs)-degree\(degree)-seed\(seed)", .polynomial(inputs: inputs, degree: degree, seed: seed)
        )
    }

    private static func harmonic(_ keys: YAMLMapping) -> Item? {
        let fourier = keys.optional("fourier")
        let sphere = keys.optional("sphere")
        let seed = keys.required("seed").seed()
        switch (fourier, sphere) {
        case (let node?, nil):
            let terms = node.int(1...100)
            return ("fourier\(terms)-seed\(seed)", .fourier(terms: terms, seed: seed))
        case (nil, let node?):
            let degree = node.int(1...20)
            return ("sphere\(degree)-seed\(seed)", .sphericalHarmonics(degree: degree, seed: seed))
        default:
            keys.reject("an item of 'harmonics' has either 'fourier' (terms) or 'sphere' (degree)")
            return nil
        }
    }

    private static func equation(_ node: YAMLNode, of table: FeynmanTable) -> Item? {
        node.name(among: table.ids, noun: "Feynman equation", plural: "equations").flatMap { id in
            table.equation(id).map { (id, .feynman($0)) }
        }
    }
}
