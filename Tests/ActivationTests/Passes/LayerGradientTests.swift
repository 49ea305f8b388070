import ActivationIR
import ActivationPasses
import EvolveTypes
import Testing

@Suite("Gradient over a layer")
struct LayerGradientTests {
    @Test("the reverse program of random layer programs is the finite difference of the loss")
    func randomPrograms() throws {
        var compared = 0
        var programs = 0
        for index in 0..<Stress.differences {
            let program = RandomProgram.make(index, operations: 3...9, readsLayer: true)
            let gradient = Gradient.differentiate(program)
            #expect(Verifier.verify(gradient) == [], "program \(index)")
            guard gradient.readsLayer else { continue }
            let counts = Self.compare(gradient, original: program, name: "program \(index)")
            compared += counts
            programs += counts > 0 ? 1 : 0
        }
        #expect(programs * 10 >= 3 * Stress.differences, "only \(programs) programs were compared")
        #expect(compared >= 3 * Stress.differences, "only \(compared) slopes were compared")
        try Stress.write("layer-differences", ["programs": programs, "slopes compared": compared])
    }

    @Test("means and sums hand their adjoint on over the same axis, the largest takes it all, ties share it")
    func statistics() {
        let x: [[Double]] = [[1, 2, 2], [0, -1, 5]]
        let cotangent: [[Double]] = [[1, 10, 100], [1000, 3, 7]]
        #expect(Self.slopes(.batchSum, x, cotangent) == [[1001, 13, 107], [1001, 13, 107]])
        #expect(Self.slopes(.batchMean, x, cotangent) == [[500.5, 6.5, 53.5], [500.5, 6.5, 53.5]])
        #expect(Self.slopes(.unitSum, x, cotangent) == [[111, 111, 111], [1010, 1010, 1010]])
        #expect(Self.slopes(.unitMax, x, cotangent) == [[0, 55.5, 55.5], [0, 0, 1010]])
        #expect(Self.slopes(.batchMax, x, cotangent) == [[1001, 13, 0], [0, 0, 107]])
        #expect(Self.slopes(.tensorMax, x, cotangent) == [[0, 0, 0], [0, 0, 1121]])
        // y[u] = x[u + 1], so the slope by x[u] is the cotangent of u − 1.
        #expect(Self.slopes(.unitShift, x, cotangent, places: 1) == [[100, 1, 10], [7, 1000, 3]])
    }

    private static func slopes(
        _ op: Operator, _ x: [[Double]], _ cotangent: [[Double]], places: Double = 0
    ) -> [[Double]] {
        var builder = ProgramBuilder()
        let input = builder.input()
        let y = builder.append(op, [input], payload: places)
        return LayerGradient.evaluate(
            Gradient.differentiate(builder.finish(outputs: [y])), x: x, cotangent: cotangent
        ).x
    }

    /// How many slopes of L = Σ cotangent · y, by elements of x and by trainables, were compared with differences.
    static func compare(_ gradient: Program, original: Program, name: String) -> Int {
        var stream = RandomStream(key: ["layer", name])
        func random(_ size: Double) -> [[Double]] {
            (0..<3).map { _ in (0..<4).map { _ in size * (2 * stream.uniform() - 1) } }
        }
        let x = random(2)
        let cotangent = random(1)
        let parameters = original.parameters.map(\.initial)
        let reverse = LayerGradient.evaluate(gradient, x: x, cotangent: cotangent)
        func loss(_ x: [[Double]], _ parameters: [Double]) -> Double {
            let y = Interpreter.evaluateLayer(original, x: x, parameters: parameters)[0]
            return zip(y, cotangent).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        var compared = 0
        func check(_ slope: FiniteDifference?, _ value: Double, _ what: String) {
            guard let slope, value.isFinite else { return }
            compared += 1
            #expect(slope.agrees(with: value), "\(name), by \(what): \(value), difference \(slope.slope)")
        }
        for row in 0..<3 {
            for unit in 0..<4 {
                let slope = FiniteDifference.slope { step in
                    var moved = x
                    moved[row][unit] += step
                    return loss(moved, parameters)
                }
                check(slope, reverse.x[row][unit], "x[\(row)][\(unit)]")
            }
        }
        for index in parameters.indices {
            let slope = FiniteDifference.slope { step in
                var moved = parameters
                moved[index] += step
                return loss(x, moved)
            }
            check(slope, reverse.parameters[index], "trainable \(index)")
        }
        return compared
    }
}
