import Foundation

/// The training of evt_trainer.h written the slow and obvious way, in double precision: one sample at a time.
struct NaiveTrainer {
    struct Layer {
        var fanIn, units, weights, bias, p: Int
    }

    var layers: [Layer] = []
    var block: [Double]
    var first: [Double]
    var second: [Double]
    var steps = 0
    /// Softmax and cross-entropy in place of the squared error.
    var crossEntropy = false
    let parameters: Int
    let value: (Double, [Double]) -> Double
    let derivative: (Double, [Double]) -> Double
    let byParameter: (Double, [Double]) -> [Double]

    init(
        sizes: [Int], block: [Double], parameters: Int, value: @escaping (Double, [Double]) -> Double,
        derivative: @escaping (Double, [Double]) -> Double, byParameter: @escaping (Double, [Double]) -> [Double]
    ) {
        var end = 0
        func take(_ count: Int) -> Int {
            defer { end += (count + 15) / 16 * 16 }
            return end
        }
        for (index, (fanIn, units)) in zip(sizes, sizes.dropFirst()).enumerated() {
            let last = index == sizes.count - 2
            layers.append(
                Layer(
                    fanIn: fanIn, units: units, weights: take(fanIn * units), bias: take(units),
                    p: take(last ? 0 : parameters)))
        }
        precondition(end == block.count, "the parameter block has the documented layout")
        self.block = block
        first = block.map { _ in 0 }
        second = first
        (self.parameters, self.value, self.derivative, self.byParameter) = (parameters, value, derivative, byParameter)
    }

    func preActivations(_ layer: Layer, _ h: [Double]) -> [Double] {
        (0..<layer.units).map { unit in
            (0..<layer.fanIn).reduce(block[layer.bias + unit]) {
                $0 + h[$1] * block[layer.weights + $1 * layer.units + unit]
            }
        }
    }

    func trainables(_ layer: Layer) -> [Double] { Array(block[layer.p..<(layer.p + parameters)]) }

    func outputs(_ input: [Double]) -> [Double] {
        var h = input
        for layer in layers.dropLast() {
            let p = trainables(layer)
            h = preActivations(layer, h).map { value($0, p) }
        }
        return layers.last.map { preActivations($0, h) } ?? []
    }

    /// Of one sample, not divided by the number of its outputs.
    func loss(of output: [Double], _ target: [Double]) -> Double {
        if crossEntropy { return zip(Self.softmax(output), target).reduce(0) { $0 - $1.1 * log($1.0) } }
        return zip(output, target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    static func softmax(_ output: [Double]) -> [Double] {
        let powers = output.map { exp($0) }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    /// The loss before the step.
    mutating func step(_ inputs: [[Double]], _ targets: [[Double]], rate: Double, adam: Bool) -> Double {
        var gradient = block.map { _ in 0.0 }
        var loss = 0.0
        let scale = 1 / Double(crossEntropy ? inputs.count : inputs.count * targets[0].count)
        for (input, target) in zip(inputs, targets) {
            var activations = [input]
            var before: [[Double]] = []
            for layer in layers.dropLast() {
                let p = trainables(layer)
                before.append(preActivations(layer, activations[activations.count - 1]))
                activations.append(before[before.count - 1].map { value($0, p) })
            }
            let output = outputs(input)
            let found = crossEntropy ? Self.softmax(output) : output
            var delta = zip(found, target).map { (crossEntropy ? 1 : 2) * scale * ($0 - $1) }
            loss += scale * self.loss(of: output, target)
            for index in layers.indices.reversed() {
                let layer = layers[index]
                for unit in 0..<layer.units {
                    gradient[layer.bias + unit] += delta[unit]
                    for i in 0..<layer.fanIn {
                        gradient[layer.weights + i * layer.units + unit] += delta[unit] * activations[index][i]
                    }
                }
                guard index > 0 else { break }
                let (below, x) = (layers[index - 1], before[index - 1])
                let p = trainables(below)
                delta = (0..<layer.fanIn).map { i in
                    let upstream = (0..<layer.units).reduce(0) {
                        $0 + delta[$1] * block[layer.weights + i * layer.units + $1]
                    }
                    for (k, slope) in byParameter(x[i], p).enumerated() { gradient[below.p + k] += upstream * slope }
                    return upstream * derivative(x[i], p)
                }
            }
        }
        steps += 1
        for i in block.indices {
            if adam {
                first[i] = 0.9 * first[i] + 0.1 * gradient[i]
                second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i]
                let m = first[i] / (1 - pow(0.9, Double(steps)))
                let v = second[i] / (1 - pow(0.999, Double(steps)))
                block[i] -= rate * m / (v.squareRoot() + 1e-8)
            } else {
                block[i] -= rate * gradient[i]
            }
        }
        return loss
    }
}
