import Foundation

/// How a function leaves on one side, found by evaluating it from |x| = 512 to 8,192.
package struct FunctionTail: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// Approaches a constant.
        case limit
        /// Approaches a line.
        case line
        /// Swings for ever: about a line, if it has one, by so much at most.
        case oscillates
        /// Like a power of |x|.
        case power
        /// Like a multiple of ln |x|.
        case logarithm
        /// None of these.
        case other
    }

    package var kind: Kind
    /// Of the line; 0 for a limit.
    package var slope: Double?
    /// The limit, or what the line adds.
    package var offset: Double?
    package var exponent: Double?
    /// Of what oscillates.
    package var amplitude: Double?
    /// Of the logarithm.
    package var factor: Double?

    /// - Parameters:
    ///   - sign: −1 = towards −∞, 1 = towards +∞.
    ///   - value: f of each x.
    init(_ sign: Double, _ value: ([Double]) -> [Double]) {
        kind = .other
        let (near, far) = (Stretch(512...1_024, sign, value), Stretch(4_096...8_192, sign, value))
        let doubling = value((9...13).map { sign * pow(2, Double($0)) })
        guard let near, let far, doubling.allSatisfy(\.isFinite) else { return }
        if far.crossings > 10 {
            swing(near, far)
            return
        }
        let slopes = zip(doubling.dropFirst(), doubling).enumerated().map { place, pair in
            sign * (pair.0 - pair.1) / pow(2, Double(place + 9))
        }
        let (slope, before) = (slopes[slopes.count - 1], slopes[slopes.count - 2])
        let isFlat = abs(slope) < 1e-6
        if isFlat || abs(slope - before) <= 1e-4 * abs(slope) {
            let m = isFlat ? 0 : (abs(slope - slope.rounded()) < 1e-4 * abs(slope) ? slope.rounded() : slope)
            let rest = zip(doubling, 9...13).map { $0 - m * sign * pow(2, Double($1)) }
            if let limit = Self.limit(rest) {
                (kind, self.slope, offset) = (isFlat ? .limit : .line, m, limit)
                return
            }
        }
        let steps = zip(doubling.dropFirst(), doubling).map { $0 - $1 }
        if let last = steps.last, let first = steps.first, abs(last) > 1e-9, abs(last - first) < 0.02 * abs(last) {
            (kind, factor) = (.logarithm, last / log(2))
            return
        }
        let exponents = zip(doubling.dropFirst(), doubling).map { log2(abs($0 / $1)) }
        guard let last = exponents.last, let first = exponents.first, last.isFinite, abs(last - first) < 0.05,
            abs(last) > 0.02
        else { return }
        (kind, exponent) = (.power, last)
    }

    private mutating func swing(_ near: Stretch, _ far: Stretch) {
        kind = .oscillates
        // Ever wider, or about no line: only that it swings is said.
        guard far.amplitude < 1.5 * near.amplitude, abs(far.slope - near.slope) < 1e-2 * max(0.1, abs(far.slope)) else {
            return
        }
        let (m, c) = (abs(far.slope) < 1e-4 ? 0 : far.slope, far.offset)
        (slope, offset, amplitude) = (m, c, far.amplitude)
    }

    /// Of values at doubled distances, each step between them a share of the one before it (Aitken's extrapolation); nil where
    /// they do not come to one.
    private static func limit(_ values: [Double]) -> Double? {
        let (a, b, c) = (values[values.count - 3], values[values.count - 2], values[values.count - 1])
        let (first, second) = (b - a, c - b)
        if abs(second) <= 1e-9 * (1 + abs(c)) { return c }
        let ratio = second / first
        guard ratio.isFinite, abs(ratio) < 0.9 else { return nil }
        let limit = c + second * ratio / (1 - ratio)
        return abs(limit) < 1e-9 ? 0 : limit
    }
}

/// A function on a stretch, at irregular points, so that no period hides between them, against its line of least squares.
private struct Stretch {
    var slope: Double
    var offset: Double
    /// The largest distance from the line.
    var amplitude: Double
    /// How often it changes the side of the line.
    var crossings: Int

    private static let count = 1_500

    /// nil where it is not finite.
    init?(_ range: ClosedRange<Double>, _ sign: Double, _ value: ([Double]) -> [Double]) {
        let golden = (5.0.squareRoot() - 1) / 2
        let x = (0..<Self.count).map { place in
            sign
                * (range.lowerBound + (range.upperBound - range.lowerBound)
                    * (Double(place) * golden).truncatingRemainder(dividingBy: 1))
        }.sorted()
        let y = value(x)
        guard y.allSatisfy(\.isFinite) else { return nil }
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
        let variance = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
        slope = covariance / variance
        offset = meanY - slope * meanX
        var (widest, changes, last) = (0.0, 0, 0.0)
        let noise = 1e-9 * (1 + abs(meanY))
        for (x, y) in zip(x, y) {
            let distance = y - slope * x - offset
            widest = max(widest, abs(distance))
            guard abs(distance) > noise else { continue }
            if distance * last < 0 { changes += 1 }
            last = distance
        }
        (amplitude, crossings) = (widest, changes)
    }
}
