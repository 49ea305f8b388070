import EvolveTypes

/// A random function made of pieces: the sum over the inputs of one function of each.
///
/// The pieces of one input meet at breakpoints that are uniform in [−1.5, 1.5], beyond the training range, too. Constant
/// pieces have standard normal heights. Linear pieces have standard normal slopes and meet without a jump, except at
/// `jumps` of the breakpoints, chosen at random, where a standard normal height is added.
package struct Piecewise: Codable, Hashable, Sendable {
    package enum Form: String, Codable, CaseIterable, Sendable { case constant, linear }

    package var form: Form
    package var inputs: Int
    /// Per input.
    package var pieces: Int
    /// Per input, at most pieces − 1; constant pieces jump at every breakpoint.
    package var jumps: Int
    package var seed: UInt64

    package init(form: Form, inputs: Int, pieces: Int, jumps: Int, seed: UInt64) {
        self.form = form
        self.inputs = inputs
        self.pieces = pieces
        self.jumps = jumps
        self.seed = seed
    }

    /// One input's function: piece i is height + slope · (x − breaks[i − 1]) up to breaks[i].
    private struct Curve: Sendable {
        var breaks: [Double]
        var heights: [Double]
        var slopes: [Double]

        func value(_ x: Double) -> Double {
            let piece = breaks.firstIndex { x < $0 } ?? breaks.count
            let begin = piece == 0 ? -1.5 : breaks[piece - 1]
            return heights[piece] + slopes[piece] * (x - begin)
        }
    }

    package func function() -> @Sendable ([Double]) -> Double {
        var random = RandomStream(key: ["piecewise", form.rawValue, "\(inputs)", "\(pieces)", "\(jumps)", "\(seed)"])
        let curves = (0..<inputs).map { _ in curve(&random) }
        return { point in zip(curves, point).reduce(0) { $0 + $1.0.value($1.1) } }
    }

    private func curve(_ random: inout RandomStream) -> Curve {
        let breaks = (1..<pieces).map { _ in 3 * random.uniform() - 1.5 }.sorted()
        if form == .constant {
            return Curve(
                breaks: breaks, heights: (0..<pieces).map { _ in random.normal() }, slopes: breaks.map { _ in 0 } + [0])
        }
        let slopes = (0..<pieces).map { _ in random.normal() }
        let jumping = Set(random.shuffle(breaks.indices).prefix(jumps))
        var heights = [random.normal()]
        for (index, end) in breaks.enumerated() {
            let begin = index == 0 ? -1.5 : breaks[index - 1]
            let jump = jumping.contains(index) ? random.normal() : 0
            heights.append(heights[index] + slopes[index] * (end - begin) + jump)
        }
        return Curve(breaks: breaks, heights: heights, slopes: slopes)
    }
}
