import EvolveTypes
import Foundation
import LanguageModels
import Testing

@Suite("Model file")
struct ModelFileTests {
    private func withFile(_ content: String, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("weights.gguf").path
        try content.write(toFile: path, atomically: false, encoding: .utf8)
        try body(path)
    }

    @Test("the right content passes, a changed one is refused even after the right one passed")
    func content() throws {
        try withFile("weights") { path in
            let file = ModelFile(path: path, bytes: 7, sha256: Digest.hex("weights"))
            try file.verify()
            try file.verify()
            try "Weights".write(toFile: path, atomically: false, encoding: .utf8)
            #expect {
                try file.verify()
            } throws: { error in
                let failure = error as? Failure
                return failure?.kind == .unavailable
                    && failure?.message.contains(
                        "has SHA-256 \(Digest.hex("Weights")), expected \(Digest.hex("weights"))")
                        == true
                    && failure?.message.contains("delete it and run scripts/setup") == true
            }
        }
    }

    @Test("a stamp of other content, or for another hash, is not believed")
    func stamp() throws {
        try withFile("weights") { path in
            try ModelFile(path: path, bytes: 7, sha256: Digest.hex("weights")).verify()
            #expect(throws: Failure.self) { try ModelFile(path: path, bytes: 7, sha256: Digest.hex("x")).verify() }
        }
    }

    @Test("content that passed is not read again")
    func readOnce() throws {
        try withFile("weights") { path in
            let file = ModelFile(path: path, bytes: 7, sha256: Digest.hex("weights"))
            try file.verify()
            let stamp = try String(contentsOfFile: path + ".verified", encoding: .utf8)
            // A stamp for a wrong hash is believed: that shows that the content was not looked at.
            let wrong = ModelFile(path: path, bytes: 7, sha256: Digest.hex("other"))
            try stamp.replacingOccurrences(of: Digest.hex("weights"), with: Digest.hex("other"))
                .write(toFile: path + ".verified", atomically: false, encoding: .utf8)
            try wrong.verify()
        }
    }

    @Test("a missing file and a folder in its place are named")
    func missing() {
        let folder = FileManager.default.temporaryDirectory.path
        for path in [folder + "/missing-\(UUID())", folder] {
            let file = ModelFile(path: path, bytes: 1, sha256: "")
            #expect { try file.verify() } throws: { "\($0)".contains(path) && "\($0)".contains("scripts/setup") }
        }
    }
}
