import ActivationCompiler
import ActivationIR
import EvolveTypes
import Population
import RunStore

/// What else is the same function up to the scale and sign of its input and output. The weights on both sides of a layer
/// can undo such scales, so between near-duplicates a difference in score is one of initialisation and step size.
package struct NearDuplicates: Codable, Hashable, Sendable {
    /// Functions of the library of known activations, by name.
    package var literature: [String]
    /// Other candidates that behave differently at their own scale: of the run's first 2,000 slots, and its elites.
    package var candidates: [CandidateID]

    package var isEmpty: Bool { literature.isEmpty && candidates.isEmpty }

    package init(literature: [String], candidates: [CandidateID]) {
        self.literature = literature
        self.candidates = candidates
    }

    /// - Parameter library: the known activations.
    /// - Returns: nil for a candidate that did not compile, or that reads its layer.
    init?(of record: SlotRecord, in run: RunReader, library: [NamedProgram]) throws {
        guard let source = record.source, let key = Self.key(source) else { return nil }
        literature = Self.names(with: key, in: library)
        let others = try run.comparable().filter { other in
            if case .duplicate(let original) = record.verdict, original == other.id { return false }
            return other.id != record.slot
        }
        let found = others.sideBySide { other -> CandidateID? in
            let read = ActivationPipeline().read(other.source).activation
            return read.flatMap { Self.key($0.program) } == key ? other.id : nil
        }
        candidates = found.compactMap(\.self).sorted()
    }

    /// Those of known functions that are the same as a source.
    package static func names(of source: String, in library: [NamedProgram]) -> [String] {
        key(source).map { names(with: $0, in: library) } ?? []
    }

    private static func names(with key: String, in library: [NamedProgram]) -> [String] {
        var names: [String] = []
        for program in library where key == Self.key(program.source) && !names.contains(program.name) {
            names.append(program.name)
        }
        return names
    }

    private static func key(_ source: String) -> String? {
        guard case .compiled(let candidate) = ActivationPipeline().compile(source) else { return nil }
        return key(candidate.program)
    }

    private static func key(_ program: Program) -> String? {
        program.readsLayer ? nil : ScaleFreeFingerprint.of(program)
    }
}
