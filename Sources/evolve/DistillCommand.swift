import ArgumentParser
import Distillation
import Engine
import EvolveTypes
import Foundation
import LanguageModels

/// `evolve distill`: what runs teach about changing functions, as a list for an island's prompts.
struct DistillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "distill", abstract: "Make what runs teach into a short list of instructions for prompts.",
        discussion: """
            evolve distill a.evolve b.evolve                        show the list
            evolve distill a.evolve -o Islands/mine/instructions.yaml
            evolve distill a.evolve --test other-suite.evolve       drop what does not hold on another suite
            evolve distill a.evolve --teacher gpt-6-luna            a model words the patterns

            An island whose island.yaml says `instructions: instructions.yaml` shows the list to its models.
            """)

    @Argument(help: ArgumentHelp("Stores of runs on one suite, to learn from.", valueName: "stores"))
    var stores: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Stores of runs on other suites, to test the list on.", valueName: "stores"))
    var test: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("File to write the list to, for example Islands/NAME/instructions.yaml.", valueName: "file"))
    var output: String?

    @Option(help: "What the list may take in a prompt, at a token for every three bytes.")
    var tokens = 300

    @Option(help: ArgumentHelp("Model that words the patterns (default: templates do).", valueName: "model"))
    var teacher: String?

    @Option(help: "How often the teacher is asked at most.")
    var calls = 60

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !(20...100_000).contains(tokens) { throw ValidationError("--tokens is a number from 20 to 100000.") }
        if calls < 1 { throw ValidationError("--calls must be at least 1.") }
        if teacher == nil, calls != 60 { throw ValidationError("--calls belongs to --teacher MODEL.") }
        let names = stores + test
        for (place, name) in names.enumerated() where names[..<place].contains(name) {
            throw ValidationError("\(name) is named twice.")
        }
    }

    func run() async throws {
        let file = try output.map(Self.free)
        let facts = try teacher.map(Self.usable)
        let runs = try stores.map(Self.read)
        let others = try test.map(Self.read)
        let settings = Distillation.Settings(tokens: tokens)
        let distillate: Distillate
        if let facts {
            distillate = try await Self.taught(by: facts, calls: calls) { teacher in
                try await Distillation(settings, teacher: teacher).distill(runs, testing: others)
            }
        } else {
            distillate = try await Distillation(settings).distill(runs, testing: others)
        }
        if json { try Output.json(distillate) } else { Output.result(DistillateText.render(distillate, Output.ink)) }
        guard let file else { return }
        if distillate.instructions.isEmpty {
            Output.note("\(file.relativePath) is not written: the list is empty")
        } else {
            try Output.file(Data(InstructionFile.text(distillate, command: try command()).utf8), to: file)
        }
    }

    private static func read(_ store: String) throws -> RunExamples {
        let place = try StorePlace(store)
        if isatty(STDERR_FILENO) == 1 { Output.note("reading \(place) …") }
        return try RunExamples(try place.read(), called: place.description)
    }

    /// What is known of a model that nothing is in the way of.
    private static func usable(_ name: String) throws -> ModelFacts {
        let installation = try Installation()
        let facts = try installation.loader.model(named: name)
        if let obstacle = ModelHost(installation: installation).obstacle(facts) { throw obstacle }
        return facts
    }

    private static func taught<Value: Sendable>(
        by facts: ModelFacts, calls: Int, _ body: @escaping @Sendable (ModelTeacher) async throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        return try await ModelHost(installation: try Installation()).serving(
            [facts], clock: { (ContinuousClock.now - start) / .seconds(1) },
            observe: { event in
                if case .modelPaused(let model, let seconds, let reason) = event {
                    Output.note("\(model) is not asked for \(Int(seconds)) s: \(reason)")
                }
            }
        ) { roster in
            guard let entry = roster[facts.name] else { throw Failure(.internalError, "no model \(facts.name)") }
            return try await body(ModelTeacher(entry.model, calls: calls))
        }
    }

    /// Before anything is read: a list that somebody may have edited is not written over.
    private static func free(_ path: String) throws -> URL {
        let file = URL(fileURLWithPath: path)
        let folder = file.deletingLastPathComponent()
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw Failure(.badInput, "cannot write \(path): there is no folder \(folder.relativePath)")
        }
        if FileManager.default.fileExists(atPath: file.path) {
            throw Failure(
                .badInput, "\(path) is there already, and may have been edited: remove it, or name another file")
        }
        return file
    }

    /// As it may be given again, without secrets.
    private func command() throws -> String {
        func words(_ stores: [String]) throws -> [String] { try stores.map { try StorePlace($0).word } }
        var parts = try ["evolve distill"] + words(stores)
        if !test.isEmpty { parts += try ["--test"] + words(test) }
        if let teacher { parts += ["--teacher", ShellWord.quoted(teacher), "--calls", "\(calls)"] }
        return (parts + ["--tokens", "\(tokens)"]).joined(separator: " ")
    }
}
