/// A reproducible stream of random numbers, named by a key instead of by the order of use.
///
/// Two streams with different keys are independent; the same key always gives the same stream, on every machine.
/// So the order in which workers run can never change what a slot draws.
/// Generator: xoshiro256** (Blackman and Vigna 2018), seeded with the SHA-256 of the key.
package struct RandomStream: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter key: the parts of the name, for example `[runSeed, island, slot, "mutation"]`.
    package init(key: [String]) {
        // A separator that no part can contain unescaped keeps ["ab", "c"] and ["a", "bc"] apart.
        let text = key.map { "\($0.utf8.count):\($0)" }.joined(separator: "/")
        let bytes = Digest.sha256(text.utf8)
        func word(_ index: Int) -> UInt64 {
            bytes[(8 * index)..<(8 * index + 8)].reduce(0) { ($0 << 8) | UInt64($1) }
        }
        state = (word(0), word(1), word(2), word(3) | 1)
    }

    package mutating func next() -> UInt64 {
        func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { (value << count) | (value >> (64 - count)) }
        let result = rotate(state.1 &* 5, 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, 45)
        return result
    }

    /// Uniform in [0, 1), with 53 random bits.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in 0 ..< count; `count` is positive.
    package mutating func index(below count: Int) -> Int {
        precondition(count > 0, "index(below:) needs at least one choice")
        return Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// The elements in an order of which all are equally likely (Fisher and Yates). The standard library's own may change
    /// with its version.
    package mutating func shuffle<Element>(_ elements: some Sequence<Element>) -> [Element] {
        var result = Array(elements)
        for last in result.indices.dropFirst().reversed() { result.swapAt(last, index(below: last + 1)) }
        return result
    }

    /// One element, each equally likely; nil when there is none.
    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[index(below: elements.count)]
    }

    /// An index drawn in proportion to `weights` (none negative); nil when they sum to zero.
    package mutating func pick(weights: [Double]) -> Int? {
        let total = weights.reduce(0, +)
        guard total > 0 else { return nil }
        var left = uniform() * total
        for (index, weight) in weights.enumerated() where weight > 0 {
            left -= weight
            if left < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 }
    }
}
