/// Tokens of a `Delta` in words that a model can follow, free of the particular function.
enum TokenWords {
    /// "adding sin", "making it cheaper": behind "Prefer" or "Avoid".
    static func doing(_ token: String) -> String {
        if let words = fixed[token] { return words }
        let parts = token.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let slope = slopes[String(parts[1])] {
            return parts[0] == "left"
                ? "\(slope.becoming) for large negative x" : "\(slope.becoming) for large positive x"
        }
        let name = String(token.dropFirst())
        return (token.hasPrefix("+") ? "adding " : "removing ") + (name.contains("(") ? piece(name) : name)
    }

    /// "that is monotone", "that has sin": behind "a parent".
    static func being(_ token: String) -> String {
        if let words = conditions[token] { return words }
        let parts = token.split(separator: ":", maxSplits: 1)
        if parts.count == 2, let slope = slopes[String(parts[1])] {
            return "that \(slope.being) for large \(parts[0] == "left" ? "negative" : "positive") x"
        }
        return "that has \(token)"
    }

    /// "multiply(sin, x)" as "sin times x".
    private static func piece(_ motif: String) -> String {
        let parts = motif.split { "(), ".contains($0) }.map(String.init)
        guard let operation = parts.first else { return motif }
        let operands = parts.dropFirst().map { names[$0] ?? $0 }
        if let infix = infixes[operation], operands.count == 2 { return operands.joined(separator: " \(infix) ") }
        return "\(names[operation] ?? operation) of \(operands.joined(separator: " and "))"
    }

    private static let infixes = [
        "multiply": "times", "add": "plus", "subtract": "minus", "divide": "over", "less": "below",
        "lessEqual": "at most", "equal": "equal to",
    ]

    private static let names = [
        "c": "a number", "p": "a trained number", "multiply": "a product", "add": "a sum", "subtract": "a difference",
        "divide": "a quotient", "negate": "minus", "select": "a choice", "fusedMultiplyAdd": "a sum",
        "squareRoot": "a square root", "cubeRoot": "a cube root",
    ]

    private static let slopes: [String: (becoming: String, being: String)] = [
        "falling": ("making it fall", "falls"), "flat": ("making it flat", "is flat"),
        "gentle": ("giving it a slope of about a half", "has a slope of about a half"),
        "unit": ("giving it a slope of about 1", "has a slope of about 1"),
        "steep": ("giving it a slope above 1", "has a slope above 1"),
    ]

    private static let fixed = [
        "+trained": "making a number trainable", "-trained": "replacing trainable numbers by fixed ones",
        "+waves": "adding waves that go on for large x", "-waves": "ending waves for large x",
        "+bounded": "making it bounded", "-bounded": "making it unbounded",
        "+odd": "making it odd", "-odd": "making it no longer odd",
        "+even": "making it even", "-even": "making it no longer even",
        "+zero": "making it 0 at 0", "-zero": "moving it away from 0 at 0",
        "+monotone": "removing all turning points", "-monotone": "adding a first turning point",
        "turns:more": "adding turning points", "turns:fewer": "removing turning points",
        "cost:up": "making it dearer", "cost:down": "making it cheaper",
        "size:up": "making its values larger", "size:down": "making its values smaller",
        "step:small": "changing its values little", "step:large": "changing its values much",
        "numbers": "changing nothing but numbers",
    ]

    private static let conditions = [
        "trained": "with trainable numbers", "waves": "with waves for large x", "bounded": "that is bounded",
        "odd": "that is odd", "even": "that is even", "zero": "that is 0 at 0", "monotone": "that is monotone",
        "turning": "with turning points", "dear": "of over 60 operations", "cheap": "of under 16 operations",
    ]
}
