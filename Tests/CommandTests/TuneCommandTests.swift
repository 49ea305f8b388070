import Foundation
import Testing

@Suite("evolve tune")
struct TuneCommandTests {
    private struct Report: Decodable {
        struct Number: Decodable {
            var line: Int
            var column: Int
            var before: Double
            var after: Double
        }
        struct Gain: Decodable {
            var before: Double
            var after: Double
        }
        var improved: Bool
        var numbers: [Number]
        var gain: Gain
        var trainingSteps: Int
        var source: String
    }

    private static let source = "// Ripple\nfloat activation(float x) { return x + 0.5f * sinf(3.0f * x); }\n"

    @Test("Prints the function with other numbers, where they stand, and what they cost; the same every time")
    func tune() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try TinyContent.install(in: evolve)
            let file = try evolve.write(Self.source, to: "ripple.c")
            let arguments = ["tune", file, "--suite", "tiny", "--trials", "8", "--networks", "3"]
            let ending = try await evolve(arguments + ["--json"])
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.numbers.map(\.before) == [0.5, 3] && report.numbers.map(\.column) == [40, 52])
            #expect(report.trainingSteps == 8 * 3 * 60)
            #expect(report.improved == (report.gain.after > report.gain.before))
            try #require(report.improved, "else choose another function for this test")
            #expect(report.source.hasPrefix("// Tuned: Ripple\nfloat activation(float x) { return x + "))
            // The function alone on standard output: it can be kept and checked.
            let text = try await evolve(arguments)
            #expect(text.output == report.source && text.error.contains("too high on average"))
            let tuned = try evolve.write(text.output, to: "tuned.c")
            #expect(try await evolve("check", tuned).status == 0)
        }
    }

    @Test("Says which functions and which wishes it cannot serve")
    func refusals() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try TinyContent.install(in: evolve)
            let plain = try evolve.write("float activation(float x) { return tanhf(x); }\n", to: "plain.c")
            let none = try await evolve("tune", plain, "--suite", "tiny")
            #expect(none.status == 65 && none.error.contains("has no numbers to tune"))
            let broken = try evolve.write("float activation(float x) { return sine(x); }\n", to: "broken.c")
            #expect(try await evolve("tune", broken, "--suite", "tiny").status == 65)
            let file = try evolve.write(Self.source, to: "ripple.c")
            #expect(try await evolve("tune", file, "--suite", "tiny", "--trials", "1").status == 64)
        }
    }
}
