import CTrainer
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

private let points = SuitePolicy.Points(train: 512, inDistribution: 256, outOfDistribution: 256)

private func task(_ target: SuitePolicy.Target) -> SuitePolicy.Task {
    SuitePolicy.Task(name: "probe", family: "probes", split: .search, target: target)
}

private func equation(_ formula: String, _ variables: [String], _ low: [Double], _ high: [Double])
    -> SuitePolicy.Target
{
    .feynman(SuitePolicy.Equation(id: "T.1", formula: formula, variables: variables, low: low, high: high))
}

private let everyKind: [SuitePolicy.Target] = [
    .polynomial(inputs: 1, degree: 6, seed: 1), .polynomial(inputs: 3, degree: 4, seed: 2),
    .fourier(terms: 3, seed: 3), .sphericalHarmonics(degree: 4, seed: 4),
    equation("m_0/sqrt(1-v**2/c**2)", ["m_0", "v", "c"], [1, 1, 3], [5, 2, 10]),
    equation("arcsin(n*sin(theta2))", ["n", "theta2"], [0, 1], [1, 5]),
    equation(
        "(p_d*Ef*t/(h/(2*pi)))*sin((omega-omega_0)*t/2)**2/((omega-omega_0)*t/2)**2",
        ["p_d", "Ef", "t", "h", "omega", "omega_0"], [1, 1, 1, 1, 1, 1], [3, 3, 3, 3, 5, 5]),
]

@Suite("Data sets of a task")
struct TaskDataTests {
    init() { _ = TestMachine.ready }

    @Test("keep training and OOD regions apart", arguments: everyKind)
    func disjoint(target: SuitePolicy.Target) throws {
        let data = try TaskData(task(target), points: points)
        #expect(data.train.coordinates.count == 512)
        #expect(data.inDistribution.values.count == 256)
        #expect(data.outOfDistribution.targets.count == 256)
        for point in data.train.coordinates + data.inDistribution.coordinates {
            switch target {
            case .polynomial, .fourier: #expect(point.allSatisfy { abs($0) <= 1 })
            case .sphericalHarmonics:
                #expect(abs(point[2]) <= 0.6)
                #expect(abs(point.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12)
            case .feynman(let table):
                #expect(zip(point, zip(table.low, table.high)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 })
            default: Issue.record("not of these kinds")
            }
        }
        for point in data.outOfDistribution.coordinates {
            switch target {
            case .polynomial, .fourier:
                #expect(point.contains { abs($0) > 1 })
                #expect(point.allSatisfy { abs($0) <= 1.5 })
            case .sphericalHarmonics: #expect(abs(point[2]) > 0.6)
            case .feynman(let table):
                #expect(zip(point, table.high).contains { $0 > $1 })
                #expect(zip(point, zip(table.low, table.high)).allSatisfy { $0 <= 2 * $1.1 - $1.0 })
            default: Issue.record("not of these kinds")
            }
        }
        #expect(Set(data.train.coordinates).isDisjoint(with: data.inDistribution.coordinates))
    }

    @Test("are standardised by training statistics, also in the test sets", arguments: everyKind)
    func standardised(target: SuitePolicy.Target) throws {
        let data = try TaskData(task(target), points: points)
        func moments(_ values: [Float]) -> (mean: Double, variance: Double) {
            let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
            return (mean, values.reduce(0) { $0 + pow(Double($1) - mean, 2) } / Double(values.count))
        }
        for axis in 0..<data.inputs {
            let (mean, variance) = moments(
                stride(from: axis, to: data.train.inputs.count, by: data.inputs).map { data.train.inputs[$0] })
            #expect(abs(mean) < 1e-5)
            #expect(abs(variance - 1) < 1e-4)
        }
        let (mean, variance) = moments(data.train.targets)
        #expect(abs(mean) < 1e-5)
        #expect(abs(variance - 1) < 1e-4)
        // One affine map for all sets: it maps raw to standardised in the OOD set as in the training set.
        let (a, b) = (data.train, data.outOfDistribution)
        let slope = Double(a.targets[1] - a.targets[0]) / (a.values[1] - a.values[0])
        let mapped = Double(a.targets[0]) + slope * (b.values[0] - a.values[0])
        #expect(abs(mapped - Double(b.targets[0])) < 1e-3 * (1 + abs(mapped)))
        #expect(data.outOfDistribution.targets.allSatisfy { $0.isFinite && abs($0) <= 100.01 })
    }

    @Test("are the same every time, and others for another seed")
    func reproducible() throws {
        let (a, b) = (
            task(.polynomial(inputs: 2, degree: 3, seed: 8)), task(.polynomial(inputs: 2, degree: 3, seed: 9))
        )
        #expect(try TaskData(a, points: points).train.targets == TaskData(a, points: points).train.targets)
        #expect(try TaskData(a, points: points).train.targets != TaskData(b, points: points).train.targets)
    }

    @Test("skip points without a value")
    func skipping() throws {
        let data = try TaskData(task(equation("sqrt(x-1)+y/y", ["x", "y"], [0, -1], [3, 1])), points: points)
        #expect(data.train.coordinates.allSatisfy { $0[0] >= 1 && $0[1] != 0 })
        #expect(data.train.coordinates.count == 512)
    }

    @Test(
        "are refused with the task's name when they cannot be made",
        arguments: [
            equation("sqrt(-x)", ["x"], [1], [2]), equation("x-x", ["x"], [1], [2]), equation("x", ["x"], [2], [1]),
            equation("x*z", ["x"], [1], [2]), equation("x", ["x"], [1, 2], [3]),
            .polynomial(inputs: 0, degree: 2, seed: 1),
            .sphericalHarmonics(degree: 500, seed: 1),
        ])
    func refusals(target: SuitePolicy.Target) {
        let failure = #expect(throws: Failure.self) { try TaskData(task(target), points: points) }
        #expect(failure?.kind == .badInput)
        #expect(failure?.message.hasPrefix("task probe: ") == true)
    }
}

@Suite("Targets")
struct TargetFunctionTests {
    init() { _ = TestMachine.ready }

    @Test("A polynomial has the total degree it says")
    func polynomial() throws {
        // The (degree + 1)-th difference along any line is zero, the degree-th is not.
        let function = try TargetFunction(.polynomial(inputs: 2, degree: 3, seed: 5))
        let values = (0...6).map { function.values([0.1 + 0.2 * Double($0), -0.3 + 0.1 * Double($0)])[0] }
        func differences(_ values: [Double]) -> [Double] { zip(values.dropFirst(), values).map { $0 - $1 } }
        let third = differences(differences(differences(values)))
        #expect(third.contains { abs($0) > 1e-6 })
        #expect(differences(third).allSatisfy { abs($0) < 1e-12 })
    }

    @Test("Spherical harmonics have their textbook values")
    func harmonics() {
        let (x, y, z) = (0.48, 0.6, 0.64)
        func value(_ l: Int, _ m: Int) -> Double {
            TargetFunction.realSphericalHarmonic(degree: l, order: m, at: [x, y, z])
        }
        #expect(abs(value(1, 0) - (3 / (4 * Double.pi)).squareRoot() * z) < 1e-12)
        #expect(abs(abs(value(1, 1)) - (3 / (4 * Double.pi)).squareRoot() * x) < 1e-12)
        #expect(abs(abs(value(1, -1)) - (3 / (4 * Double.pi)).squareRoot() * y) < 1e-12)
        #expect(abs(value(2, 0) - (5 / Double.pi).squareRoot() / 4 * (3 * z * z - 1)) < 1e-12)
        #expect(abs(value(2, -2) - (15 / Double.pi).squareRoot() / 2 * x * y) < 1e-12)
        // Addition theorem: the squares of one degree sum to (2l + 1) / 4π everywhere.
        #expect(abs((-5...5).reduce(0) { $0 + pow(value(5, $1), 2) } - 11 / (4 * Double.pi)) < 1e-12)
    }

    @Test("The Sobol sequence starts after the origin, and a later piece continues an earlier one")
    func sobol() {
        var whole = [Double](repeating: -1, count: 16)
        var rest = [Double](repeating: -1, count: 8)
        #expect(evt_sobol(2, 1, 8, &whole) == EVT_OK)
        #expect(evt_sobol(2, 5, 4, &rest) == EVT_OK)
        #expect(Array(whole[..<6]) == [0.5, 0.5, 0.75, 0.25, 0.25, 0.75])
        #expect(Array(whole[8...]) == rest)
        #expect(evt_sobol(2, 0, 1, &rest) == EVT_BAD_ARGUMENT)
        #expect(evt_sobol(41, 1, 1, &rest) == EVT_BAD_ARGUMENT)
    }
}
