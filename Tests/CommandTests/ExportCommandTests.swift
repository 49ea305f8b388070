import Foundation
import Testing

@Suite("evolve export and evolve import")
struct ExportCommandTests {
    @Test("A C file goes to standard output, to a file, and into a folder with all that can hold it")
    func file() async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write(
                "// Soft step\nfloat activation(float x) { return x * sigmoid(x); }\n", to: "My wave.c")
            let printed = try await evolve("export", file, "--to", "pytorch")
            #expect(printed.status == 0 && printed.output.contains("class MyWave(nn.Module)"), "\(printed.error)")
            let folder = evolve.folder.appending(path: "out").path
            let all = try await evolve("export", file, "--to", "all", "-o", folder, "--name", "step_2")
            #expect(all.status == 0, "\(all.error)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names.count == 10 && names.contains("step_2.onnx") && names.contains("step_2_jax.py"), "\(names)")
            let one = try await evolve("export", file, "--to", "c", "-o", folder)
            #expect(one.status == 0 && FileManager.default.fileExists(atPath: folder + "/my_wave.h"), "\(one.error)")
            let layer = try evolve.write("float activation(float x) { return x - batch_mean(x); }\n", to: "layer.c")
            let some = try await evolve("export", layer, "--to", "all", "-o", folder)
            #expect(
                some.status == 0 && some.error.contains("triton is left out")
                    && some.error.contains("swift is left out"))
        }
    }

    @Test("Python files and known functions are taken, a target named twice is written once, a slash says folder")
    func others() async throws {
        try await EvolveProgram.with { evolve in
            let python = try evolve.write(
                "import numpy as np\ndef activation(x):\n    return x * np.tanh(x)\n", to: "bend.py")
            let ending = try await evolve("export", python, "--to", "jax")
            #expect(ending.status == 0 && ending.output.contains("def bend(x):"), "\(ending.error)")
            let known = try await evolve("export", "gelu", "--to", "c,c")
            #expect(known.status == 0 && known.output.contains("gelu_forward"), "\(known.error)")
            #expect(known.output.contains("was known before") && !known.output.contains("found by evolve"))
            let folder = evolve.folder.appending(path: "absent/folder").path
            #expect(try await evolve("export", "gelu", "--to", "c", "-o", folder + "/").status == 0)
            #expect(FileManager.default.fileExists(atPath: folder + "/gelu.h"))
        }
    }

    @Test("What cannot be exported is said in a line")
    func mistakes() async throws {
        try await EvolveProgram.with { evolve in
            let file = try evolve.write("float activation(float x) { return x * sigmoid(x); }\n", to: "f.c")
            let broken = try evolve.write("float activation(float x) { return y; }\n", to: "broken.c")
            for (arguments, status, words) in [
                (["export", file, "--to", "pytoch"], 64, "did you mean 'pytorch'"),
                (["export", file, "--to", "c,jax"], 64, "into which folder"),
                (["export", file, "--to", "onnx"], 64, "no text"),
                (["export", file, "--to", "c", "--name", "A-b"], 64, "is no name"),
                (["export", file, "--to", "c", "--candidate", "3"], 64, "is one function"),
                (["export", file, "--to", "c", "-o", "/nowhere/f.h"], 69, "name a file in a folder that exists"),
                (["export", broken, "--to", "c"], 65, "broken.c"),
                (["export", "none.evolve", "--to", "c"], 65, "there is no store"),
            ] {
                let ending = try await evolve(arguments)
                #expect(
                    ending.status == Int32(status) && ending.error.contains(words),
                    "\(arguments): \(ending.status) \(ending.error)")
            }
        }
    }

    @Test("A function in Python becomes one that is checked, evaluated and exported")
    func python() async throws {
        try await EvolveProgram.with { evolve in
            let python = try evolve.write(
                "import numpy as np\ndef activation(x):\n    return x * np.tanh(x)\n", to: "f.py")
            let output = evolve.folder.appending(path: "f.c").path
            let ending = try await evolve("import", python, "-o", output)
            #expect(ending.status == 0, "\(ending.error)")
            #expect(try await evolve("check", output).output.contains("x·tanh(x)"))
            let bad = try evolve.write("def activation(x):\n    return np.fft.fft(x)\n", to: "bad.py")
            let refused = try await evolve("import", bad)
            #expect(refused.status == 65 && refused.error.contains("bad.py:2:12: 'numpy.fft.fft' is not read here"))
            let unsound = try evolve.write("def activation(x):\n    return 1 / x\n", to: "pole.py")
            #expect(try await evolve("import", unsound).status == 65)
        }
    }
}
