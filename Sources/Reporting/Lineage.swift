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
        /// Lines of its source that its parent does not have (+), and the other way round (−).
        package var changes: [Change]
        package var source: String?
    }

    package struct Change: Codable, Hashable, Sendable {
        package var sign: String
        package var text: String
    }

    /// The seed program first.
    package var steps: [Step]

    package init(of id: CandidateID, in run: RunReader) throws {
        var record = try run.record(of: id)
        var records = [record]
        while let parent = record.parents.last {
            record = try run.record(of: parent)
            records.append(record)
        }
        records.reverse()
        steps = records.enumerated().map { place, record in
            let before = place > 0 ? records[place - 1].source : nil
            return Step(
                id: record.slot, island: record.island, variation: record.standIn ?? record.variation,
                model: record.model, parents: record.parents, idea: record.idea,
                formula: record.source.flatMap { CandidateCard.formula(of: $0) }, cost: record.cost,
                verdict: record.verdict.name,
                gain: record.verdict.score?.gain, changes: Self.changes(from: before, to: record.source),
                source: record.source)
        }
    }

    /// What has to be taken away and put in, in the order of the lines.
    static func changes(from before: String?, to after: String?) -> [Change] {
        func lines(_ text: String?) -> [String] {
            (text ?? "").split(separator: "\n").map { String($0) }.filter { !$0.allSatisfy(\.isWhitespace) }
        }
        let (old, new) = (lines(before), lines(after))
        guard before != nil else { return [] }
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

/// A `Lineage` in words.
package enum LineageText {
    package static func render(_ lineage: Lineage, _ ink: Ink = .plain) -> String {
        var lines: [String] = []
        for (place, step) in lineage.steps.enumerated() {
            let others = step.parents.dropLast().map(String.init).joined(separator: ", ")
            var head = (place == 0 ? "" : "└ ") + ink.heading("\(step.id)")
            head += "  \(step.variation)" + (step.model.map { " (\($0))" } ?? "")
            head += (others.isEmpty ? "" : " with \(others)") + ", \(step.island)"
            head += "  " + (step.gain.map { Figures.estimate($0) } ?? step.verdict)
            if let cost = step.cost { head += ", cost \(Figures.cost(cost))" }
            lines.append(head)
            if let idea = step.idea { lines.append(ink.dim("    “\(idea)”")) }
            if let formula = step.formula { lines.append("    \(formula)") }
            if place == 0, let source = step.source {
                lines += source.split(separator: "\n").map { "      " + $0 }
            }
            lines += step.changes.map { "    \($0.sign) \($0.text)" }
        }
        return lines.joined(separator: "\n")
    }
}
