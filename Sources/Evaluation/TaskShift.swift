import EvolveTypes

/// How a task's OOD region lies to its training region. The words of a suite file are in brackets.
///
/// | shift | training and in-distribution test | out of distribution |
/// |---|---|---|
/// | [extrapolation] | the target's box | the wider box, at least one coordinate beyond the training box |
/// | [extrapolation-in-all] | the box | the wider box, every coordinate beyond the training box |
/// | [extrapolation-along: k] | the box | coordinate k (from 1) beyond the training box and within the wider one, the others inside |
/// | [gap] | the box without its core | the core: a box about the centre with a third of the volume |
/// | [frequency: m] | f(u·x), u an input of its own in [0.5, 1] | u in (1, m] |
/// | [scale: m] | u·f(x), u an input of its own in [0.5, 1] | u in (1, m] |
/// | [noise: s] | the box | fresh points of the box, whose inputs then get normal noise of s training standard deviations; the target is that of the point without noise |
///
/// All regions but noise's are disjoint from training. On the sphere, extrapolation goes from the band |z| ≤ 0.6 to
/// the caps, and the gap is the band |z| ≤ 1/3, a third of the surface.
package enum TaskShift: Codable, Hashable, Sendable {
    case extrapolation
    case extrapolationInAll
    case extrapolationAlong(axis: Int)
    case gap
    case frequency(most: Double)
    case scale(most: Double)
    case noise(deviations: Double)

    /// Where the training range of the extra input of frequency and scale begins and ends.
    package static let multiplier = 0.5...1.0

    package var addsAnInput: Bool {
        switch self {
        case .frequency, .scale: true
        default: false
        }
    }

    /// For the end of a task's name; nothing for extrapolation.
    package var suffix: String {
        switch self {
        case .extrapolation: ""
        case .extrapolationInAll: "-in-all"
        case .extrapolationAlong(let axis): "-along\(axis)"
        case .gap: "-gap"
        case .frequency(let most): "-frequency\(most)"
        case .scale(let most): "-scale\(most)"
        case .noise(let deviations): "-noise\(deviations)"
        }
    }

    /// Why the target cannot have this shift; nil when it can.
    package func objection(to target: SuitePolicy.Target) -> String? {
        switch target {
        case .longTail:
            return self == .extrapolation ? nil : "a long-tail task has no shift: its tail is out of distribution"
        case .table:
            return self == .extrapolation
                ? nil : "a table has no shift: its 'ood' says which rows are out of distribution"
        default: break
        }
        switch self {
        case .extrapolation, .gap, .noise: return nil
        case .extrapolationAlong(let axis):
            if case .sphericalHarmonics = target { return "on the sphere there is no extrapolation along an axis" }
            return axis <= target.inputs ? nil : "there is no coordinate \(axis); the task has \(target.inputs)"
        case .extrapolationInAll, .scale:
            if case .sphericalHarmonics = target { return "the sphere has extrapolation, gap and noise only" }
            return nil
        case .frequency:
            if case .fourier = target { return nil }
            return "only a Fourier sum has a frequency shift"
        }
    }
}

extension SuitePolicy.Target {
    /// Coordinates of the target itself, without what a shift adds.
    package var inputs: Int {
        switch self {
        case .polynomial(let inputs, _, _): inputs
        case .fourier: 1
        case .sphericalHarmonics: 3
        case .feynman(let equation): equation.variables.count
        case .chaotic(let map): map.coordinates
        case .piecewise(let pieces): pieces.inputs
        case .longTail(let tail): tail.inputs
        case .table(let table): table.inputs.count
        }
    }
}
