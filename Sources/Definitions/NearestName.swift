/// What a person probably meant.
package enum NearestName {
    /// The candidate with the smallest edit distance (Levenshtein 1966), if at most a third of the name differs;
    /// of equally near ones, the first.
    package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        var nearest: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(Array(name.lowercased()), Array(candidate.lowercased()))
            if distance < nearest?.distance ?? max(2, (name.count + 5) / 3) { nearest = (candidate, distance) }
        }
        return nearest?.name
    }

    /// "; did you mean 'ring'?", or else the whole list, for the end of a message.
    package static func hint(_ name: String, among candidates: [String], noun: String) -> String {
        if let nearest = of(name, among: candidates) { return "; did you mean '\(nearest)'?" }
        return candidates.isEmpty ? "; there are none" : "; \(noun): \(candidates.joined(separator: ", "))"
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (character == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
