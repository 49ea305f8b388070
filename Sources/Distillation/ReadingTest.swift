/// Four kinds of change, one of which an instruction is to speak of: whoever reads the instruction has to say which.
///
/// One of the others is the opposite, for that is the mistake that would do most harm.
struct ReadingTest {
    /// Where the right one stands. Who guesses passes both in one of sixteen.
    static let orders = [1, 2]
    /// GBNF, for models that can be held to it.
    static let grammar = "root ::= [A-D]\n"

    private static let letters = ["A", "B", "C", "D"]
    private static let others = ["turns:more", "size:down", "+odd", "numbers", "+trained", "-trained", "+bounded"]

    private let options: [String]
    private let right: Int

    /// - Parameter order: the right one's place.
    init(_ pattern: Pattern, _ order: Int) {
        let opposite = pattern.changes.compactMap(Self.opposite)
        let known = Set(pattern.changes + opposite)
        var wrong = Self.others.filter { !known.contains($0) }.map { [$0] }
        if !opposite.isEmpty { wrong.insert(opposite, at: 0) }
        var options = wrong.prefix(Self.letters.count - 1).map(Templates.together)
        options.insert(Templates.together(pattern.changes), at: order)
        (self.options, right) = (options, order)
    }

    var list: String {
        zip(Self.letters, options).map { "\($0): \($1)" }.joined(separator: "\n")
    }

    /// The first letter that stands alone counts.
    func isPassed(by answer: String) -> Bool {
        let words = answer.split { !$0.isLetter }.map(String.init)
        return words.first(where: Self.letters.contains) == Self.letters[right]
    }

    /// A change that goes the other way; nil = there is none.
    private static func opposite(_ token: String) -> String? {
        let pairs = [("up", "down"), ("small", "large"), ("more", "fewer"), ("flat", "steep")]
        let parts = token.split(separator: ":").map(String.init)
        if parts.count == 2 {
            if let end = pairs.first(where: { $0.0 == parts[1] })?.1 { return "\(parts[0]):\(end)" }
            if let end = pairs.first(where: { $0.1 == parts[1] })?.0 { return "\(parts[0]):\(end)" }
            return "\(parts[0]):\(parts[1] == "unit" ? "flat" : "unit")"
        }
        switch token.first {
        case "+": return "-" + token.dropFirst()
        case "-": return "+" + token.dropFirst()
        default: return nil
        }
    }
}
