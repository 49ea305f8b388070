import ActivationCompiler
import ArgumentParser
import EvolveTypes
import Exporting
import Foundation
import Reporting

/// `evolve export`: a candidate, or a C file, as a file for other programs.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a function for PyTorch, JAX, C and others.",
        discussion: """
            evolve export STORE --to pytorch                    the champion, to standard output
            evolve export STORE --candidate 17 --to c -o f.h    another candidate, to a file
            evolve export f.c --to all -o exported/             a C file, for all targets

            Targets: \(ExportTarget.allCases.map(\.rawValue).joined(separator: ", ")). Each file says how it is used, where \
            the function comes from, and a few values to check it by.
            """)

    @Argument(help: ArgumentHelp("A run's store, or a C file with float activation(float x).", valueName: "store"))
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

    private var isSource: Bool { origin.hasSuffix(".c") }

    func validate() throws {
        if isSource, candidate != nil {
            throw ValidationError("--candidate is for a store; \(origin) is one function.")
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
        return try to.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let target = ExportTarget(rawValue: String(word)) else {
                let known = ExportTarget.allCases.map(\.rawValue) + ["all"]
                throw ValidationError(
                    "--to: there is no target '\(word)'" + NearestName.hint(String(word), among: known, noun: "targets")
                )
            }
            return target
        }
    }

    func run() async throws {
        let function = try isSource ? ofFile() : ofStore()
        let targets = try targets()
        guard targets.count > 1 else {
            let data = try targets[0].file(of: function)
            guard let output else {
                return Output.result(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
            }
            return try Output.file(
                data,
                to: Self.isFolder(output)
                    ? URL(fileURLWithPath: output).appending(path: function.name + targets[0].suffix)
                    : URL(fileURLWithPath: output))
        }
        let folder = URL(fileURLWithPath: output ?? ".")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .badInput, "cannot make the folder \(folder.path): is there a file of that name, or no right to write?")
        }
        for target in targets {
            do {
                try Output.file(
                    try target.file(of: function), to: folder.appending(path: function.name + target.suffix))
            } catch let failure as Failure where to == "all" && failure.kind == .badInput {
                Output.note("evolve: \(target.rawValue) is left out: \(failure.message)")
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private func ofFile() throws -> ExportedFunction {
        let source = try SourceFile.read(origin)
        let result = ActivationPipeline().compile(source)
        guard case .compiled(let compiled) = result else {
            Output.note(CheckReport(refusal: result).text(file: origin))
            throw ExitCode(Failure.Kind.badInput.rawValue)
        }
        let file = URL(fileURLWithPath: origin)
        return ExportedFunction(
            name: try name ?? Self.name(of: file.deletingPathExtension().lastPathComponent), compiled: compiled,
            origin: ExportedFunction.Origin(name: "the file \(file.lastPathComponent)"))
    }

    private func ofStore() throws -> ExportedFunction {
        let reader = try RunReader(try StorePlace(origin).read())
        let id = try candidate ?? reader.champion(of: origin)
        return ExportedFunction(
            name: try name ?? Self.name(of: "\(reader.manifest.name)_\(id)"), compiled: try reader.compiled(id),
            origin: try ExportedFunction.Origin(try CandidateCard(id, in: reader, library: nil), in: reader))
    }

    /// A name made of another one.
    private static func name(of text: String) throws -> String {
        let letters = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        let name = String(letters.drop { !$0.isLetter })
        guard isName(name) else { throw Failure(.misuse, "no name can be made of \"\(text)\": say one with --name") }
        return name
    }
}
