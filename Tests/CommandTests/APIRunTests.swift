import Foundation
import Glibc
import LoopbackHTTP
import Synchronization
import Testing

/// Whole runs of the built program that ask servers of this test over HTTP, as a run asks a provider.
@Suite("A run with an API")
struct APIRunTests {
    private static let key = "sk-canary-90ab12cd"

    /// Answers like a provider on a bad day, repeating the key wherever it can.
    private final class Provider: Sendable {
        private let count = Mutex(0)

        func respond(_ connection: Connection) {
            let number = count.withLock { count in
                defer { count += 1 }
                return count
            }
            let error = #"{"error":{"message":"\#(APIRunTests.key) asks too much","type":"\#(APIRunTests.key)"}}"#
            switch number % 7 {
            case 0: connection.respond(error, status: "500 Oops")
            case 1: connection.respond("<h1>\(APIRunTests.key)</h1>", status: "502 Bad", type: "text/html")
            case 2: connection.respond(error, status: "400 Bad")
            case 3:
                connection.respond(
                    #"{"choices":[{"finish_reason":"stop","message":{"refusal":"\#(APIRunTests.key)?"}}]}"#)
            default:
                let text =
                    "// \(APIRunTests.key) \(number)\\nfloat activation(float x) { return x + 0.\(number + 1)f * sinf(x); }"
                connection.respond(
                    #"{"choices":[{"finish_reason":"stop","message":{"content":"\#(text)"}}],"#
                        + #""usage":{"prompt_tokens":400,"completion_tokens":40}}"#)
            }
        }
    }

    private static func models(_ port: UInt16, context: Int = 9_000) -> String {
        """
        provider:
          form: chat
          model: vendor/big
          base: http://127.0.0.1:\(port)/v1
          key: EVOLVE_TEST_KEY
          context: \(context)
          output: 400
          price: {input: 10, output: 50}
          constraint: text
          continues: false
          licence: {name: Community, attribution: Built with Provider}
          sources:
            - {of: [context, output, price, constraint, licence], source: "this test", date: 2026-11-25}

        """
    }

    static func install(
        _ plain: EvolveProgram, port: UInt16, models: String? = nil, slots: Int = 24
    ) throws -> EvolveProgram {
        var evolve = try TinyContent.install(in: plain, slots: slots)
        _ = try evolve.write(models ?? Self.models(port), to: "content/Islands/models.yaml")
        evolve.environment["EVOLVE_TEST_KEY"] = key
        return evolve
    }

    /// Names of the programs in whose environment the key is, of those that this test has started.
    private static func holders() -> Set<String> {
        let ids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
        func program(_ id: pid_t) -> String? {
            let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/exe")
            return path.map { ($0 as NSString).lastPathComponent }
        }
        return Set(
            ids.compactMap { id in
                let name = program(id)
                let environment = FileManager.default.contents(atPath: "/proc/\(id)/environ")
                guard environment?.range(of: Data(key.utf8)) != nil else { return nil }
                // A child that is about to become another program still is this one, and may have become it since.
                return program(id) == name ? name : nil
            })
    }

    @Test("spends, recovers, shows whose work it is, and leaves the key nowhere", .timeLimit(.minutes(3)))
    func canary() async throws {
        try await EvolveProgram.with { plain in
            let provider = Provider()
            let server = try LoopbackServer { provider.respond($0) }
            var evolve = try Self.install(plain, port: server.port)
            let dump = evolve.folder.appending(path: "compiler-environment").path
            let compiler = try evolve.write("#!/bin/sh\nenv >> \(dump)\nexec cc \"$@\"\n", to: "compiler")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler)
            evolve.environment["CC"] = compiler
            let watching = Mutex((go: true, seen: Set<String>()))
            Thread.detachNewThread {
                while watching.withLock(\.go) {
                    let holders = Self.holders()
                    watching.withLock { $0.seen.formUnion(holders) }
                    usleep(20_000)
                }
            }
            let ready = evolve
            let ending = try await ready(
                "run", "tiny", "--model", "provider", "--max-dollars", "1", "--store", "t.evolve", "--json")
            let holders = watching.withLock { state in
                state.go = false
                return state.seen
            }
            #expect(ending.status == 0, "\(ending.error)")
            #expect(holders == ["evolve"], "only the program itself holds the key")
            #expect(FileManager.default.contents(atPath: dump).map { $0.count > 100 } == true)

            let card = try await ready("inspect", "t.evolve", "journal", "--json")
            let shown = try await ready("inspect", "t.evolve")
            let exported = try await ready("store", "export", "t.evolve", "-o", "t.jsonl")
            #expect(exported.status == 0)
            #expect(shown.output.contains("provider") && shown.output.contains("/$1.00"))
            let texts = [ending.output, ending.error, card.output, shown.output, exported.error]
            #expect(texts.allSatisfy { !$0.contains(Self.key) })
            #expect(card.output.contains("[key]"), "the server has repeated it, and it was taken out")
            #expect(try Self.files(in: ready.folder).count > 20)
            for file in try Self.files(in: ready.folder) {
                let bytes = try Data(contentsOf: file)
                #expect(bytes.range(of: Data(Self.key.utf8)) == nil, "\(file.path)")
            }

            // Whoever is given the exported file has the same run without any model or key.
            var elsewhere = ready
            elsewhere.environment["EVOLVE_TEST_KEY"] = nil
            let replay = try await elsewhere("run", "tiny", "--replay", "t.jsonl", "--store", "u.evolve")
            #expect(replay.status == 0 && replay.error.contains("digest equal to"), "\(replay.error)")
            let other = try await RunCommandTests.summary(ready, "u.evolve")
            #expect(try await RunCommandTests.summary(ready, "t.evolve").digest == other.digest)
        }
    }

    private static func files(in folder: URL) throws -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        return (all?.compactMap { $0 as? URL } ?? []).filter {
            (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
        }
    }

    @Test("a key that is not accepted, or not there, stops the run with one clear line that does not repeat it")
    func invalidKey() async throws {
        try await EvolveProgram.with { plain in
            let server = try LoopbackServer {
                $0.respond(#"{"error":{"message":"bad key \#(Self.key)"}}"#, status: "401 No")
            }
            var evolve = try Self.install(plain, port: server.port)
            let refused = try await evolve("run", "tiny", "--model", "provider", "--store", "t.evolve")
            #expect(refused.status == 69)
            #expect(
                refused.error.contains(
                    "evolve: the model provider cannot be used: invalid key: HTTP 401: the server does not accept the key"
                ))
            #expect(!refused.error.contains(Self.key))
            evolve.environment["EVOLVE_TEST_KEY"] = ""
            let missing = try await evolve("run", "tiny", "--model", "provider", "--store", "u.evolve")
            #expect(missing.status == 69)
            #expect(
                missing.error == """
                    evolve: the model provider needs its key in the environment variable EVOLVE_TEST_KEY, which is not set: export it, or take another model (`evolve models`)

                    """)
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "u.evolve").path))
            // A name that is none changes nothing.
            evolve.environment["EVOLVE_TEST_KEY"] = Self.key
            let unknown = try await evolve("resume", "t.evolve", "--model", "provider,nobody")
            #expect(unknown.status == 65 && unknown.error.contains("there is no model 'nobody'"))
        }
    }

    @Test("a run is gone on with by another model than the one that failed", .timeLimit(.minutes(2)))
    func takeover() async throws {
        try await EvolveProgram.with { plain in
            let (strict, provider) = (try LoopbackServer { $0.respond("{}", status: "401 No") }, Provider())
            let server = try LoopbackServer { provider.respond($0) }
            let models = Self.models(strict.port).replacing("provider:", with: "first:") + Self.models(server.port)
            let evolve = try Self.install(plain, port: 0, models: models)
            #expect(try await evolve("run", "tiny", "--model", "first", "--store", "t.evolve").status == 69)
            let resumed = try await evolve("resume", "t.evolve", "--model", "provider")
            #expect(resumed.status == 0 && resumed.error.contains("on: provider is asked"), "\(resumed.error)")
            #expect(server.requests.count > 2)
            let journal = try await evolve("inspect", "t.evolve", "journal", "--json")
            #expect(!journal.output.contains(#""model":"first","parents""#))
            let replay = try await evolve("run", "tiny", "--replay", "t.evolve", "--store", "u.evolve")
            #expect(replay.error.contains("digest equal to"), "\(replay.error)")
        }
    }

    @Test("evolve models says what is usable here and now, and asks when told to")
    func models() async throws {
        try await EvolveProgram.with { plain in
            let count = Mutex(0)
            let server = try LoopbackServer {
                let isFirst = count.withLock { count in
                    count += 1
                    return count == 1
                }
                let expression = isFirst ? "x" : "swish(x)"
                $0.respond(
                    #"{"choices":[{"finish_reason":"stop","message":{"content":"#
                        + #""float activation(float x) { return \#(expression); }"}}],"#
                        + #""usage":{"prompt_tokens":40,"completion_tokens":20}}"#)
            }
            var evolve = try Self.install(plain, port: server.port)
            let list = try await evolve("models")
            #expect(list.status == 0 && list.output.contains("provider  yes"))
            #expect(server.requests.isEmpty)
            let asked = try await evolve("models", "provider", "--try")
            #expect(asked.output.contains("40 + 20 tokens, $0.0014") && asked.output.contains("Built with Provider"))
            #expect(asked.output.contains("; the function compiles") && server.requests.count == 1)
            let again = try await evolve("models", "provider", "--try")
            #expect(again.status == 0 && again.output.contains("; not a function of the language: "))
            #expect(again.output.contains("swish"))
            evolve.environment["EVOLVE_TEST_KEY"] = ""
            #expect(try await evolve("models").output.contains("no: EVOLVE_TEST_KEY is not set"))
            let unknown = try await evolve("models", "provide")
            #expect(unknown.status == 65 && unknown.error.contains("did you mean 'provider'?"))
        }
    }

    @Test("a run whose requests cannot fit is not begun, and the sum is shown")
    func tooSmall() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try Self.install(plain, port: 9, models: Self.models(9, context: 150))
            let ending = try await evolve("run", "tiny", "--model", "provider", "--store", "t.evolve")
            #expect(ending.status == 65)
            #expect(
                ending.error.contains("does not fit provider: prompt ")
                    && ending.error.contains("> 150 tokens of context"))
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "t.evolve").path))
        }
    }
}
