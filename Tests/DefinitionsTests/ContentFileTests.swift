import Definitions
import Foundation
import Testing

/// Files that are missing or are not what they should be.
@Suite struct ContentFileTests {
    private let content: SampleContent

    init() throws { content = try SampleContent() }

    @Test("an empty definition")
    func empty() throws {
        try content.write("# only a comment\n", to: "Runs/sample.yaml")
        #expect(
            content.complaint() == "Runs/sample.yaml:1:1: the file is empty; it must be a mapping of keys and values")
    }

    @Test("a definition whose top level is a list")
    func list() throws {
        try content.write("- a\n- b\n", to: "Runs/sample.yaml")
        #expect(
            content.complaint()
                == "Runs/sample.yaml:1:1: the file must be a mapping of keys and values, not a list")
    }

    @Test("a definition that is not UTF-8")
    func notUTF8() throws {
        try content.write(Data([0xFF, 0xFE, 0x41]), to: "Islands/north/voice.md")
        #expect(content.complaint() == "Islands/north/voice.md is not UTF-8 text: save it as UTF-8")
    }

    @Test("an island without a prompt")
    func noPrompt() throws {
        try content.remove("Islands/north/voice.md")
        #expect(
            content.complaint()
                == "there is no file Islands/north/voice.md: an island whose operators ask a model has one; it may be empty"
        )
    }

    @Test("an island without seeds")
    func noSeeds() throws {
        try content.remove("Islands/south/seeds/sin.c")
        #expect(
            content.complaint()
                == "Islands/south/seeds has no .c file: an island starts from at least one program")
    }

    @Test("a seed program that is no candidate is refused with its place, before anything runs")
    func brokenSeeds() throws {
        try content.write("float activation(float x) { return sigmiod(x); }\n", to: "Islands/south/seeds/sin.c")
        let typo = try #require(content.complaint())
        #expect(typo.hasPrefix("Islands/south/seeds/sin.c:1:36: ") && typo.contains("sigmoid"), "\(typo)")
        try content.write("float activation(float x) { return 1.0f / x; }\n", to: "Islands/south/seeds/sin.c")
        let pole = try #require(content.complaint())
        #expect(pole.hasPrefix("Islands/south/seeds/sin.c: ") && pole.contains("not finite"), "\(pole)")
    }

    @Test("a missing table of equations")
    func noTable() throws {
        try content.remove("Fitness/feynman.csv")
        #expect(content.complaint() == "there is no file Fitness/feynman.csv")
    }

    @Test("a missing script")
    func noScript() throws {
        try content.replace("[small-local]", with: "[{script: gone.txt}]", in: "Runs/sample.yaml")
        #expect(content.complaint() == "Runs/sample.yaml:10:19: there is no file 'gone.txt' beside the run's file")
    }

    @Test("a folder of islands that is not there")
    func noIslands() throws {
        try content.remove("Islands/north")
        try content.remove("Islands/south")
        #expect(
            content.complaint() == """
                Runs/sample.yaml:3:11: there is no island 'north'; there are none
                Runs/sample.yaml:3:18: there is no island 'south'; there are none
                """)
    }

    @Test("files with Windows line ends are read as they are meant")
    func windowsLineEnds() throws {
        for (path, text) in SampleContent.files {
            try content.write(text.replacingOccurrences(of: "\n", with: "\r\n"), to: path)
        }
        #expect(content.complaint() == nil)
    }
}
