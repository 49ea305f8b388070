import ArgumentParser
import EvolveTypes
import Exporting
import Foundation
import Reporting

/// `evolve export`: a candidate, a file's function or a known one, as a file for other programs.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a function for PyTorch, JAX, C and others.",
        discussion: """
            evolve export STORE --to pytorch                    the champion, to standard output
            evolve export STORE#17 --to c -o f.h                another candidate, to a file
            evolve export f.c --to all -o exported/             a file of C or Python, for all targets
            evolve export gelu --to jax,numpy -o exported/      a known function

            Targets: \(ExportTarget.allCases.map(\.rawValue).joined(separator: ", ")). Each file says how it is used, where \
            the function comes from, and a few values to check it by.
            """)

    @Argument(
        help: ArgumentHelp(
            "A run (its champion, or with #ID a candidate), a file of C or Python, or a known function.",
            valueName: "function"))
    var origin: String

    @Option(name: .long, help: ArgumentHelp("Targets, with commas between them, or all.", valueName: "targets"))
    var to: String

    @Option(help: "Which candidate of the store (default: the champion).")
    var candidate: Int?

    @Option(help: "What the function is to be called, in lower case: swish_2.")
    var name: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File, or folder for several targets (default: standard output).", valueName: "path"))
    var output: String?

    private var isFile: Bool { origin.hasSuffix(".c") || origin.hasSuffix(".py") }

    func validate() throws {
        if isFile, candidate != nil {
            throw ValidationError("--candidate is for a store; \(origin) is one function.")
        }
        if candidate != nil, place != origin {
            throw ValidationError("\(origin) names a candidate, and so does --candidate: say one.")
        }
        if let name, !Self.isName(name) {
            throw ValidationError(
                "--name \(name) is no name: take lower-case letters, digits and _, a letter first.")
        }
        let targets = try targets()
        if targets.count > 1, output == nil {
            throw ValidationError("Several targets are several files: say into which folder, with -o.")
        }
        if targets == [.onnx], output == nil {
            throw ValidationError("An ONNX model is no text: say into which file, with -o.")
        }
    }

    private static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil }

    private func targets() throws -> [ExportTarget] {
        if to == "all" { return ExportTarget.allCases }
        var targets: [ExportTarget] = []
        for word in to.split(separator: ",", omittingEmptySubsequences: false) {
            guard let target = ExportTarget(rawValue: String(word)) else {
                let known = ExportTarget.allCases.map(\.rawValue) + ["all"]
                throw ValidationError(
                    "--to: there is no target '\(word)'" + NearestName.hint(String(word), among: known, noun: "targets")
                )
            }
            if !targets.contains(target) { targets.append(target) }
        }
        return targets
    }

    func run() async throws {
        let function = try function()
        let targets = try targets()
        guard targets.count > 1 else {
            let data = try targets[0].file(of: function)
            guard let output else {
                return Output.result(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
            }
            let name = function.name + targets[0].suffix
            return try Output.file(
                data,
                to: Self.isFolder(output) ? try Self.folder(output).appending(path: name) : URL(fileURLWithPath: output)
            )
        }
        let folder = try Self.folder(output ?? ".")
        for target in targets {
            do {
                try Output.file(
                    try target.file(of: function), to: folder.appending(path: function.name + target.suffix))
            } catch let failure as Failure where to == "all" && failure.kind == .badInput {
                Output.note("evolve: \(target.rawValue) is left out: \(failure.message)")
            }
        }
    }

    /// One that is there, or that a slash says is to be.
    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return path.hasSuffix("/")
            || FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Made, if need be.
    private static func folder(_ path: String) throws -> URL {
        let folder = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .badInput, "cannot make the folder \(folder.path): is there a file of that name, or no right to write?")
        }
        return folder
    }

    /// The store's, without a candidate.
    private var place: String {
        guard !FileManager.default.fileExists(atPath: origin), let match = origin.wholeMatch(of: /(.+)#[0-9]+/) else {
            return origin
        }
        return String(match.1)
    }

    private func function() throws -> ExportedFunction {
        let words = candidate.map { "\(origin)#\($0)" } ?? origin
        let named = try ComparedFunction(words, try Installation())
        if let id = named.candidate {
            let reader = try RunReader(try RecordedRun.open(place))
            return ExportedFunction(
                name: try name ?? Self.name(of: "\(reader.manifest.name)_\(id)"), compiled: named.compiled,
                origin: try ExportedFunction.Origin(try CandidateCard(id, in: reader, library: nil), in: reader))
        }
        if candidate != nil { throw Failure(.misuse, "--candidate is for a store; \(origin) is one function") }
        let bare = URL(fileURLWithPath: origin).deletingPathExtension().lastPathComponent
        return ExportedFunction(
            name: try name ?? Self.name(of: isFile ? bare : origin), compiled: named.compiled,
            origin: isFile
                ? ExportedFunction.Origin(.file, name: "the file \(named.name)")
                : ExportedFunction.Origin(.known, name: "\(origin), of the library of known functions"))
    }

    /// A name made of another one.
    private static func name(of text: String) throws -> String {
        let letters = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        let name = String(letters.drop { !$0.isLetter })
        guard isName(name) else { throw Failure(.misuse, "no name can be made of \"\(text)\": say one with --name") }
        return name
    }
}
