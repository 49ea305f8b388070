import EvolveTypes
import Foundation
import Population

/// How numbers are written for people: everywhere the same.
package enum Figures {
    /// A gain with sign and two decimals: "+0.42".
    package static func gain(_ value: Double) -> String { String(format: "%+.2f", value) }

    /// "+0.42 dB [−0.10, +0.94]".
    package static func estimate(_ estimate: Estimate) -> String {
        "\(gain(estimate.mean)) dB \(interval(estimate))"
    }

    /// "+0.42 ± 0.20 dB": posterior mean and standard deviation.
    package static func belief(_ belief: Shrinkage.Belief) -> String {
        String(format: "%+.2f ± %.2f dB", belief.mean, belief.deviation)
    }

    package static func interval(_ estimate: Estimate) -> String {
        "[\(gain(estimate.low)), \(gain(estimate.high))]"
    }

    /// A multiple of something: "0.25×", "1×".
    package static func multiple(_ value: Double) -> String { String(format: "%g×", value) }

    /// "= 0.032", "< 0.001".
    package static func probability(_ value: Double) -> String {
        value < 0.001 ? "< 0.001" : String(format: "= %.3f", value)
    }

    /// A loss with four digits: "0.01234".
    package static func loss(_ value: Double) -> String { String(format: "%.4g", value) }

    /// A share as a percentage without its sign: "93.4".
    package static func share(_ value: Double) -> String { String(format: "%.1f", 100 * value) }

    package static func cost(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
    }

    /// "$0.0042", "$12.30".
    package static func dollars(_ value: Double) -> String {
        String(format: value > 0 && value < 0.1 ? "$%.4f" : "$%.2f", value)
    }

    /// The shortest spelling of a number: "0.1", "2".
    package static func plain(_ value: Double) -> String { String(format: "%g", value) }

    package static func rate(_ value: Double) -> String { String(format: value < 10 ? "%.1f" : "%.0f", value) }

    /// "1 seed", "1,234 seeds".
    package static func count(_ value: Int, _ noun: String) -> String {
        "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
    }

    /// "1,234,567".
    package static func count(_ value: Int) -> String {
        let digits = Array(String(abs(value)))
        let grouped = digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
        }
        return (value < 0 ? "-" : "") + grouped.joined()
    }

    /// "48 s", "3 min 07 s", "2 h 05 min".
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
        return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
    }
}
