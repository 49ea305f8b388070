import ActivationIR
import ActivationPasses
import EvolveTypes
import Testing

@Suite("Gradient against dual numbers")
struct ForwardModeTests {
    private struct Tally {
        var programs = 0
        var compared = 0
        /// Slopes that dual numbers leave finite and the gradient program does not.
        var undefined = 0
        var largest = 0.0

        var figures: [String: Any] {
            [
                "programs": programs, "slopes compared": compared, "finite in one of the two only": undefined,
                "largest relative difference": largest,
            ]
        }

        mutating func note(_ found: Double, _ expected: Double, scale: Double, _ what: () -> String) {
            guard expected.isFinite else { return }
            guard found.isFinite else {
                undefined += 1
                return
            }
            compared += 1
            let difference = abs(found - expected) / max(abs(expected), scale, 1e-6)
            largest = max(largest, difference)
            #expect(difference <= 1e-5, "\(what()): \(found), by dual numbers \(expected)")
        }
    }

    @Test("random programs of one element: dy/dx and every dy/dp agree within 1e-5 relative")
    func elementwise() throws {
        var tally = Tally()
        for index in 0..<Stress.gradients {
            let program = RandomProgram.make(index)
            let gradient = Gradient.differentiate(program)
            var stream = RandomStream(key: ["dual", "\(index)"])
            let points = (0..<16).map { _ in 6 * stream.uniform() - 3 }
            let outputs = Interpreter.evaluate(gradient, inputs: points)
            let still = program.parameters.map { _ in 0.0 }
            for output in 1..<outputs.count {
                var moves = still
                if output > 1 { moves[output - 2] = 1 }
                let dual = ForwardMode.evaluate(
                    program, x: [points], direction: [points.map { _ in output == 1 ? 1 : 0 }],
                    parameterDirection: moves)
                for place in points.indices where dual.y[place].isFinite {
                    tally.note(outputs[output][place], dual.slope[place], scale: 0) {
                        "program \(index), output \(output) at \(points[place])"
                    }
                }
            }
            tally.programs += 1
        }
        try Stress.write("gradients", tally.figures)
        #expect(tally.compared > 12 * Stress.gradients)
        #expect(tally.undefined * 500 < tally.compared, "\(tally)")
    }

    @Test("random programs over a layer: dL/dx of every element and every dL/dp agree within 1e-5 relative")
    func layers() throws {
        var tally = Tally()
        for index in 0..<Stress.gradients {
            let program = RandomProgram.make(index, operations: 3...9, readsLayer: true)
            let gradient = Gradient.differentiate(program)
            let x = Self.random(2, "x \(index)")
            let cotangent = Self.random(1, "cotangent \(index)")
            let reverse = LayerGradient.evaluate(gradient, x: x, cotangent: cotangent)
            guard reverse.y.joined().allSatisfy({ $0.isFinite }) else { continue }
            let still = x.map { $0.map { _ in 0.0 } }
            let rest = program.parameters.map { _ in 0.0 }
            /// dL in a direction, and the size of the terms it is the sum of.
            func loss(_ direction: [[Double]], _ parameters: [Double]) -> (value: Double, scale: Double) {
                let slope = ForwardMode.evaluate(
                    program, x: x, direction: direction, parameterDirection: parameters
                ).slope
                let terms = zip(slope, cotangent.joined()).map { $0 == 0 ? 0 : $0 * $1 }
                return (terms.reduce(0, +), terms.map { abs($0) }.max() ?? 0)
            }
            for row in x.indices {
                for unit in x[row].indices {
                    var direction = still
                    direction[row][unit] = 1
                    let dual = loss(direction, rest)
                    tally.note(reverse.x[row][unit], dual.value, scale: dual.scale) {
                        "program \(index), x[\(row)][\(unit)]"
                    }
                }
            }
            for parameter in rest.indices {
                var direction = rest
                direction[parameter] = 1
                let dual = loss(still, direction)
                tally.note(reverse.parameters[parameter], dual.value, scale: dual.scale) {
                    "program \(index), trainable \(parameter)"
                }
            }
            tally.programs += 1
        }
        try Stress.write("layer-gradients", tally.figures)
        #expect(tally.compared > 4 * Stress.gradients)
        #expect(tally.undefined * 100 < tally.compared, "\(tally)")
    }

    private static func random(_ size: Double, _ key: String) -> [[Double]] {
        var stream = RandomStream(key: ["dual", key])
        return (0..<3).map { _ in (0..<4).map { _ in size * (2 * stream.uniform() - 1) } }
    }
}
