/// "Did you mean": the valid name nearest to a wrong one.
enum NameSuggestion {
    /// Ready to be appended to a message.
    static func hint(for name: String, among names: some Sequence<String>, otherwise: String) -> String {
        if let meaning = RefusedNames.meanings[name] { return "; write \(meaning)" }
        return nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? otherwise
    }

    /// The candidate with the fewest edits, at most a third of the name's length; ties go to the first in order.
    static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let wrong = Array(name.lowercased().utf8)
        guard wrong.count <= 40 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in Set(names).sorted() {
            let distance = distance(wrong, Array(candidate.lowercased().utf8))
            if distance <= max(1, wrong.count / 3), distance < min(wrong.count, best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        return best?.name
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
