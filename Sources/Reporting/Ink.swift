import EvolveTypes

/// Weight and colour for a terminal. They repeat what the words say: a text means the same without them.
package struct Ink: Sendable {
    private let isOn: Bool

    package static let plain = Ink(isOn: false)
    package static let coloured = Ink(isOn: true)

    private init(isOn: Bool) { self.isOn = isOn }

    /// - Parameters:
    ///   - isTerminal: whether the text goes to one.
    ///   - environment: NO_COLOR with any value (no-color.org), and TERM=dumb, want none.
    package init(isTerminal: Bool, environment: [String: String]) {
        let isUnwanted = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        isOn = isTerminal && !isUnwanted
    }

    package func heading(_ text: String) -> String { styled(text, "1") }

    /// What is there to be looked up, not to be read first.
    package func dim(_ text: String) -> String { styled(text, "2") }

    /// Green where there surely is a gain, red where there surely is a loss.
    package func gain(_ text: String, _ estimate: Estimate) -> String {
        estimate.low > 0 ? better(text) : estimate.high < 0 ? worse(text) : text
    }

    /// A gain with its interval.
    package func estimate(_ estimate: Estimate) -> String { gain(Figures.estimate(estimate), estimate) }

    package func better(_ text: String) -> String { styled(text, "32") }

    package func worse(_ text: String) -> String { styled(text, "31") }

    private func styled(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Columns that a text takes on a terminal.
    static func width(_ text: String) -> Int {
        guard text.utf8.contains(0x1B) else { return text.count }
        var (count, isInside) = (0, false)
        for character in text {
            if character == "\u{1B}" {
                isInside = true
            } else if isInside {
                isInside = character != "m"
            } else {
                count += 1
            }
        }
        return count
    }
}
