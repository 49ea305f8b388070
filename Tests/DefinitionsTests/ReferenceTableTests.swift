import Definitions
import Evaluation
import EvolveTypes
import Foundation
import Testing

@Suite("A suite's table of known functions")
struct ReferenceTableTests {
    private let content: SampleContent

    init() throws { content = try SampleContent() }

    private func write(digest: String? = nil, search: String) throws {
        let digest = try digest ?? content.loader.suite(named: "small").measurementDigest
        try content.write(
            #"{"suiteDigest": "\#(digest)", "seeds": 20, "search": \#(search), "heldout": {}}"#,
            to: "Fitness/small/reference.json")
    }

    @Test("names the opponents of champions: the best over all search tasks, and the best of each family")
    func rivals() throws {
        try write(
            search: """
                {"gelu": {"gain": {"mean": 0}, "tail": 0, "families": {"harmonics": {"mean": 0}, "polynomials": {"mean": 0}}},
                 "relu": {"gain": {"mean": -0.5}, "tail": -3, "families": {"harmonics": {"mean": 1}}},
                 "turbulent": {"refused": "reads its layer"}}
                """)
        let run = try content.loader.run(named: "sample")
        #expect(run.policy.rivals.map(\.family) == [nil, "harmonics", "polynomials"])
        #expect(run.policy.rivals.map(\.program.name) == ["gelu", "relu", "gelu"])
        #expect(run.files.contains { $0.path == "Fitness/small/reference.json" })
    }

    @Test("belongs to its suite, and not to another that the run is given instead")
    func otherSuite() throws {
        try write(search: #"{"gelu": {"gain": {"mean": 0}, "tail": 0, "families": {}}}"#)
        let text = try String(contentsOf: content.root.appending(path: "Fitness/small/suite.yaml"), encoding: .utf8)
        try content.write(text.replacing("steps: 10", with: "steps: 11"), to: "Fitness/other/suite.yaml")
        try content.write(text.replacing("steps: 10", with: "steps: 12"), to: "Fitness/small/mine.yaml")
        #expect(try content.loader.run(named: "sample").policy.rivals.isEmpty == false)
        #expect(try content.loader.run(named: "sample", on: .named("other")).policy.rivals.isEmpty)
        let mine = SuiteChoice.file(content.root.appending(path: "Fitness/small/mine.yaml"))
        #expect(try content.loader.run(named: "sample", on: mine).policy.rivals.isEmpty)
    }

    @Test("may be missing; one of another state of the suite, or no table at all, is refused with what to do")
    func refused() throws {
        #expect(try content.loader.run(named: "sample").policy.rivals.isEmpty)
        try write(digest: "abc", search: "{}")
        #expect(content.complaint()?.contains("reference.json belongs to another state of its suite.yaml") == true)
        try content.write("[]", to: "Fitness/small/reference.json")
        #expect(content.complaint()?.contains("scripts/measure/literature") == true)
    }
}
