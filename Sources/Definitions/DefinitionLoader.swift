import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore

/// Loads runs and suites from the content folder.
package struct DefinitionLoader: Sendable {
    private let root: URL
    private let fetched: URL?

    /// - Parameters:
    ///   - root: the folder that holds Islands, Fitness and Runs.
    ///   - fetched: where `scripts/fetch-transfer` puts tables; nil = nowhere.
    package init(root: URL, fetched: URL? = nil) {
        self.root = root
        self.fetched = fetched
    }

    /// Names under Runs, sorted.
    package func runNames() -> [String] { ContentFolder(root: root).names(in: "Runs", ending: ".yaml") }

    /// Names under Fitness that have a suite, sorted.
    package func suiteNames() -> [String] { ContentFolder(root: root).folders(in: "Fitness", with: "suite.yaml") }

    /// The run of Runs/NAME.yaml with its islands, suite and script.
    /// - Throws: `Failure(.badInput)`, one line per mistake.
    /// - Parameter other: the suite to run on instead of the one that the run's file names.
    package func run(named name: String, on other: SuiteChoice? = nil) throws -> LoadedRun {
        let known = runNames()
        guard known.contains(name) else {
            throw Failure(
                .badInput,
                "there is no run '\(name)' in Runs" + NearestName.hint(name, among: known, noun: "known runs"))
        }
        return try run(file: root.appendingPathComponent("Runs/\(name).yaml"), on: other)
    }

    /// The run of any file; islands and suites are still those of the content folder. Its name is the file's.
    /// - Parameter other: the suite to run on instead of the one that the file names.
    package func run(file url: URL, on other: SuiteChoice? = nil) throws -> LoadedRun {
        let content = ContentFolder(root: root)
        let (text, label) = try content.text(at: url)
        let definition = try RunDefinition.read(text, at: url, file: label, content: content)
        let models = try scriptsRead(definition.models, in: url.deletingLastPathComponent(), content)
        let islands = try definition.islands.map { try IslandDefinition.load($0, from: content) }
        let choice = other ?? SuiteChoice(definition.suite)
        let suite = try suite(choice, content)
        let literature = try definition.literature.map { try Self.program($0, in: Self.library, of: content) }
        if definition.retest.share > 0, definition.retest.most <= suite.scoring.seeds {
            throw Failure(
                .badInput,
                "\(label): 'most' of 'retest' is \(definition.retest.most), but the suite \(suite.name) trains every candidate with "
                    + "\(suite.scoring.seeds) seeds: give more, or 'share: 0'")
        }
        let rivals = try ReferenceTable.load(in: choice.referenceFolder(root), suite, from: content).map { table in
            try table.rivals(suite).map {
                RunPolicy.Rival(family: $0.family, program: try Self.program($0.name, in: Self.library, of: content))
            }
        }
        let policy = RunPolicy(
            name: url.deletingPathExtension().lastPathComponent, islands: islands, topology: definition.topology,
            migrationInterval: definition.migrationInterval, resetInterval: definition.resetInterval, suite: suite,
            literature: literature, rivals: rivals ?? [], retest: definition.retest.share > 0 ? definition.retest : nil,
            slots: definition.slots, lookahead: definition.lookahead, models: models,
            bandit: definition.bandit, verification: definition.verification, maxMinutes: definition.maxMinutes,
            trainingSteps: definition.trainingSteps, seed: definition.seed)
        try RequestSizes(policy).check(file: label)
        return LoadedRun(policy: policy, files: content.files)
    }

    /// With the scripts among the run's files, under the names that they have there.
    private func scriptsRead(
        _ models: ModelPolicy, in folder: URL, _ content: ContentFolder
    ) throws -> ModelPolicy {
        var models = models
        for place in models.choices.indices {
            guard let script = models.choices[place].facts.script else { continue }
            models.choices[place].facts.script = try content.text(at: folder.appendingPathComponent(script)).label
        }
        return models
    }

    /// What is known of models, sorted by name.
    package func models() throws -> [ModelFacts] { try ModelsDefinition.load(from: ContentFolder(root: root)) }

    /// What is known of the model of this name.
    package func model(named name: String) throws -> ModelFacts { try Self.model(name, of: try models()) }

    private static func model(_ name: String, of known: [ModelFacts]) throws -> ModelFacts {
        guard let facts = known.first(where: { $0.name == name }) else {
            throw Failure(
                .badInput,
                "there is no model '\(name)' in \(ModelsDefinition.file)"
                    + NearestName.hint(name, among: known.map(\.name), noun: "known models"))
        }
        return facts
    }

    /// The models of these names, for a run that was not written for them.
    package func models(named names: [String]) throws -> ModelPolicy {
        let known = try models()
        return ModelPolicy(
            try names.map { name in
                let facts = try Self.model(name, of: known)
                if let date = facts.retired {
                    throw Failure(.badInput, "the model '\(name)' is not served any more since \(date)")
                }
                return ModelPolicy.Choice(facts)
            })
    }

    /// What a person gives as --suite: a file if it ends with .yaml.
    package func suite(nameOrFile text: String) throws -> SuitePolicy { try suite(SuiteChoice(nameOrFile: text)) }

    /// The suite of Fitness/NAME/suite.yaml.
    package func suite(named name: String) throws -> SuitePolicy { try suite(.named(name)) }

    /// The suite of any file.
    package func suite(file url: URL) throws -> SuitePolicy { try suite(.file(url)) }

    package func suite(_ choice: SuiteChoice) throws -> SuitePolicy { try suite(choice, ContentFolder(root: root)) }

    /// The suite.yaml that a table is made into: saved beside the table under its name, it is the same suite.
    package func text(of suite: CSVSuite) throws -> String {
        // Read once, so that what is printed is known to load.
        let content = ContentFolder(root: root)
        let text = try suite.text(from: content)
        _ = try read(text, of: suite, content)
        return text
    }

    private func suite(_ choice: SuiteChoice, _ content: ContentFolder) throws -> SuitePolicy {
        switch choice {
        case .named(let name):
            let known = suiteNames()
            guard known.contains(name) else {
                throw Failure(
                    .badInput,
                    "there is no suite '\(name)' in Fitness"
                        + NearestName.hint(name, among: known, noun: "known suites"))
            }
            let url = root.appendingPathComponent("Fitness/\(name)/suite.yaml")
            return try SuiteDefinition.load(name, at: url, fetched: fetched, from: content)
        case .file(let url):
            // A file called suite.yaml is known by its folder, like those of Fitness.
            let base = url.deletingPathExtension().lastPathComponent
            let name = base == "suite" ? url.deletingLastPathComponent().lastPathComponent : base
            return try SuiteDefinition.load(name, at: url, fetched: fetched, from: content)
        case .table(let suite):
            let text = try suite.text(from: content)
            content.keep(text, as: "\(suite.file.lastPathComponent).yaml")
            return try read(text, of: suite, content)
        }
    }

    /// The text begins with the template, and its tasks have been tried: a mistake is the template's, at the same line.
    private func read(_ text: String, of suite: CSVSuite, _ content: ContentFolder) throws -> SuitePolicy {
        try SuiteDefinition.read(
            text, name: suite.name, file: CSVSuite.template, folder: suite.file.deletingLastPathComponent(),
            fetched: fetched, from: content)
    }

    /// The folder of known activations.
    package static let library = "Fitness/library"

    /// Names of Fitness/library, sorted.
    package func knownNames() -> [String] { ContentFolder(root: root).names(in: Self.library, ending: ".c") }

    /// The function of Fitness/library/NAME.c.
    package func known(_ name: String) throws -> NamedProgram {
        try Self.program(name, in: Self.library, of: ContentFolder(root: root))
    }

    /// All functions of Fitness/library, sorted by name.
    package func library() throws -> [NamedProgram] {
        try Self.programs(in: Self.library, of: ContentFolder(root: root))
    }

    /// The C files of a folder, sorted by name.
    static func programs(in folder: String, of content: ContentFolder) throws -> [NamedProgram] {
        try content.names(in: folder, ending: ".c").map { try program($0, in: folder, of: content) }
    }

    /// - Throws: `Failure(.badInput)` with file, line and column when the file is no sound candidate.
    private static func program(_ name: String, in folder: String, of content: ContentFolder) throws -> NamedProgram {
        let path = "\(folder)/\(name).c"
        let source = try content.text(path)
        switch ActivationPipeline().compile(source) {
        case .compiled, .tooCostly: return NamedProgram(name: name, source: source)
        case .refused(let diagnostics):
            let lines = diagnostics.filter { $0.severity == .error }
            throw Failure(
                .badInput, lines.map { "\(path):\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n"))
        case .unsound(let reason): throw Failure(.badInput, "\(path): \(reason)")
        }
    }
}
