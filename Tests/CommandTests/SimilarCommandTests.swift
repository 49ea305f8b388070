import Foundation
import Testing

/// Small runs of the built program, searched by behaviour.
@Suite("evolve inspect --similar")
struct SimilarCommandTests {
    struct Similar: Decodable {
        struct Entry: Decodable {
            var store: String?
            var id: Int
            var distance: Double
            var formula: String?
            var part: String?
            var inputScale: Double?
            var outputScale: Double?
        }
        var entries: [Entry]
        var compared: Int
        var leftOut: Int
        var upToScale: Bool
    }

    /// `t.evolve`, and a copy of it under another name.
    private static func withRuns(_ body: (EvolveProgram) async throws -> Void) async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 12)
            let run = try await evolve("run", "tiny", "--store", "t.evolve", "--max-candidates", "8")
            #expect(run.status == 0, "\(run.error)")
            _ = try await evolve("store", "copy", "t.evolve", "u.evolve")
            _ = try evolve.write("float activation(float x) { return x - fminf(x, 0.0f); }\n", to: "relu.c")
            _ = try evolve.write(
                "float activation(float x) { return -2.5f * fminf(0.4f * x, 0.0f); }\n", to: "scaled.c")
            _ = try evolve.write("float activation(float x) { return sinf(x); }\n", to: "sine.c")
            try await body(evolve)
        }
    }

    @Test(
        "A function in another spelling is found in every run, each named by its store; twice the same, the second time read"
    )
    func stores() async throws {
        try await Self.withRuns { evolve in
            let one = try await evolve("inspect", "t.evolve", "--similar", "relu.c", "--json")
            #expect(one.status == 0, "\(one.error)")
            let alone = try one.json(Similar.self)
            let first = try #require(alone.entries.first)
            #expect(first.distance < 1e-6 && first.store == nil && first.formula?.contains("max") == true)
            #expect(alone.compared >= 3 && alone.entries.count <= 10)
            let kept = evolve.folder.appending(path: "home/behaviours")
            #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).count == 1)
            #expect(try await evolve("inspect", "t.evolve", "--similar", "relu.c", "--json").output == one.output)

            let two = try await evolve("inspect", "t.evolve", "u.evolve", "--similar", "relu.c", "--json")
            #expect(two.status == 0, "\(two.error)")
            let both = try two.json(Similar.self)
            #expect(both.compared == 2 * alone.compared)
            #expect(both.entries.prefix(2).map(\.store) == ["t.evolve", "u.evolve"])
            #expect(both.entries.prefix(2).allSatisfy { $0.id == first.id && $0.distance < 1e-6 })
            let text = try await evolve("inspect", "t.evolve", "u.evolve", "--similar", "relu.c").output
            #expect(text.contains("store") && text.contains("u.evolve"))
        }
    }

    @Test("Damaged or foreign, what was kept is made again")
    func rebuilt() async throws {
        try await Self.withRuns { evolve in
            let good = try await evolve("inspect", "t.evolve", "--similar", "relu.c", "--json")
            let kept = evolve.folder.appending(path: "home/behaviours")
            let name = try #require(FileManager.default.contentsOfDirectory(atPath: kept.path).first)
            let file = kept.appending(path: name)
            var data = try Data(contentsOf: file)
            let whole = data
            data = Data(
                String(decoding: data.prefix(300), as: UTF8.self).replacing("behaviours 1 ", with: "behaviours 0 ").utf8
            )
            try data.write(to: file)
            #expect(try await evolve("inspect", "t.evolve", "--similar", "relu.c", "--json").output == good.output)
            #expect(try Data(contentsOf: file) == whole)
        }
    }

    @Test("Up to scale, and inside functions")
    func options() async throws {
        try await Self.withRuns { evolve in
            let scaled = try await evolve("inspect", "t.evolve", "--similar", "scaled.c", "--up-to-scale", "--json")
            let first = try #require(try scaled.json(Similar.self).entries.first)
            #expect(first.distance < 1e-5 && (first.inputScale ?? 0) < 0)
            let inside = try await evolve("inspect", "t.evolve", "--similar", "sine.c", "--parts", "--json")
            let parts = try inside.json(Similar.self).entries
            #expect(parts.contains { $0.distance < 1e-6 && $0.part == "sin(x)" }, "\(inside.output)")
            let text = try await evolve("inspect", "t.evolve", "--similar", "sine.c", "--parts", "--count", "2").output
            #expect(text.contains("sin(x)") && (text.contains("  in  ") || text.contains("all of ")))
        }
    }

    @Test("Every wrong input is one clear line and the right exit status")
    func badInput() async throws {
        try await Self.withRuns { evolve in
            _ = try evolve.write("float activation(float x) { return x - batch_mean(x); }\n", to: "layer.c")
            let layer = try await evolve("inspect", "t.evolve", "--similar", "layer.c")
            #expect(layer.status == 65 && layer.error.contains("reads its layer"))
            let view = try await evolve("inspect", "t.evolve", "front", "--similar", "relu.c")
            #expect(view.status == 64 && view.error.contains("leave out front"))
            let word = try await evolve("inspect", "t.evolve", "frond")
            #expect(word.status == 64 && word.error.contains("front"))
            let twice = try await evolve("inspect", "t.evolve", "t.evolve", "--similar", "relu.c")
            #expect(twice.status == 64 && twice.error.contains("twice"))
            let gone = try await evolve("inspect", "t.evolve", "gone.evolve", "--similar", "relu.c")
            #expect(gone.status == 65 && gone.error.contains("gone.evolve"))
            let alone = try await evolve("inspect", "t.evolve", "--parts")
            #expect(alone.status == 64 && alone.error.contains("--similar"))
            #expect(try await evolve("inspect", "t.evolve", "candidate", "1").output.contains("ReLU"))
        }
    }
}
