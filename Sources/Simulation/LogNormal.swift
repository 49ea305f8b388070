import EvolveTypes
import Foundation

/// A time whose logarithm is normally distributed.
package struct LogNormal: Codable, Hashable, Sendable {
    /// Seconds.
    package var median: Double
    /// Standard deviation of the natural logarithm.
    package var sigma: Double

    package init(median: Double, sigma: Double) {
        self.median = median
        self.sigma = sigma
    }

    func draw(_ stream: inout RandomStream) -> Double { median * exp(sigma * stream.normal()) }
}

extension RandomStream {
    /// A standard normal number (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * Double.pi * uniform())
    }

    /// - Parameter mean: of an exponential distribution.
    mutating func exponential(mean: Double) -> Double { -mean * log(1 - uniform()) }
}
