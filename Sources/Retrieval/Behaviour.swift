import ActivationIR

/// What a function does to standard normal pre-activations: f and f′ at the middles of 64 shares that are equally likely.
///
/// The distance of two behaviours is the root mean square of f − g and f′ − g′ together.
package struct Behaviour: Hashable, Sendable {
    /// Of the points, of what is read at them, and of the embedding made of that. Raised whenever one of these changes:
    /// whatever was kept under another number is made again.
    package static let version = 1
    /// Pre-activations, ascending.
    package static let points: [Double] = (0..<64).map { Normal.quantile((Double($0) + 0.5) / 64) }
    /// Numbers in a curve.
    package static let length = 2 * points.count
    /// Root mean square up to which a behaviour is one: its square has a place in float32.
    static let largest = 1e15

    /// [2 × 64] f, then f′.
    package let curve: [Float]

    /// - Parameter curve: [2 × 64] f, then f′.
    /// - Returns: nil where that is not finite, or too large.
    package init?(curve: [Float]) {
        precondition(curve.count == Self.length, "f and f′ at \(Self.points.count) points")
        let square = curve.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(Self.points.count)
        guard square <= Self.largest * Self.largest else { return nil }
        self.curve = curve
    }

    /// - Parameter program: verified, output y first; parameters are at their initial values.
    /// - Returns: nil for a program that reads its layer, and for one that is not finite at all points.
    package init?(of program: Program) {
        guard !program.readsLayer, let output = program.outputs.first else { return nil }
        let slopes = Slopes(program, inputs: Self.points)
        guard let behaviour = Self(slopes, of: output) else { return nil }
        self = behaviour
    }

    private init?(_ slopes: Slopes, of id: ValueID) {
        guard let values = slopes.values[id], let slope = slopes.slopes[id] else { return nil }
        self.init(curve: (values + slope).map(Float.init))
    }

    /// Of a program's sub-expressions: every value on the way to y that varies with x, but x and y themselves. Those that
    /// are not finite at all points are left out; of equal ones the first is taken.
    package static func parts(of program: Program) -> [(node: ValueID, behaviour: Behaviour)] {
        guard !program.readsLayer, let output = program.outputs.first else { return [] }
        var single = program
        single.outputs = [output]
        let slopes = Slopes(single, inputs: points)
        var seen: Set<Behaviour> = []
        if let whole = Self(slopes, of: output) { seen.insert(whole) }
        return slopes.values.keys.sorted().compactMap { id in
            guard program.nodes[id].op != .input, let part = Self(slopes, of: id), seen.insert(part).inserted else {
                return nil
            }
            return (id, part)
        }
    }

    /// Of f(b·x), whose slope is b·f′(b·x), for each b; nil as for `init(of:)`.
    package static func scaled(_ program: Program, by scales: [Double]) -> [Behaviour?] {
        guard let output = program.outputs.first else { return scales.map { _ in nil } }
        var single = program
        single.outputs = [output]
        let slopes = Slopes(single, inputs: scales.flatMap { scale in points.map { scale * $0 } })
        guard let values = slopes.values[output], let slope = slopes.slopes[output] else {
            return scales.map { _ in nil }
        }
        return scales.indices.map { number in
            let range = number * points.count..<(number + 1) * points.count
            return Behaviour(curve: (values[range] + slope[range].map { scales[number] * $0 }).map(Float.init))
        }
    }

    /// The distance from the function that is 0 with slope 0.
    package var size: Double { square.squareRoot() }

    /// Whether f′ is the same at all points.
    package var isLinear: Bool {
        let slopes = curve[Self.points.count...]
        return slopes.allSatisfy { $0 == slopes.first }
    }

    /// The mean over the points of f² + f′².
    var square: Double { curve.withUnsafeBufferPointer { Curves.product($0, $0) } }

    /// The distance as a share of the size of both, √(|f|² + |g|²): from 0 to √2.
    package func share(to other: Behaviour) -> Double {
        let size = (square + other.square).squareRoot()
        return size > 0 ? distance(to: other) / size : 0
    }

    /// The smallest distance of the other and a·self over all a, as a share of the other's own size: from 0 to 1.
    package func shareUpToScale(to other: Behaviour) -> Double {
        curve.withUnsafeBufferPointer { own in
            other.curve.withUnsafeBufferPointer { Curves.distanceUpToScale(of: $0, from: own).share }
        }
    }

    package func distance(to other: Behaviour) -> Double {
        curve.withUnsafeBufferPointer { a in other.curve.withUnsafeBufferPointer { Curves.distance(a, $0) } }
    }
}

/// Sums over curves, in double precision.
enum Curves {
    /// Root mean square of f − g and f′ − g′ together.
    static func distance(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
        // Four sums, so that a curve takes no longer than it must.
        var sums = SIMD4<Double>.zero
        for place in stride(from: 0, to: Behaviour.length, by: 4) {
            let left = SIMD4<Double>(Double(a[place]), Double(a[place + 1]), Double(a[place + 2]), Double(a[place + 3]))
            let right = SIMD4<Double>(
                Double(b[place]), Double(b[place + 1]), Double(b[place + 2]), Double(b[place + 3]))
            let difference = left - right
            sums += difference * difference
        }
        return (sums.sum() / Double(Behaviour.points.count)).squareRoot()
    }

    /// The smallest distance of e and a·q over all a, as a share of e's own size, from 0 to 1; and that a.
    static func distanceUpToScale(
        of e: UnsafeBufferPointer<Float>, from q: UnsafeBufferPointer<Float>
    ) -> (share: Double, scale: Double) {
        let (own, square) = (product(q, q), product(e, e))
        guard own > 0, square > 0 else { return (own == square ? 0 : 1, 1) }
        let scale = product(q, e) / own
        var rest = 0.0
        for place in 0..<Behaviour.length {
            let difference = Double(e[place]) - scale * Double(q[place])
            rest += difference * difference
        }
        return ((rest / Double(Behaviour.points.count) / square).squareRoot(), scale)
    }

    /// The mean over the points of f·g + f′·g′.
    static func product(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Double {
        var sum = 0.0
        for place in 0..<Behaviour.length { sum += Double(a[place]) * Double(b[place]) }
        return sum / Double(Behaviour.points.count)
    }
}
