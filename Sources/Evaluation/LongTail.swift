import EvolveTypes
import Foundation

/// Classification where a few classes have most of the examples: class k occurs in proportion to k^−exponent (Zipf).
///
/// Classes are numbered by their frequency. The first third of them (rounded down, at least one) is the head, the last
/// third the tail, what is between the middle. Training and in-distribution test have these frequencies, each class
/// at least once in training; out of distribution are examples of the tail alone, in equal numbers: what a mean over
/// all examples hides.
package struct LongTail: Codable, Hashable, Sendable {
    package enum Shape: String, Codable, CaseIterable, Sendable {
        /// Each class is a mixture of three normal distributions with standard deviation `spread` per coordinate, centres
        /// uniform in [−1, 1] per coordinate.
        case clusters
        /// Two inputs. Class k of K is an arm that winds three quarters of a turn from radius 0.1 to 1, beginning at k/K of
        /// a turn; uniform along the angle, with normal noise of standard deviation `spread` per coordinate.
        case spirals
    }

    package var shape: Shape
    package var classes: Int
    package var inputs: Int
    /// 0 = all classes equally often.
    package var exponent: Double
    package var spread: Double
    package var seed: UInt64

    package init(shape: Shape, classes: Int, inputs: Int, exponent: Double, spread: Double, seed: UInt64) {
        self.shape = shape
        self.classes = classes
        self.inputs = inputs
        self.exponent = exponent
        self.spread = spread
        self.seed = seed
    }

    package static let centresPerClass = 3

    package enum Group: UInt8, CaseIterable, Sendable { case head = 0, middle, tail }

    package func group(of label: Int) -> Group {
        let third = max(1, classes / 3)
        return label < third ? .head : label >= classes - third ? .tail : .middle
    }

    /// A labelled example.
    package struct Example: Sendable {
        package var point: [Double]
        package var label: Int
    }

    package struct Sets: Sendable {
        package var train: [Example]
        package var inDistribution: [Example]
        package var outOfDistribution: [Example]
    }

    /// - Throws: `Failure(.badInput)` when the numbers are out of range, or there are fewer training points than classes.
    package func sets(_ points: SuitePolicy.Points) throws -> Sets {
        guard (2...100).contains(classes), (1...40).contains(inputs), shape == .clusters || inputs == 2,
            (0...10).contains(exponent), spread > 0, spread <= 10
        else { throw Failure(.badInput, "a number of the long-tail task is out of its range") }
        guard points.train >= classes else {
            throw Failure(.badInput, "\(points.train) training points cannot show \(classes) classes")
        }
        var random = RandomStream(
            key: ["long-tail", shape.rawValue, "\(classes)", "\(inputs)", "\(exponent)", "\(spread)", "\(seed)"])
        let centres = (0..<classes).map { _ in
            (0..<Self.centresPerClass).map { _ in (0..<inputs).map { _ in 2 * random.uniform() - 1 } }
        }
        let tail = (0..<classes).filter { group(of: $0) == .tail }
        func draw(_ labels: [Int]) -> [Example] {
            random.shuffle(labels).map { Example(point: point(of: $0, centres, &random), label: $0) }
        }
        return Sets(
            train: draw(labels(points.train, atLeast: 1)),
            inDistribution: draw(labels(points.inDistribution, atLeast: 0)),
            outOfDistribution: draw((0..<points.outOfDistribution).map { tail[$0 % tail.count] }))
    }

    /// So many labels in Zipf's proportions, the largest remainders rounded up.
    private func labels(_ count: Int, atLeast least: Int) -> [Int] {
        let weights = (1...classes).map { pow(Double($0), -exponent) }
        let total = weights.reduce(0, +)
        let shares = weights.map { $0 / total * Double(count - least * classes) }
        var counts = shares.map { least + Int($0) }
        let byRemainder = shares.indices.sorted {
            let (a, b) = (shares[$0] - shares[$0].rounded(.down), shares[$1] - shares[$1].rounded(.down))
            return a != b ? a > b : $0 < $1
        }
        for label in byRemainder.prefix(count - counts.reduce(0, +)) { counts[label] += 1 }
        return counts.enumerated().flatMap { Array(repeating: $0, count: $1) }
    }

    private func point(of label: Int, _ centres: [[[Double]]], _ random: inout RandomStream) -> [Double] {
        switch shape {
        case .clusters:
            let centre = centres[label][random.index(below: Self.centresPerClass)]
            return centre.map { $0 + spread * random.normal() }
        case .spirals:
            let along = random.uniform()
            let angle = 2 * Double.pi * (Double(label) / Double(classes) + 0.75 * along)
            let radius = 0.1 + 0.9 * along
            return [radius * cos(angle) + spread * random.normal(), radius * sin(angle) + spread * random.normal()]
        }
    }
}
