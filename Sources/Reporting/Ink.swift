import Engine
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

    /// In its own words.
    package func finding(_ finding: Finding) -> String {
        switch finding {
        case .better: better(finding.rawValue)
        case .worse: worse(finding.rawValue)
        case .notShownToBeBetter: finding.rawValue
        }
    }

    package func better(_ text: String) -> String { styled(text, "32") }

    package func worse(_ text: String) -> String { styled(text, "31") }

    private func styled(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// A text of others, of a model or of whoever made a store, without anything that would steer a terminal or turn the
    /// direction of reading: such characters become "�". Line breaks and tabs stay.
    package static func legible(_ text: String) -> String {
        func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n" && scalar != "\t"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: true
            default: false
            }
        }
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmful($0) ? "\u{FFFD}" : $0 }))
    }

    /// Columns that a text takes on a terminal.
    package static func width(_ text: String) -> Int {
        // Most texts are all of one kind.
        guard text.utf8.contains(where: { $0 == 0x1B || $0 >= 0xE1 }) else { return text.count }
        var (count, isInside) = (0, false)
        for character in text {
            if character == "\u{1B}" {
                isInside = true
            } else if isInside {
                isInside = character != "m"
            } else {
                count += character.unicodeScalars.first.map(isWide) == true ? 2 : 1
            }
        }
        return count
    }

    /// East Asian characters and emoji (Unicode Standard Annex 11, "wide").
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
