import Foundation
import FoundationNetworking
import Glibc
import Labs
import LoopbackHTTP
import Testing

@Suite("Pages of a run that goes on")
struct ServeCommandTests {
    @Test("evolve report writes one page; a bad place or store is one line")
    func report() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            #expect(try await evolve("run", "tiny", "--store", "r.evolve").status == 0)
            let ending = try await evolve("report", "r.evolve")
            #expect(ending.status == 0 && ending.error == "wrote tiny.html\n", "\(ending.error)")
            let page = try String(contentsOf: evolve.folder.appending(path: "tiny.html"), encoding: .utf8)
            #expect(page.contains("Champion: candidate") && page.contains("</html>"))
            // What it says repeats the run does so.
            let line = try #require(page.split(separator: "\n").first { $0.contains("--replay") })
            let again = try #require(line.firstMatch(of: /evolve (run [^<]*)/))
            let repeated = try await evolve(again.1.split(separator: " ").map(String.init))
            #expect(repeated.status == 0 && repeated.error.contains("digest equal"), "\(repeated.error)")
            // Its commands name the file, and not the folders above it.
            #expect(page.contains("evolve inspect r.evolve") && !page.contains(evolve.folder.path))
            #expect(page.contains("24 of 24; ended by its slots") && page.contains("worked on for"))
            let nowhere = try await evolve("report", "r.evolve", "-o", "no/such/place.html")
            #expect(nowhere.status == 69 && nowhere.error.hasPrefix("evolve: cannot write "), "\(nowhere.error)")
            let missing = try await evolve("report", "none.evolve")
            #expect(missing.status == 65 && missing.error.split(separator: "\n").count == 1, "\(missing.error)")
        }
    }

    @Test(
        "in a browser a run goes on before one's eyes, and nothing moves; without the token nothing is shown",
        .enabled(if: BrowserLab.isUsable, "scripts/setup --tests"), .timeLimit(.minutes(5)))
    func live() async throws {
        try await EvolveProgram.with { plain in
            let server = try LoopbackServer { connection, request in
                usleep(500_000)
                connection.respond(
                    #"{"choices":[{"finish_reason":"stop","message":{"content":"float activation(float x) { return x * \#(request.count % 97).5f + sinf(x); }"}}],"#
                        + #""usage":{"prompt_tokens":400,"completion_tokens":40}}"#)
            }
            let evolve = try APIRunTests.install(plain, port: server.port, slots: 200)
            async let run = evolve("run", "tiny", "--model", "provider", "--store", "r.evolve")
            let store = evolve.folder.appending(path: "r.evolve").path
            for _ in 0..<200 where !FileManager.default.fileExists(atPath: store) { usleep(50_000) }
            // The file is there a little before the run in it.
            for _ in 0..<50 {
                if try await evolve("status", store).status == 0 { break }
                usleep(100_000)
            }
            let serving = try Serving(evolve, store)
            defer { serving.stop() }
            let said = try BrowserLab.run("watch.py", [serving.address])
            #expect(said.contains("live: slot ") && said.contains("end: complete: 200 slots"), "\(said)")
            #expect(try await run.status == 0)
            #expect(serving.stop() == 0, "a stop is no failure")
        }
    }

    @Test(
        "in a browser the script of served pages leaves what the reader has opened, focused, selected and scrolled",
        .enabled(if: BrowserLab.isUsable, "scripts/setup --tests"), .timeLimit(.minutes(2)))
    func keeping() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
        _ = try BrowserLab.run(
            "keep.py", [root.appending(path: "Sources/Serving/Assets/live.js").standardizedFileURL.path])
    }

    @Test("several runs have a page that lists them, told apart and up to date; a port that is taken is said")
    func several() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            for name in ["a", "b"] {
                let folder = evolve.folder.appending(path: name)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                #expect(try await evolve("run", "tiny", "--store", "\(name)/r.evolve").status == 0)
            }
            let serving = try Serving(evolve, "a/r.evolve", "b/r.evolve")
            defer { serving.stop() }
            let address = try #require(URL(string: serving.address))
            let (data, _) = try await URLSession.shared.data(from: address)
            let text = String(decoding: data, as: UTF8.self)
            for part in [
                "a/r.evolve", "b/r.evolve", "24 slots", "/runs/2", "<td>complete</td>", "no-referrer",
            ] {
                #expect(text.contains(part), "\(part): \(text)")
            }
            let list = try #require(URL(string: "/list/content", relativeTo: address))
            // What takes longer comes when it is there.
            var part = ""
            for _ in 0..<300 where !part.contains("than GELU") {
                part = String(decoding: try await URLSession.shared.data(from: list).0, as: UTF8.self)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(part.hasPrefix("<main id=\"run\"") && part.contains("than GELU"), "\(part)")
            // Its commands work wherever they are given.
            let page = try #require(URL(string: "/runs/2", relativeTo: address))
            let (run, _) = try await URLSession.shared.data(from: page)
            let command = "evolve inspect \(evolve.folder.standardizedFileURL.path)/b/r.evolve"
            let shown = String(decoding: run, as: UTF8.self)
            #expect(shown.contains(command))
            // The keyboard comes to the link past everything first.
            let skip = try #require(shown.range(of: "class=\"skip\""))
            let others = try #require(shown.range(of: "All runs"))
            #expect(skip.lowerBound < others.lowerBound)
            let port = try #require(address.port)
            let taken = try await evolve("serve", "a/r.evolve", "--port", "\(port)")
            #expect(taken.status == 69 && taken.error.contains("port \(port) cannot be had here"), "\(taken.error)")
            let missing = try await evolve("serve", "a/r.evolve", "c.evolve")
            #expect(missing.status == 65 && missing.error.contains("c.evolve"), "\(missing.error)")
        }
    }
}

/// `evolve serve`, until it is stopped.
private final class Serving {
    private let process = Process()
    let address: String

    init(_ evolve: EvolveProgram, _ stores: String...) throws {
        process.executableURL = EvolveProgram.products.appending(path: "evolve")
        process.arguments = ["serve"] + stores
        process.environment = ProcessInfo.processInfo.environment.merging(evolve.environment) { $1 }
        process.currentDirectoryURL = evolve.folder
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = Data()
        while text.last != 10 {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        address = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        try #require(address.hasPrefix("http://127.0.0.1:"), "\(address)")
    }

    /// Its exit status.
    @discardableResult func stop() -> Int32 {
        if process.isRunning { process.interrupt() }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
