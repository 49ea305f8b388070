import EvolveTypes
import Population
import RunStore

/// How a candidate came about, from a seed program on.
package struct Lineage: Codable, Sendable {
    package struct Step: Codable, Sendable {
        package var id: CandidateID
        package var island: String
        package var variation: String
        package var model: String?
        /// The last is the one that was edited.
        package var parents: [CandidateID]
        package var idea: String?
        package var formula: String?
        package var cost: Double?
        package var verdict: String
        /// Of its first evaluation.
        package var gain: Estimate?
        /// The other parents and all that they came from, as far as it has not been told before, in the order of their ids.
        package var branches: [Ancestor]
        /// Lines of its source that its parent does not have (+), and the other way round (−).
        package var changes: [Change]
        package var source: String?
    }

    /// One that lent a part, or came before one that did.
    package struct Ancestor: Codable, Hashable, Sendable {
        package var id: CandidateID
        package var variation: String
        package var model: String?
        /// The last is the one that was edited.
        package var parents: [CandidateID]
        package var formula: String?
        /// Of its first evaluation.
        package var gain: Estimate?
    }

    package struct Change: Codable, Hashable, Sendable {
        package var sign: String
        package var text: String
    }

    /// The seed program first.
    package var steps: [Step]

    package init(of id: CandidateID, in run: RunReader) throws {
        let records = try Self.line(to: id, in: run)
        var told = Set(records.map(\.slot))
        steps = try records.enumerated().map { place, record in
            let before = place > 0 ? records[place - 1].source : nil
            let others = try Self.ancestors(of: record.parents.dropLast(), told: &told, in: run)
            return Step(
                id: record.slot, island: record.island, variation: record.standIn ?? record.variation,
                model: record.model, parents: record.parents, idea: record.idea,
                formula: record.source.flatMap { CandidateCard.formula(of: $0) }, cost: record.cost,
                verdict: record.verdict.name, gain: record.verdict.score?.gain,
                branches: others.sorted { $0.slot < $1.slot }.map { Ancestor($0) },
                changes: Self.changes(from: before, to: record.source), source: record.source)
        }
    }

    /// From the seed program over what was edited, parent by parent, to the candidate.
    private static func line(to id: CandidateID, in run: RunReader) throws -> [SlotRecord] {
        var record = try run.record(of: id)
        var records = [record]
        while let parent = record.parents.last {
            record = try run.record(of: parent)
            records.append(record)
        }
        return records.reversed()
    }

    /// Candidates and all they came from, but for those that are told.
    private static func ancestors(
        of ids: some Sequence<CandidateID>, told: inout Set<CandidateID>, in run: RunReader
    ) throws -> [SlotRecord] {
        var (open, found) = (Array(ids), [SlotRecord]())
        while let next = open.popLast() {
            guard told.insert(next).inserted else { continue }
            let record = try run.record(of: next)
            found.append(record)
            open += record.parents
        }
        return found
    }

    /// What has to be taken away and put in, in the order of the lines.
    static func changes(from before: String?, to after: String?) -> [Change] {
        func lines(_ text: String?) -> [String] {
            (text ?? "").split(separator: "\n").map { String($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
        }
        let (old, new) = (lines(before), lines(after))
        // A re-test, or what was never a function, has no text to be compared.
        guard before != nil, after != nil else { return [] }
        let difference = new.difference(from: old)
        var (removed, inserted) = ([Int: String](), [Int: String]())
        for change in difference {
            switch change {
            case .remove(let offset, let line, _): removed[offset] = line
            case .insert(let offset, let line, _): inserted[offset] = line
            }
        }
        var (i, j, changes) = (0, 0, [Change]())
        while i < old.count || j < new.count {
            if let line = removed[i], i < old.count {
                changes.append(Change(sign: "−", text: line))
                i += 1
            } else if let line = inserted[j], j < new.count {
                changes.append(Change(sign: "+", text: line))
                j += 1
            } else {
                (i, j) = (i + 1, j + 1)
            }
        }
        return changes
    }
}

extension Lineage.Ancestor {
    fileprivate init(_ record: SlotRecord) {
        id = record.slot
        variation = record.standIn ?? record.variation
        model = record.model
        parents = record.parents
        formula = record.source.flatMap { CandidateCard.formula(of: $0) }
        gain = record.verdict.score?.gain
    }

    /// "874  model-edit (smollm2-135m) of 419  +0.41 dB [+0.02, +0.80]".
    package var words: String {
        "\(id)  \(variation)" + (model.map { " (\($0))" } ?? "")
            + (parents.isEmpty ? "" : " of \(parents.map(String.init).joined(separator: ", "))")
            + (gain.map { "  \(Figures.estimate($0))" } ?? "")
    }
}

/// A `Lineage` in words.
package enum LineageText {
    package static func render(_ lineage: Lineage, _ ink: Ink = .plain) -> String {
        var lines = [ink.dim("gains: first scores over GELU, 95 % intervals; cost: operations per element"), ""]
        for (place, step) in lineage.steps.enumerated() {
            lines += branch(step.branches, ink)
            let others = step.parents.dropLast().map(String.init).joined(separator: ", ")
            let stem = place == 0 ? "" : "└ "
            var head = ink.heading("\(step.id)")
            head += "  \(step.variation)" + (step.model.map { " (\($0))" } ?? "")
            head += (others.isEmpty ? "" : " with \(others)") + ", \(step.island)"
            // A first score is not coloured: whoever was chosen by it looks too good.
            head += "  " + (step.gain.map { Figures.estimate($0) } ?? step.verdict)
            if let cost = step.cost { head += ", cost \(Figures.cost(cost))" }
            lines += Wrapping.lines(head, first: stem, then: place == 0 ? "" : "  ")
            if let idea = step.idea {
                lines += Wrapping.lines("“\(Ink.legible(idea))”", first: margin, then: margin).map { ink.dim($0) }
            }
            if let formula = step.formula { lines += Wrapping.lines(formula, first: margin, then: margin + "  ") }
            if place == 0, let source = step.source { lines += Wrapping.source(source, indent: 6) }
            lines += step.changes.flatMap { change in
                Wrapping.source(change.text, indent: 6).map { line in
                    margin + change.sign + line.dropFirst(margin.count + 1)
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static let margin = "    "

    /// What lent a part, and what it comes from.
    private static func branch(_ ancestors: [Lineage.Ancestor], _ ink: Ink) -> [String] {
        ancestors.flatMap { ancestor in
            Wrapping.lines(ancestor.words, first: "│ ┌ ", then: "│   ").map { ink.dim($0) }
                + Wrapping.lines(ancestor.formula ?? "", first: "│     ", then: "│       ").map { ink.dim($0) }
        }
    }
}
