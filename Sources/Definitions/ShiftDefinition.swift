import Evaluation

/// A `shift`: one of the words extrapolation, extrapolation-in-all, gap, or one of the keys extrapolation-along, frequency,
/// scale, noise with its number. `TaskShift` says what each means.
enum ShiftDefinition {
    private enum Word: String, CaseIterable {
        case extrapolation
        case inAll = "extrapolation-in-all"
        case gap
    }

    /// nil when it is wrong, which has been reported.
    static func read(_ node: YAMLNode) -> TaskShift? {
        guard node.isMapping else {
            switch node.choice(Word.self, standIn: .extrapolation) {
            case .extrapolation: return .extrapolation
            case .inAll: return .extrapolationInAll
            case .gap: return .gap
            }
        }
        return node.mapping { keys in
            let found: [TaskShift] = [
                keys.optional("extrapolation-along").map { .extrapolationAlong(axis: $0.int(1...40)) },
                keys.optional("frequency").map { .frequency(most: $0.double(1.01...10)) },
                keys.optional("scale").map { .scale(most: $0.double(1.01...10)) },
                keys.optional("noise").map { .noise(deviations: $0.double(0.001...10)) },
            ].compactMap(\.self)
            if keys.isSoundSoFar, keys.isKnown, found.count != 1 {
                keys.reject("a shift is one of extrapolation-along, frequency, scale and noise")
            }
            return found.count == 1 ? found[0] : nil
        }
    }
}
