import ActivationCompiler
import ActivationPython
import ArgumentParser
import EvolveTypes
import Foundation
import Reporting

/// `evolve import`: a function written in Python, as C of the language.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turn an activation written in Python into a C function.",
        discussion: """
            Reads def activation(x): … or a lambda, on math, numpy, jax, torch or tensorflow, and prints C that `evolve check`, \
            `evolve eval` and a seeds folder take. The Python is read, never run: docs/import.md.
            """)

    @Argument(help: ArgumentHelp("A Python file.", valueName: "file.py"))
    var file: String

    @Option(help: "Which function of the file (default: activation, else the last one that no other calls).")
    var function: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the C text (default: standard output).", valueName: "file.c"))
    var output: String?

    func run() throws {
        let text = try SourceFile.read(file)
        let (outcome, choice) = ActivationPython.read(text, name: function)
        if let choice, case .translated = outcome {
            Output.note(
                "read: \(choice.taken), of \(choice.all.joined(separator: ", ")); --function NAME takes another")
        }
        switch outcome {
        case .refused(let diagnostic): throw Failure(.badInput, Self.located(diagnostic, in: file))
        case .translated(let source):
            let result = ActivationPipeline().compile(source)
            guard case .compiled = result else {
                Output.note(source)
                Output.note(CheckReport(refusal: result).text(file: "the C text above"))
                throw ExitCode(Failure.Kind.badInput.rawValue)
            }
            guard let output else { return Output.result(source.trimmingCharacters(in: .newlines)) }
            try Output.file(Data(source.utf8), to: URL(fileURLWithPath: output))
        }
    }

    private static func located(_ diagnostic: Diagnostic, in file: String) -> String {
        diagnostic.line == 0
            ? "\(file): \(diagnostic.message)"
            : "\(file):\(diagnostic.line):\(diagnostic.column): \(diagnostic.message)"
    }
}
