import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Mutation
import Population
import Testing

/// What the project ships must load and be what it says it is.
@Suite struct ShippedContentTests {
    private let loader = DefinitionLoader(
        root: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

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

    @Test("islands differ in mix and voice, and their prompts leave the model room")
    func islands() throws {
        let islands = try loader.run(named: "quickstart").policy.islands
        #expect(Set(islands.map(\.operators)).count == islands.count)
        #expect(Set(islands.map(\.prompt)).count == islands.count)
        for island in islands {
            for slot in Prompt.Slot.allCases { #expect(island.prompt.contains(slot.marker), "\(island.name)") }
            #expect(island.prompt.count < 800)
        }
    }

    @Test("the table of equations has its hundred rows")
    func table() throws {
        let loaded = try loader.run(named: "lab")
        let file = try #require(loaded.files.first { $0.path == "Fitness/feynman.csv" })
        #expect(String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").count == 101)
    }
}
