/// What a person, or a model, probably meant.
package enum NearestName {
    /// The candidate with the fewest edits, at most a third of the name's length (one edit is always allowed); ties go
    /// to the first in alphabetical order. Names of more than 40 bytes have none.
    package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wrong = Array(name.lowercased().utf8)
        guard wrong.count <= 40 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in Set(candidates).sorted() {
            let distance = distance(wrong, Array(candidate.lowercased().utf8))
            if distance <= max(1, (wrong.count + 1) / 3), distance < min(wrong.count, best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// "; did you mean 'ring'?", or else the whole list, for the end of a message.
    package static func hint(_ name: String, among candidates: [String], noun: String) -> String {
        if let nearest = of(name, among: candidates) { return "; did you mean '\(nearest)'?" }
        return candidates.isEmpty ? "; there are none" : "; \(noun): \(candidates.joined(separator: ", "))"
    }

    /// Edits between two spellings: insertion, deletion, replacement, exchange of neighbours
    /// (restricted Damerau–Levenshtein distance).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var edits = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, beforeLast[j - 1] + 1) }
                row.append(edits)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
