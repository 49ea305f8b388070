import Foundation

/// The standard normal distribution.
package enum Normal {
    package static func density(_ x: Double) -> Double { exp(-0.5 * x * x) / (2 * Double.pi).squareRoot() }

    /// The x below which a share lies, by bisection of erfc; the share is in (0, 1).
    package static func quantile(_ share: Double) -> Double {
        var (low, high) = (-10.0, 10.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
