extension String {
    /// With true minus signs, and no line break within a figure: "−0.28 dB [−1.10, +0.55]".
    ///
    /// For texts of ours; sources, formulas and commands stay as they are.
    var typeset: String {
        guard contains(where: { $0 == "-" || $0 == " " }) else { return self }
        var text = ""
        var (before, place) = (Character(" "), startIndex)
        while place < endIndex {
            let character = self[place]
            let next = index(after: place)
            let after = next < endIndex ? self[next] : " "
            if character == "-", after.isASCII, after.isNumber, !before.isLetter, !before.isNumber, before != "-" {
                text.append("−")
            } else if character == " ", isWithinFigure(before, after, next) {
                text.append("\u{A0}")
            } else {
                text.append(character)
            }
            (before, place) = (character, next)
        }
        return text
    }

    private func isWithinFigure(_ before: Character, _ after: Character, _ next: Index) -> Bool {
        if "±=<".contains(before) || "±=<".contains(after) || before == "×" { return true }
        guard before.isNumber || before == "," else { return false }
        // A unit behind its number, or the second number of an interval.
        let word = self[next...].prefix { !$0.isWhitespace && !",.;:)".contains($0) }
        return before == "," ? (after == "+" || after == "-") : Self.units.contains(String(word))
    }

    private static let units: Set<String> = ["dB", "%", "min", "h", "s", "×"]

    /// At most so many characters: what a model wrote may be endless.
    func cut(to most: Int) -> String { count <= most ? self : prefix(most) + " …" }
}
