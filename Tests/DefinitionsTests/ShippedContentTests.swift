import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Mutation
import Population
import Testing

/// What the project ships must load and be what it says it is.
@Suite struct ShippedContentTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private var loader: DefinitionLoader { DefinitionLoader(root: root) }

    @Test("every shipped run loads, and its policy survives canonical JSON")
    func runsLoad() throws {
        #expect(loader.runNames() == ["lab", "quickstart"])
        for name in loader.runNames() {
            let policy = try loader.run(named: name).policy
            #expect(policy.islands.count >= 2)
            #expect(try CanonicalJSON.decode(RunPolicy.self, from: CanonicalJSON.encode(policy)) == policy)
        }
    }

    @Test("the laboratory suite has its three families, split sizes and training as stated")
    func laboratory() throws {
        let suite = try loader.suite(named: "lab")
        let expected = ["polynomials": (8, 4), "harmonics": (8, 4), "feynman": (16, 8)]
        for (family, count) in expected {
            let tasks = suite.tasks.filter { $0.family == family }
            #expect(tasks.filter { $0.split == .search }.count == count.0)
            #expect(tasks.filter { $0.split == .heldout }.count == count.1)
        }
        #expect(suite.points == SuitePolicy.Points(train: 512, inDistribution: 512, outOfDistribution: 512))
        #expect(suite.network.hidden == [32, 32])
        #expect(
            suite.training
                == SuitePolicy.Training(optimiser: .adam, rate: 0.003, schedule: .cosine, batch: 64, steps: 2_000))
        for case .feynman(let equation) in suite.tasks.map(\.target) {
            #expect((2...5).contains(equation.variables.count), "\(equation.id)")
        }
    }

    @Test("the quick suite is lighter, and still has every family in both splits")
    func quick() throws {
        let quick = try loader.suite(named: "quick")
        let lab = try loader.suite(named: "lab")
        func work(_ suite: SuitePolicy) -> Int {
            suite.tasks.filter { $0.split == .search }.count * suite.training.steps * suite.scoring.seeds
        }
        #expect(work(quick) * 5 < work(lab))
        for split in SuitePolicy.Split.allCases {
            #expect(Set(quick.tasks.filter { $0.split == split }.map(\.family)).count == 3)
        }
    }

    @Test("every task of the suites can be made, search and held-out tasks differ, and both have every family")
    func suites() throws {
        for name in ["chaotic", "long-tail"] {
            let suite = try loader.suite(named: name)
            for index in suite.tasks.indices { _ = try suite.data(of: index) }
            let (search, heldout) = (
                suite.tasks.filter { $0.split == .search }, suite.tasks.filter { $0.split == .heldout }
            )
            #expect(Set(search.map(\.target)).isDisjoint(with: heldout.map(\.target)), "\(name)")
            #expect(Set(search.map(\.family)) == Set(heldout.map(\.family)), "\(name)")
        }
    }

    @Test("the transfer suite says in one line how to get its tables")
    func transferWithoutTables() {
        let failure = #expect(throws: Failure.self) { try loader.suite(named: "transfer") }
        let lines = failure?.message.split(separator: "\n") ?? []
        #expect(lines.count == 3, "one for each table")
        #expect(lines.allSatisfy { $0.hasSuffix("get it with: scripts/fetch-transfer") })
    }

    @Test(
        "the transfer suite loads from the fetched tables; held-out tasks on digits have images of their own",
        .enabled(if: Self.tables.map { FileManager.default.fileExists(atPath: $0.path + "/cancer.csv") } ?? false))
    func transfer() throws {
        let suite = try DefinitionLoader(root: root, fetched: Self.tables).suite(named: "transfer")
        #expect(suite.tables?.map(\.path) == ["fetched:digits.csv", "fetched:diabetes.csv", "fetched:cancer.csv"])
        var seen: [SuitePolicy.Split: Set<[Double]>] = [:]
        for (index, task) in suite.tasks.enumerated() {
            let data = try suite.data(of: index)
            #expect(data.outputs == ["digits": 10, "diabetes": 1, "cancer": 2][task.family], "\(task.name)")
            #expect(data.outOfDistribution.coordinates.count >= 100, "\(task.name)")
            if task.family == "digits" {
                #expect(data.train.coordinates.count > 590 && data.inDistribution.coordinates.count > 290)
                seen[task.split, default: []].formUnion(data.train.coordinates + data.inDistribution.coordinates)
            }
        }
        #expect(seen[.search, default: []].isDisjoint(with: seen[.heldout, default: []]))
    }

    @Test("the shipped tables of known functions belong to their suites and have every function of the library")
    func references() throws {
        let library = try FileManager.default.contentsOfDirectory(atPath: root.path + "/Fitness/library")
            .filter { $0.hasSuffix(".c") }.map { String($0.dropLast(2)) }.sorted()
        let loader = DefinitionLoader(root: root, fetched: Self.tables)
        struct Table: Decodable {
            struct Row: Decodable {}
            var suiteDigest: String
            var seeds: Int
            var search: [String: Row]
            var heldout: [String: Row]
        }
        for name in ["lab", "chaotic", "long-tail", "transfer"] {
            let file = root.appending(path: "Fitness/\(name)/reference.json")
            let table = try JSONDecoder().decode(Table.self, from: Data(contentsOf: file))
            #expect(
                table.seeds >= 20 && table.search.keys.sorted() == library && table.heldout.keys.sorted() == library)
            guard let suite = try? loader.suite(named: name) else {
                #expect(name == "transfer", "\(name) does not load")
                continue
            }
            #expect(try suite.measurementDigest == table.suiteDigest, "\(name)")
        }
    }

    /// Where scripts/fetch-transfer puts tables, when it has been told where.
    private static var tables: URL? {
        ProcessInfo.processInfo.environment["EVOLVE_HOME"].map { URL(fileURLWithPath: $0).appending(path: "tables") }
    }

    @Test("islands differ in voice, goals and seeds, and their prompts leave the model room")
    func islands() throws {
        let islands = try loader.run(named: "quickstart").policy.islands
        #expect(Set(islands.map(\.seeds)).count == islands.count)
        #expect(Set(islands.map(\.voice)).count == islands.count)
        #expect(Set(islands.map(\.goals)).count == islands.count)
        for island in islands {
            for (kind, text) in island.prompts {
                // Where the model has no word of its own about the slot, the template gives it none.
                // Nor does an edit hear the island's: it is one expression, and each word of a prompt costs a small model time.
                let wanted = kind.slots.filter { $0 != .limit || [.rules, .language].contains(kind) }.filter {
                    $0 != .voice || kind != .edit
                }
                let missing = wanted.filter { !text.contains($0.marker) }
                #expect(missing.isEmpty, "\(kind) lacks \(missing)")
                if kind != .language { #expect(text.utf8.count < 800, "\(kind)") }
            }
        }
    }

    @Test("the list of models names what scripts/setup installs, and obeys what it says of licences")
    func models() throws {
        let models = try loader.models()
        let script = try String(
            contentsOf: root.appending(path: "scripts/setup"), encoding: .utf8)
        let small = try #require(models.first { $0.name == "smollm2-135m" })
        let path = try #require(small.file?.path)
        let folder = LocalModelPaths.modelPackage
        #expect(path.hasPrefix(folder + "/") && script.contains("model_file=\(path.dropFirst(folder.count + 1))\n"))
        #expect(small.licence?.name == "Apache-2.0" && small.price == ModelFacts.Price(input: 0, output: 0))
        let llamas = models.filter { $0.name.hasPrefix("llama-4") }
        #expect(llamas.count >= 8 && llamas.allSatisfy { $0.licence?.attribution == "Built with Llama" })
        // Providers serve less than the ten million tokens of the model's card.
        #expect(llamas.filter { $0.name.contains("scout") }.allSatisfy { (100_000...400_000).contains($0.context) })
        #expect(Set(models.map(\.form)) == [.local, .chat, .messages])
        // What is served and priced can be given a budget in dollars.
        #expect(models.filter { $0.retired == nil }.allSatisfy { $0.price != nil })
    }

    @Test("the table of equations has its hundred rows")
    func table() throws {
        let loaded = try loader.run(named: "lab")
        let file = try #require(loaded.files.first { $0.path == "Fitness/feynman.csv" })
        #expect(String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").count == 101)
    }
}
