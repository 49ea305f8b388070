import Foundation

/// How much the tests over random programs do, and where their figures go: a little in the normal tests, more when
/// scripts/measure/front-end sets the environment.
enum Stress {
    private static let environment = ProcessInfo.processInfo.environment

    /// Random programs and broken texts for the whole front end.
    static let texts = number("EVOLVE_STRESS") ?? 300
    /// Which part of them, when they are fed in several runs.
    static let part = number("EVOLVE_STRESS_PART") ?? 0
    /// Random programs, of one element and of a layer each, whose derivatives are compared.
    static let gradients = number("EVOLVE_STRESS_GRADIENTS") ?? 400
    /// The same with finite differences.
    static let differences = max(800, number("EVOLVE_STRESS_GRADIENTS") ?? 0)
    /// Random programs whose printed C is compiled with warnings.
    static let compiled = number("EVOLVE_STRESS_COMPILED") ?? 24
    static let judgesTime = !_isDebugAssertConfiguration() && environment["EVOLVE_STRESS_UNTIMED"] == nil

    private static func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }

    /// Writes figures as JSON to the file that EVOLVE_STRESS_OUTPUT and `name` make.
    static func write(_ name: String, _ figures: [String: Any]) throws {
        guard let path = environment["EVOLVE_STRESS_OUTPUT"] else { return }
        let data = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys, .prettyPrinted])
        try data.write(to: URL(fileURLWithPath: "\(path).\(name)"))
    }
}
