import EvolveTypes

/// Why proposals came to nothing, and how often: by verdict, what the refusal says first, without its numbers.
///
/// Verdicts that say all by their name (raced out, duplicate, too costly) are not in it. As large after a million slots as after a
/// thousand: where there are too many different words, the rare ones are counted together.
package struct ComplaintTally: Codable, Hashable, Sendable {
    /// What the rare ones are counted under.
    package static let others = "other reasons"

    /// Verdict name → reason → proposals.
    package private(set) var counts: [String: [String: Int]] = [:]

    private static let most = 64
    private static let kept = 32

    package init() {}

    package mutating func add(_ verdict: Verdict) {
        guard let words = verdict.complaint.map(Self.essence) else { return }
        counts[verdict.name, default: [:]][words, default: 0] += 1
        guard let known = counts[verdict.name], known.count > Self.most else { return }
        let named = known.filter { $0.key != Self.others }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var fewer = Dictionary(uniqueKeysWithValues: named.prefix(Self.kept).map { ($0.key, $0.value) })
        fewer[Self.others] = (known[Self.others] ?? 0) + named.dropFirst(Self.kept).reduce(0) { $0 + $1.value }
        counts[verdict.name] = fewer
    }

    /// "The value is not finite in float32" of "The value is not finite in float32: it is inf at x = 20. It must …", so that
    /// like ones are counted together.
    static func essence(_ reason: String) -> String {
        let ends = [": ", "; ", ". "].compactMap { reason.range(of: $0)?.lowerBound }
        let first = reason[..<(ends.min() ?? reason.endIndex)]
        return first.split(separator: " ").map { word in
            let end = word.hasSuffix(",") || word.hasSuffix(".") ? word.suffix(1) : ""
            return Double(word.dropLast(end.count)) == nil ? word : "…" + end
        }.joined(separator: " ")
    }
}

extension Verdict {
    /// nil where the verdict's name says all.
    fileprivate var complaint: String? {
        switch self {
        case .scored, .retested, .racedOut, .tooCostly, .duplicate: nil
        case .refused(let diagnostics): diagnostics.first?.message
        case .unsound(let reason), .diverged(let reason), .crashed(let reason), .timedOut(let reason),
            .unanswered(let reason):
            reason
        }
    }
}
