import ActivationCompiler
import Definitions
import Evaluation
import EvolveTypes
import Foundation
import Population
import Reporting
import RunStore

/// What a person names to be compared: a run (its champion, or with #ID a candidate), a file of C or Python, or a known
/// function.
struct ComparedFunction {
    /// As it was named, without a password.
    var words: String
    /// Short, for a table.
    var name: String
    var compiled: CompiledActivation
    /// Of a run.
    var candidate: CandidateID?
    /// That the run searched on.
    var suite: SuitePolicy?

    init(_ words: String, _ installation: Installation) throws {
        let file = URL(fileURLWithPath: words).lastPathComponent
        if words.hasSuffix(".c") || words.hasSuffix(".py") {
            try Self.refuseMissing(words, installation.loader)
            (self.words, name, compiled) = (words, file, try Self.function(of: words))
        } else if Self.isKnownName(words) {
            (self.words, name, compiled) = (words, words, try Self.known(words, installation.loader))
        } else {
            let (place, id) = try Self.candidate(words)
            let shown = "\(try StorePlace(place))"
            let reader = try RunReader(try RecordedRun.open(place))
            let candidate: CandidateID
            // Of several runs, a message says which is meant.
            do {
                candidate = try id ?? reader.champion(of: shown)
                compiled = try reader.compiled(candidate)
            } catch let failure as Failure {
                throw Failure(failure.kind, "\(shown): \(failure.message)")
            }
            self.words = shown + (id.map { "#\($0)" } ?? "")
            name = "\(reader.manifest.name), candidate \(candidate)"
            (self.candidate, suite) = (candidate, reader.policy.suite)
        }
    }

    private static func refuseMissing(_ file: String, _ loader: DefinitionLoader) throws {
        guard !FileManager.default.fileExists(atPath: file) else { return }
        let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
        let isKnown = loader.knownNames().contains(name)
        throw Failure(
            .badInput, "there is no file \(file)" + (isKnown ? "; the known function is called '\(name)'" : ""))
    }

    /// A word that is no path; a file of that name goes first.
    private static func isKnownName(_ words: String) -> Bool {
        words.wholeMatch(of: /[A-Za-z0-9_]+/) != nil && !FileManager.default.fileExists(atPath: words)
    }

    private static func known(_ name: String, _ loader: DefinitionLoader) throws -> CompiledActivation {
        let names = loader.knownNames()
        guard names.contains(name) else {
            let nearest = NearestName.of(name, among: names).map { "; did you mean '\($0)'?" }
            throw Failure(
                .badInput,
                "there is no file '\(name)', and no such function in \(DefinitionLoader.library)"
                    + (nearest ?? ", which holds \(names.count), gelu among them"))
        }
        guard case .compiled(let compiled) = ActivationPipeline().compile(try loader.known(name).source) else {
            throw Failure(.badInput, "\(DefinitionLoader.library)/\(name).c is no sound function")
        }
        return compiled
    }

    private static func function(of file: String) throws -> CompiledActivation {
        switch try ActivationPipeline().compile(file: file) {
        case .compiled(let compiled): return compiled
        case let refusal:
            let mistakes = CheckReport(refusal: refusal).diagnostics.filter { $0.severity == .error }
            guard let first = mistakes.first else { throw Failure(.badInput, "\(file) is no sound function") }
            let place = first.line > 0 ? "\(file):\(first.line):\(first.column)" : file
            throw Failure(
                .badInput, "\(place): \(first.message)" + (mistakes.count > 1 ? " (`evolve check` tells more)" : ""))
        }
    }

    /// STORE#17; a file whose name ends so goes first.
    private static func candidate(_ words: String) throws -> (place: String, id: CandidateID?) {
        if words.contains("#"), !words.contains("://"), !FileManager.default.fileExists(atPath: words),
            words.wholeMatch(of: /.+#[0-9]+/) == nil
        {
            throw Failure(.badInput, "'\(words)': behind # stands a candidate's number, for example run.evolve#17")
        }
        guard let match = words.wholeMatch(of: /(.+)#([0-9]+)/), let id = Int(match.2),
            !FileManager.default.fileExists(atPath: words)
        else { return (words, nil) }
        return (String(match.1), id)
    }
}

extension [ComparedFunction] {
    /// The suite of the runs among them; nil without runs.
    func suiteOfRuns() throws -> SuitePolicy? {
        let runs = compactMap { function in function.suite.map { (function.words, $0) } }
        guard let (first, suite) = runs.first else { return nil }
        for (words, other) in runs where try other.measurementDigest != suite.measurementDigest {
            throw Failure(
                .badInput,
                "\(first) is a run on the suite \(suite.name), \(words) on \(other.name)"
                    + (other.name == suite.name ? " as it was at another time" : "")
                    + ": say with --suite what to compare them on")
        }
        return suite
    }

    /// - Throws: `Failure(.badInput)` when two of them behave alike.
    func refuseTwins() throws {
        for (index, function) in enumerated() {
            guard
                let twin = self[..<index].first(where: { $0.compiled.fingerprint == function.compiled.fingerprint })
            else { continue }
            throw Failure(
                .badInput,
                twin.words == function.words
                    ? "\(function.words) is named twice: compare different functions"
                    : "\(twin.words) and \(function.words) are the same function, \(function.compiled.formula): "
                        + "there is nothing to compare")
        }
    }
}
