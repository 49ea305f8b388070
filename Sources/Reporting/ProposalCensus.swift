import ActivationCompiler
import ActivationIR
import EvolveTypes
import Population
import RunStore

/// What a run's proposals are made of, counted by operator and model, as far as the journal was read.
package struct ProposalCensus: Sendable {
    struct Key: Hashable, Comparable {
        /// nil = all together.
        var variation: String?
        var model: String?

        fileprivate init() {}

        fileprivate init(_ record: SlotRecord) {
            variation = record.standIn ?? record.variation
            model = record.standIn == nil ? record.model : nil
        }

        static func < (a: Key, b: Key) -> Bool {
            (a.variation ?? "", a.model ?? "") < (b.variation ?? "", b.model ?? "")
        }
    }

    struct Counts {
        var proposals = 0
        /// Those that are a function of the language, which the rest is counted over.
        var read = 0
        var functions: [String: Int] = [:]
        var motifs: [String: Int] = [:]
        var cells: [String: Int] = [:]
        var behaviours: [String: Int] = [:]

        fileprivate mutating func add(_ record: SlotRecord, _ traits: Traits?) {
            proposals += 1
            guard let traits else { return }
            read += 1
            for name in traits.functions { functions[name, default: 0] += 1 }
            for name in traits.motifs { motifs[name, default: 0] += 1 }
            if let descriptor = record.descriptor, let cost = record.cost {
                let cell = ArchiveCell(descriptor, cost: cost)
                let name = ArchiveText.place(cell)
                cells[name, default: 0] += 1
            }
            if let fingerprint = record.fingerprint { behaviours[fingerprint, default: 0] += 1 }
        }
    }

    fileprivate struct Traits: Sendable {
        var functions: Set<String>
        var motifs: Set<String>

        /// nil = no function.
        static func of(_ records: [SlotRecord]) -> [Traits?] {
            records.sideBySide { record in
                record.source.flatMap { ActivationPipeline().read($0).activation?.program }.map { program in
                    Traits(functions: Motif.functions(of: program), motifs: Motif.of(program))
                }
            }
        }
    }

    private(set) var counts: [Key: Counts] = [:]
    /// Not read yet: functions are read many at a time.
    private var waiting: [SlotRecord] = []
    private static let most = 1_024

    package init() {}

    package mutating func add(_ record: SlotRecord) {
        guard ![VariationOperator.seed, .retest].map(\.rawValue).contains(record.variation) else { return }
        waiting.append(record)
        if waiting.count == Self.most { readAll() }
    }

    mutating func readAll() {
        for (record, traits) in zip(waiting, Traits.of(waiting)) {
            for key in [Key(), Key(record)] { counts[key, default: Counts()].add(record, traits) }
        }
        waiting = []
    }
}
