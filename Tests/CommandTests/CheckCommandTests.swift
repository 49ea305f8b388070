import Foundation
import Testing

@Suite("evolve check")
struct CheckCommandTests {
    struct Report: Decodable {
        struct Diagnostic: Decodable {
            var severity: String
            var line: Int
            var column: Int
            var message: String
        }
        struct Cost: Decodable {
            var arithmetic: Double
            var transcendental: Double
            var total: Double
            var lines: [Line]

            struct Line: Decodable {
                var line: Int
                var total: Double
                var text: String
            }
        }
        struct Value: Decodable {
            var x: Double
            var f: Double?
            var df: Double?
        }
        var ok: Bool
        var diagnostics: [Diagnostic]
        var cost: Cost?
        var hash: String?
        var fingerprint: String?
        var scaleFreeFingerprint: String?
        var kernel: String?
        var formula: String?
        var values: [Value]?
    }

    @Test("With a suite, what the suite refuses is refused, and bench says the same")
    func suite() async throws {
        try await EvolveProgram.with { evolve in
            let layer = try evolve.write(
                "float activation(float x) { return x - batch_mean(x); }\n", to: "layer.c")
            let dear = try evolve.write(
                "float activation(float x) { return x + powf(1.0f + x * x, 0.3f) + powf(2.0f + x * x, 0.7f); }\n",
                to: "dear.c")
            #expect(try await evolve("check", layer).status == 0)
            #expect(try await evolve("check", dear).status == 0)
            for (file, text) in [(layer, "allow: elementwise"), (dear, "300")] {
                let ending = try await evolve("check", file, "--suite", "quick")
                #expect(ending.status == 65 && (ending.output + ending.error).contains(text), "\(ending.output)")
            }
            let bench = try await evolve("bench", "--suite", "quick", "--function", layer)
            #expect(bench.status == 65 && bench.error.contains("allow: elementwise"), "\(bench.error)")
            let unknown = try await evolve("check", layer, "--suite", "quik")
            #expect(unknown.status == 65 && unknown.error.contains("quick"), "\(unknown.error)")
            let missing = try await evolve("check", layer, "--layer", "nowhere.json")
            #expect(missing.status == 65 && missing.error.contains("there is no file nowhere.json"))
        }
    }

    @Test("Habits of tensor libraries are each told what to write, line by line")
    func tensorHabits() async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(
                """
                float activation(float x) {
                    float a = torch.tanh(x);
                    float b = x.clamp(min=0);
                    float c = x.sigmoid();
                    float d = np.where(x > 0, x, 0.1*x);
                    return a + b + c + d + self.beta;
                }

                """, to: "habits.c")
            let report = try await evolve("check", file, "--json").json(Report.self)
            #expect(report.diagnostics.map(\.line) == [2, 3, 4, 5, 6])
            for (diagnostic, text) in zip(
                report.diagnostics, ["tanhf(…)", "clamp(x, low, high)", "sigmoid(…)", "condition ? a : b", "trainable"])
            {
                #expect(diagnostic.message.contains(text), "\(diagnostic.message)")
            }
        }
    }

    @Test("A sound function: cost, hash, formula, and values of the compiled kernel")
    func soundFunction() async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(
                "// masked sinc\nfloat activation(float x) { return x == 0.0f ? 1.0f : sinf(x) / x; }\n", to: "sinc.c")
            let ending = try await evolve("check", file, "--json", "--at=-2,0,1")
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.ok && report.diagnostics.isEmpty)
            let cost = try #require(report.cost)
            #expect(cost.total == cost.arithmetic + cost.transcendental && cost.transcendental > 0)
            #expect(report.hash?.count == 64)
            #expect(report.formula?.contains("sin") == true)
            let values = try #require(report.values)
            #expect(values.map(\.x) == [-2, 0, 1])
            #expect(values[1].f == 1 && values[1].df == 0)
            #expect(abs((values[0].f ?? 0) - 0.454_648_71) < 1e-6)
            #expect(abs((values[2].df ?? 0) + 0.301_168_68) < 1e-6)
        }
    }

    @Test(
        "A function over a layer: y, dL/dx and dL/dp of the compiled kernel; a suite of elementwise functions refuses it"
    )
    func layer() async throws {
        struct Report: Decodable {
            struct Layer: Decodable {
                var y: [[Double]]
                var gradX: [[Double]]
                var gradTrainable: [Double]

                enum CodingKeys: String, CodingKey {
                    case y
                    case gradX = "grad_x"
                    case gradTrainable = "grad_trainable"
                }
            }
            var layer: Layer?
        }
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(
                "float activation(float x) { float a = trainable(2.0f); return x + a * batch_mean(x); }\n", to: "f.c")
            let layer = try evolve.write(#"{"x": [[1, 2], [3, -4]], "cotangent": [[1, 0], [2, -1]]}"#, to: "l.json")
            let ending = try await evolve("check", file, "--json", "--layer", layer)
            #expect(ending.status == 0, "\(ending.error)")
            let values = try #require(try ending.json(Report.self).layer)
            #expect(values.y == [[5, 0], [7, -6]])
            #expect(values.gradX == [[4, -1], [5, -2]])
            #expect(values.gradTrainable == [7])
            #expect(try await evolve("check", file, "--at=1").status == 64)
            let wrong = try evolve.write(#"{"x": [[1, 2], [3]], "cotangent": [[1]]}"#, to: "w.json")
            #expect(try await evolve("check", file, "--layer", wrong).status == 65)
            let refused = try await evolve("eval", file, "--suite", "quick")
            #expect(refused.status == 65 && refused.output.contains("allow: elementwise"), "\(refused.error)")
        }
    }

    @Test(
        "What is wrong is said with its place, and the exit status is 65",
        arguments: [
            ("float activation(float *x) { return *x; }", "pointer"),
            ("float f(float x) { return f(x); }\nfloat activation(float x) { return f(x); }", "recursi"),
            ("float activation(float x) { while (x > 0.0f) { x = x * 0.5f; } return x; }", "loop"),
            ("float activation(float x) { return 1.0f; }", "x"),
        ])
    func refusals(source: String, word: String) async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(source, to: "bad.c")
            let ending = try await evolve("check", file, "--json")
            #expect(ending.status == 65)
            let report = try ending.json(Report.self)
            #expect(!report.ok)
            let message = report.diagnostics.map(\.message).joined(separator: "\n")
            #expect(message.lowercased().contains(word), "\(message)")
            let plain = try await evolve("check", file)
            #expect(plain.status == 65 && plain.output.contains("bad.c"))
        }
    }

    @Test("Where the cost sits is told by line; the compiled kernel can be had; scales change one fingerprint only")
    func costAndIdentity() async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(
                "float activation(float x)\n{\n    float s = sinf(x);\n    return x + s * s;\n}\n", to: "snake.c")
            let report = try await evolve("check", file, "--json", "--kernel").json(Report.self)
            let cost = try #require(report.cost)
            #expect(cost.lines.map(\.line) == [3, 4] && cost.lines[0].text == "float s = sinf(x);")
            #expect(cost.lines.reduce(0) { $0 + $1.total } == cost.total && cost.lines[0].total > cost.lines[1].total)
            #expect(FileManager.default.fileExists(atPath: try #require(report.kernel)))
            let plain = try await evolve("check", file)
            #expect(plain.output.contains("float s = sinf(x);"))
            let scaled = try evolve.write(
                "float activation(float x) { float s = sinf(3.0f * x); return 2.0f * (3.0f * x + s * s); }",
                to: "scaled.c")
            let other = try await evolve("check", scaled, "--json").json(Report.self)
            #expect(report.scaleFreeFingerprint != nil && other.scaleFreeFingerprint == report.scaleFreeFingerprint)
            #expect(other.fingerprint != report.fingerprint)
        }
    }

    @Test("The program can be read after any pass; one of another name is refused with all the names")
    func passes() async throws {
        struct Report: Decodable {
            struct Pass: Decodable {
                var pass: String
                var stage: String
                var round: Int
                var program: String
            }
            var passes: [Pass]
        }
        try await EvolveProgram.with { evolve in
            let file = try evolve.write("float activation(float x) { return x - 1.5f * x; }\n", to: "f.c")
            let lowered = try await evolve("check", file, "--dump-after", "lowered")
            #expect(lowered.output.contains("after lowered:\n  %0 = input"), "\(lowered.output)")
            #expect(lowered.output.contains("%2 = multiply %1, %0"))
            let all = try await evolve("check", file, "--dump-after", "all", "--json").json(Report.self).passes
            #expect(
                all.map(\.pass) == ["lowered", "like-terms", "simplified", "reverse", "constant-folding", "gradient"])
            #expect(all[1].round == 1 && all[1].stage == "function" && all[1].program.contains("constant -0.5"))
            #expect(all.last?.program.contains("dy/dx = ") == true)
            let none = try await evolve("check", file, "--dump-after", "power-expansion")
            #expect(none.status == 0 && none.output.contains("power-expansion changed nothing"))
            let unknown = try await evolve("check", file, "--dump-after", "magic")
            #expect(unknown.status == 64 && unknown.error.split(separator: "\n").count == 1)
            #expect(unknown.error.contains("\"magic\"") && unknown.error.contains("stable-idioms"))
            let pole = try evolve.write("float activation(float x) { return 1.0f / x; }\n", to: "pole.c")
            let refused = try await evolve("check", pole, "--dump-after", "gradient")
            #expect(refused.status == 65 && refused.output.contains("dy/dx"))
        }
    }

    @Test("A file that is not there, or a point that is no number, is told in one line")
    func badArguments() async throws {
        try await EvolveProgram.with { evolve in
            let missing = try await evolve("check", "nowhere.c")
            #expect(missing.status == 65)
            #expect(missing.error.split(separator: "\n").count == 1)
            #expect(missing.error.contains("nowhere.c"))
            let file = try evolve.write("float activation(float x) { return x; }", to: "x.c")
            let point = try await evolve("check", file, "--at=1,two")
            #expect(point.status == 64)
            #expect(point.error.contains("\"two\" is not a finite number"))
        }
    }

    @Test("Unknown options and commands are misuse")
    func misuse() async throws {
        try await EvolveProgram.with { evolve in
            for arguments in [["check", "--nonsense"], ["nonsense"], ["run", "quickstart", "--workers", "0"]] {
                let ending = try await evolve(arguments)
                #expect(ending.status == 64, "\(arguments)")
            }
            let help = try await evolve(["--help"])
            #expect(help.status == 0 && help.output.contains("inspect"))
        }
    }
}
