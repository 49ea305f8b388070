import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

private let points = SuitePolicy.Points(train: 256, inDistribution: 128, outOfDistribution: 128)

private func data(_ target: SuitePolicy.Target, _ shift: TaskShift) throws -> TaskData {
    try TaskData(
        SuitePolicy.Task(name: "probe", family: "probes", split: .search, target: target, shift: shift), points: points)
}

private let plane = SuitePolicy.Target.polynomial(inputs: 2, degree: 3, seed: 1)
private let equation = SuitePolicy.Target.feynman(
    SuitePolicy.Equation(id: "T", formula: "a*b", variables: ["a", "b"], low: [1, 2], high: [3, 5]))

@Suite("Shifts")
struct TaskShiftTests {
    init() { _ = TestMachine.ready }

    private func inside(_ data: TaskData) -> [[Double]] { data.train.coordinates + data.inDistribution.coordinates }

    @Test("Extrapolation in all leaves the box in every coordinate, on both sides")
    func inAll() throws {
        let cube = try data(plane, .extrapolationInAll)
        #expect(inside(cube).allSatisfy { $0.allSatisfy { abs($0) <= 1 } })
        let outside = cube.outOfDistribution.coordinates
        #expect(outside.allSatisfy { $0.allSatisfy { abs($0) > 1 && abs($0) <= 1.5 } })
        for axis in 0..<2 { #expect(Set(outside.map { $0[axis] > 0 }).count == 2) }
        // A Feynman box grows upwards only.
        let grown = try data(equation, .extrapolationInAll).outOfDistribution.coordinates
        #expect(grown.allSatisfy { 3 < $0[0] && $0[0] <= 5 && 5 < $0[1] && $0[1] <= 8 })
    }

    @Test("Extrapolation along an axis leaves the box there and nowhere else")
    func along() throws {
        let outside = try data(plane, .extrapolationAlong(axis: 2)).outOfDistribution.coordinates
        #expect(outside.allSatisfy { abs($0[0]) <= 1 && abs($0[1]) > 1 && abs($0[1]) <= 1.5 })
    }

    @Test("A gap is a core with a third of the volume that training never sees")
    func gap() throws {
        let half = (1.0 / 3).squareRoot()
        let square = try data(plane, .gap)
        func isCore(_ point: [Double]) -> Bool { point.allSatisfy { abs($0) <= half + 1e-12 } }
        #expect(!inside(square).contains(where: isCore))
        #expect(inside(square).allSatisfy { $0.allSatisfy { abs($0) <= 1 } })
        #expect(square.outOfDistribution.coordinates.allSatisfy(isCore))
        let sphere = try data(.sphericalHarmonics(degree: 3, seed: 1), .gap)
        #expect(inside(sphere).allSatisfy { abs($0[2]) > 1.0 / 3 })
        #expect(sphere.outOfDistribution.coordinates.allSatisfy { abs($0[2]) <= 1.0 / 3 })
        #expect(inside(sphere).contains { $0[2] > 0.9 } && inside(sphere).contains { $0[2] < -0.9 })
    }

    @Test("Frequency and scale are inputs of their own, and what the network learns is f(u·x) and u·f(x)")
    func multipliers() throws {
        let wave = SuitePolicy.Target.fourier(terms: 3, seed: 2)
        let plain = try TargetFunction(wave)
        for shift in [TaskShift.frequency(most: 2), .scale(most: 2)] {
            let data = try data(wave, shift)
            #expect(data.inputs == 2)
            #expect(inside(data).allSatisfy { abs($0[0]) <= 1 && (0.5...1).contains($0[1]) })
            #expect(data.outOfDistribution.coordinates.allSatisfy { abs($0[0]) <= 1 && 1 < $0[1] && $0[1] <= 2 })
            let set = data.outOfDistribution
            for (point, value) in zip(set.coordinates, set.values) {
                let (x, u) = (point[0], point[1])
                let expected = shift == .scale(most: 2) ? u * plain.values([x])[0] : plain.values([u * x])[0]
                #expect(abs(value - expected) < 1e-12)
            }
        }
    }

    @Test("Noise is on the inputs of the OOD set alone, has the size it says, and leaves the targets")
    func noise() throws {
        let (clean, noisy) = (try data(plane, .extrapolation), try data(plane, .noise(deviations: 0.5)))
        #expect(noisy.train.inputs == clean.train.inputs && noisy.inDistribution.inputs == clean.inDistribution.inputs)
        let points = noisy.outOfDistribution
        #expect(points.coordinates.allSatisfy { $0.allSatisfy { abs($0) <= 1 } })
        let function = try TargetFunction(plane)
        for (point, value) in zip(points.coordinates, points.values) { #expect(function.values(point)[0] == value) }
        // What standardisation alone makes of the points, by two training points.
        let (a, b) = (clean.train.coordinates[0][0], clean.train.coordinates[1][0])
        let slope = Double(clean.train.inputs[2] - clean.train.inputs[0]) / (b - a)
        let errors = points.coordinates.indices.map { index in
            Double(points.inputs[2 * index])
                - (Double(clean.train.inputs[0]) + slope * (points.coordinates[index][0] - a))
        }
        let deviation = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
        #expect((0.4...0.6).contains(deviation))
    }

    @Test(
        "What has no meaning is refused in words",
        arguments: [
            (TaskShift.frequency(most: 2), plane, "only a Fourier sum has a frequency shift"),
            (.extrapolationAlong(axis: 3), plane, "there is no coordinate 3; the task has 2"),
            (
                .scale(most: 2), .sphericalHarmonics(degree: 2, seed: 1),
                "the sphere has extrapolation, gap and noise only"
            ),
        ])
    func objections(shift: TaskShift, target: SuitePolicy.Target, words: String) {
        #expect(throws: Failure(.badInput, "task probe: \(words)")) { try data(target, shift) }
    }
}

@Suite("Chaotic maps and pieces")
struct SharpTargetTests {
    init() { _ = TestMachine.ready }

    @Test("A chaotic map's outputs are its state some steps later")
    func maps() throws {
        let logistic = try TargetFunction(.chaotic(ChaoticMap(.logistic(rate: 4), steps: 3)))
        // x = sin²(t) goes to sin²(2t) at rate 4.
        #expect(abs(logistic.values([pow(sin(0.3), 2)])[0] - pow(sin(2.4), 2)) < 1e-12)
        let henon = try TargetFunction(.chaotic(ChaoticMap(.henon(a: 1.4, b: 0.3), steps: 2)))
        let (x, y) = (1 - 1.4 * 0.04 + 0.1, 0.3 * 0.2)
        #expect(zip(henon.values([0.2, 0.1]), [1 - 1.4 * x * x + y, 0.3 * x]).allSatisfy { abs($0 - $1) < 1e-12 })
        let data = try data(.chaotic(ChaoticMap(.henon(a: 1.4, b: 0.3), steps: 2)), .extrapolation)
        #expect(data.outputs == 2 && data.train.targets.count == 512)
        #expect(data.train.coordinates.allSatisfy { abs($0[0]) <= 1 && abs($0[1]) <= 0.3 + 1e-12 })
        #expect(data.outOfDistribution.coordinates.allSatisfy { abs($0[0]) > 1 || abs($0[1]) > 0.3 })
        // Each output has a standardisation of its own.
        for output in 0..<2 {
            let values = stride(from: output, to: 512, by: 2).map { Double(data.train.targets[$0]) }
            #expect(abs(values.reduce(0, +)) / 256 < 1e-5)
            #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 256 - 1) < 1e-4)
        }
    }

    @Test("Pieces are as many, as straight and as torn as they say", arguments: [(0, 7), (3, 7), (6, 7)])
    func pieces(jumps: Int, pieces: Int) throws {
        let linear = Piecewise(form: .linear, inputs: 1, pieces: pieces, jumps: jumps, seed: 4).function()
        let step = 3e-5
        let values = (0...100_000).map { linear([-1.5 + step * Double($0)]) }
        let slopes = zip(values.dropFirst(), values).map { $0 - $1 }
        // Of a slope that a normal draw gives, a step this short makes far less than of a jump.
        #expect(slopes.count { abs($0) > 1e-3 } == jumps)
        var bends = 0
        var last = slopes[0]
        for (a, b) in zip(slopes, slopes.dropFirst()) where abs(a - b) < 1e-9 && abs(b - last) > 1e-8 {
            bends += 1
            last = b
        }
        #expect(bends == pieces - 1)
        let constant = Piecewise(form: .constant, inputs: 1, pieces: pieces, jumps: pieces - 1, seed: 4).function()
        #expect(Set((0...100_000).map { constant([-1.5 + step * Double($0)]) }).count == pieces)
    }
}
