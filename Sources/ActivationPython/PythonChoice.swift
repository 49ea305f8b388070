import ActivationParser
import EvolveTypes

/// Which of a text's functions is meant.
struct PythonChoice {
    /// Those that could be meant, in the order of the text.
    let candidates: [String]
    let meant: String?

    /// - Parameter objects: constants that can be called, in the order of the text.
    init(
        functions all: [String: PythonFunction], classes types: [String: PythonClass], others: [String: PythonNode],
        unknown: [String: PythonProblem], objects: [String]
    ) {
        let functions = all.map { ($0.key, $0.value.position, $0.value.mentions) }
        let classes = types.map { ($0.key, $0.value.position, $0.value.mentions) }
        let known = (functions + classes).sorted { ($0.1.line, $0.1.column) < ($1.1.line, $1.1.column) }
        // What others call is a part of them.
        let called = Set(known.flatMap { name, _, mentions in mentions.filter { $0 != name } })
        let takesNothing = Set(all.values.filter(\.parameters.isEmpty).map(\.name))
        func narrowed(_ names: [String], _ isMeant: (String) -> Bool) -> [String] {
            let some = names.filter(isMeant)
            return some.isEmpty ? names : some
        }
        var names = narrowed(known.map(\.0)) { !takesNothing.contains($0) }
        names = narrowed(names) { !called.contains($0) }
        candidates = names.isEmpty ? objects : names
        let own = narrowed(candidates) { !Self.isDerivative($0) }
        let isThere =
            all["activation"] != nil || types["activation"] != nil || others["activation"] != nil
            || unknown["activation"] != nil
        meant = isThere ? "activation" : own.last
    }

    private static func isDerivative(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["d_", "grad_", "deriv", "test_", "plot"].contains { name.hasPrefix($0) }
            || ["_grad", "_gradient", "_prime", "_derivative", "_deriv", "_jvp", "_vjp", "_fwd", "_bwd", "_dx"]
                .contains { name.hasSuffix($0) }
            || name.contains("backward") || name == "main"
    }
}
