import ActivationIR

/// The soundness gate of programs that read their layer: the same two questions, asked of a few layers.
enum LayerSoundness {
    struct Sample {
        var name: String
        var x: [[Double]]
    }

    /// One element, one sample, one unit; equal values, which have no variance; every size of number, mixed; one outlier.
    static let samples: [Sample] = {
        var samples = smooth
        samples.append(Sample(name: "one element", x: [[0.7]]))
        for value in [0.0, -0.0, 1, -3, 1e-30, 1e4, -1e4] {
            let row = [Double](repeating: value, count: 5)
            samples.append(Sample(name: "4 × 5 values of \(value)", x: [row, row, row, row]))
        }
        let grid = SoundnessGate.grid
        let rows = stride(from: 0, to: grid.count - 15, by: 16).map { Array(grid[$0..<$0 + 16]) }
        samples.append(Sample(name: "values from −1e4 to 1e4", x: rows))
        for size in [1e-20, 20, 1e4] {
            samples.append(Sample(name: "8 × 8 values within \(size)", x: LayerSample.spread(8, 8, size: size)))
        }
        var outlier = LayerSample.spread(6, 6, size: 1)
        outlier[2][3] = 1e4
        samples.append(Sample(name: "6 × 6 values with an outlier of 1e4", x: outlier))
        return samples
    }()

    private static let smooth = [
        Sample(name: "a layer of 3 × 4", x: LayerSample.spread(3, 4, size: 2.5)),
        Sample(name: "one sample of 5 units", x: LayerSample.spread(1, 5, size: 2, start: 40)),
        Sample(name: "5 samples of one unit", x: LayerSample.spread(5, 1, size: 2, start: 70)),
    ]

    /// - Parameter gradient: a reverse program: outputs y, dL/dx, then each element's part of dL/dp.
    static func check(_ gradient: Program) -> String? {
        for sample in samples {
            if let reason = nonFinite(gradient, sample) { return reason }
        }
        for sample in smooth {
            if let reason = disagreement(gradient, sample) { return reason }
        }
        return nil
    }

    private static func cotangent(_ x: [[Double]]) -> [[Double]] {
        LayerSample.spread(x.count, x[0].count, size: 1, start: 200)
    }

    private static func nonFinite(_ gradient: Program, _ sample: Sample) -> String? {
        let result = LayerGradient.evaluate(
            gradient, x: sample.x, cotangent: cotangent(sample.x), precision: .single)
        let named = [("The value", result.y.flatMap { $0 }), ("The derivative by x", result.x.flatMap { $0 })]
        let trained = zip(gradient.parameters, result.parameters).map {
            ("The derivative by the trainable \($0.name)", [$1])
        }
        for (name, values) in named + trained {
            guard let value = values.first(where: { !$0.isFinite || !Float($0).isFinite }) else { continue }
            return "\(name) is not finite in float32: it is \(value.isNaN ? "NaN" : "\(value)") on \(sample.name)."
        }
        return nil
    }

    private static func disagreement(_ gradient: Program, _ sample: Sample) -> String? {
        let parameters = gradient.parameters.map(\.initial)
        let cotangent = cotangent(sample.x)
        let result = LayerGradient.evaluate(gradient, x: sample.x, cotangent: cotangent)
        var value = gradient
        value.outputs = [gradient.outputs[0]]
        func loss(_ x: [[Double]], _ parameters: [Double]) -> Double {
            let y = Interpreter.evaluateLayer(value, x: x, parameters: parameters)[0]
            return zip(y, cotangent).reduce(0) { $0 + zip($1.0, $1.1).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        for (row, values) in sample.x.enumerated() {
            for unit in values.indices {
                let estimate = FiniteDifference.slope { step in
                    var moved = sample.x
                    moved[row][unit] += step
                    return loss(moved, parameters)
                }
                if let estimate, !estimate.agrees(with: result.x[row][unit]) {
                    return "The derivative by x is \(result.x[row][unit]) on \(sample.name), "
                        + "but finite differences give \(estimate.slope)."
                }
            }
        }
        for (index, parameter) in gradient.parameters.enumerated() {
            let estimate = FiniteDifference.slope { step in
                var moved = parameters
                moved[index] += step
                return loss(sample.x, moved)
            }
            if let estimate, !estimate.agrees(with: result.parameters[index]) {
                return "The derivative by the trainable \(parameter.name) is \(result.parameters[index]) on "
                    + "\(sample.name), but finite differences give \(estimate.slope)."
            }
        }
        return nil
    }
}
