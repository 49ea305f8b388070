import ActivationCodegen
import CTrainer
import Evaluation
import EvolveTypes
import Foundation
import Testing

/// A task, settings and a loaded kernel at stable addresses, for calling the C trainer directly.
private final class Bench {
    var kernel = evt_kernel()
    let task = UnsafeMutablePointer<evt_task>.allocate(capacity: 1)
    let hidden: UnsafeMutableBufferPointer<Int32>
    var training: evt_training
    let inputs: Int
    let points: UnsafeMutableBufferPointer<Float>
    let targets: UnsafeMutableBufferPointer<Float>
    let count: Int

    init(
        _ source: KernelSource, hidden sizes: [Int32] = [6, 5], inputs: Int = 2, outputs: Int = 1, count: Int = 20,
        batch: Int64 = 8, steps: Int64 = 12, optimiser: Int = EVT_ADAM, schedule: Int = EVT_COSINE,
        rate: Float = 1e-2, instructions: evt_instructions = EVT_BEST, head: Int = EVT_SQUARED
    ) async throws {
        _ = TestMachine.ready
        let path = try await TestMachine.compile(source)
        var message = [CChar](repeating: 0, count: 200)
        try #require(evt_kernel_open(path, &kernel, &message, message.count) == EVT_OK)
        hidden = .allocate(capacity: sizes.count)
        _ = hidden.initialize(from: sizes)
        training = evt_training(
            hidden: hidden.baseAddress, hidden_count: Int32(sizes.count), optimiser: Int32(optimiser),
            schedule: Int32(schedule), rate: rate, batch: batch, steps: steps,
            instructions: instructions)
        (self.inputs, self.count) = (inputs, count)
        points = .allocate(capacity: count * inputs)
        targets = .allocate(capacity: count * outputs)
        for i in 0..<(count * inputs) { points[i] = Float(sin(Double(7 * i + 1))) * 1.5 }
        for i in 0..<(count * outputs) { targets[i] = Float(cos(Double(3 * i + 2))) }
        if head == EVT_CROSS_ENTROPY {
            // Classes that two lines through the plane of the first inputs tell apart, more or less.
            for i in 0..<count {
                let label = abs(Int((2 * points[i * inputs]).rounded())) % outputs
                for o in 0..<outputs { targets[i * outputs + o] = o == label ? 1 : 0 }
            }
        }
        let set = evt_points(inputs: points.baseAddress, targets: targets.baseAddress, count: Int64(count), groups: nil)
        task.initialize(
            to: evt_task(
                inputs: Int32(inputs), outputs: Int32(outputs), train: set, in_distribution: set,
                out_of_distribution: set, head: Int32(head)))
    }

    deinit {
        evt_kernel_close(&kernel)
        hidden.deallocate()
        points.deallocate()
        targets.deallocate()
        task.deallocate()
    }

    func train(seeds: [UInt64], garbage: UInt8 = 0) throws -> (outcomes: [evt_outcome], losses: [Float]) {
        let models = seeds.map { evt_model(task: UnsafePointer(task), seed: $0) }
        var bytes = 0
        try #require(evt_workspace_bytes(&kernel, &training, models, Int64(models.count), &bytes) == EVT_OK)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        defer { memory.deallocate() }
        memset(memory, Int32(garbage), bytes)
        var outcomes = [evt_outcome](repeating: evt_outcome(), count: models.count)
        var losses = [Float](repeating: -1, count: models.count * Int(training.steps))
        let status = evt_train(
            &kernel, &training, models, Int64(models.count), &outcomes, &losses, memory, bytes)
        try #require(status == EVT_OK)
        return (outcomes, losses)
    }

    /// Initial weights in the documented layout, and the batches of every step.
    func start(seed: UInt64) throws -> (parameters: [Float], batches: [Int32]) {
        var model = evt_model(task: UnsafePointer(task), seed: seed)
        var size: Int64 = 0
        try #require(evt_parameter_count(&kernel, &training, task, &size) == EVT_OK)
        var parameters = [Float](repeating: 0, count: Int(size))
        try #require(evt_initial_parameters(&kernel, &training, &model, &parameters) == EVT_OK)
        var order = [Int32](repeating: 0, count: count)
        var batches = [Int32](repeating: 0, count: Int(training.steps * training.batch))
        try #require(evt_batches(&training, &model, &order, &batches) == EVT_OK)
        return (parameters, batches)
    }
}

/// The activation of a reference case: a kernel, and the same function in double precision.
private enum ReferenceFunction: CaseIterable {
    /// With a trainable value: its path goes through dp.
    case ripple
    /// Without: the path in which dL/dy is multiplied by f' inside the matrix product.
    case gelu

    var kernel: KernelSource { self == .ripple ? TestKernels.ripple : TestKernels.gelu }

    func naive(sizes: [Int], block: [Float]) -> NaiveTrainer {
        let block = block.map(Double.init)
        switch self {
        case .ripple:
            return NaiveTrainer(
                sizes: sizes, block: block, parameters: 1, value: { x, p in x + p[0] * sin(x) },
                derivative: { x, p in 1 + p[0] * cos(x) }, byParameter: { x, _ in [sin(x)] })
        case .gelu:
            return NaiveTrainer(
                sizes: sizes, block: block, parameters: 0,
                value: { x, _ in 0.5 * x * (1 + erf(x * 0.5.squareRoot())) },
                derivative: { x, _ in
                    0.5 * (1 + erf(x * 0.5.squareRoot())) + x * exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
                }, byParameter: { _, _ in [] })
        }
    }
}

@Suite("The C trainer")
struct TrainerTests {
    @Test(
        "agrees with a naive trainer in double precision", arguments: InstructionSets.here, ReferenceFunction.allCases)
    fileprivate func reference(set: InstructionSet, function: ReferenceFunction) async throws {
        // Odd sizes, so that no vector is whole; two outputs; a step of SGD is linear in the gradient, so nothing hides.
        for (hidden, outputs, optimiser) in [
            ([6, 5], 1, EVT_ADAM), ([19, 33], 2, EVT_SGD), ([32, 48, 7], 2, EVT_ADAM),
        ] {
            let bench = try await Bench(
                function.kernel, hidden: hidden.map { Int32($0) }, outputs: outputs, optimiser: optimiser,
                rate: optimiser == EVT_ADAM ? 1e-2 : 5e-2, instructions: set.code)
            try compare(bench, function, hidden: hidden, outputs: outputs, tolerance: 2e-4)
        }
    }

    @Test("agrees with it over 200 steps of the laboratory's network, within float32 rounding")
    func longReference() async throws {
        let bench = try await Bench(
            TestKernels.gelu, hidden: [32, 32], inputs: 2, count: 128, batch: 64, steps: 200, rate: 3e-3)
        try compare(bench, .gelu, hidden: [32, 32], outputs: 1, tolerance: 1e-4)
    }

    @Test("agrees with it on classes, in loss, error and accuracy", arguments: InstructionSets.here)
    fileprivate func classes(set: InstructionSet) async throws {
        for (hidden, outputs, optimiser) in [([6, 5], 2, EVT_ADAM), ([19, 33], 3, EVT_SGD)] {
            let bench = try await Bench(
                TestKernels.gelu, hidden: hidden.map { Int32($0) }, outputs: outputs, steps: 40, optimiser: optimiser,
                rate: optimiser == EVT_ADAM ? 1e-2 : 0.2, instructions: set.code, head: EVT_CROSS_ENTROPY)
            try compare(bench, .gelu, hidden: hidden, outputs: outputs, tolerance: 2e-4)
        }
    }

    @Test("stays finite where exponentials would not, and calls an infinite output diverged")
    func extremeOutputs() async throws {
        // One step of SGD at this rate takes the outputs to hundreds of thousands.
        let bench = try await Bench(
            TestKernels.relu, outputs: 3, steps: 3, optimiser: EVT_SGD, schedule: EVT_CONSTANT, rate: 300,
            head: EVT_CROSS_ENTROPY)
        let (outcomes, losses) = try bench.train(seeds: [1])
        #expect(losses.allSatisfy { $0.isFinite } && (losses.max() ?? 0) > 100, "\(losses)")
        #expect(outcomes[0].diverged == 0 && outcomes[0].loss > 100)
        let blowUp = try await Bench(
            TestKernels.identity, outputs: 3, steps: 40, optimiser: EVT_SGD, schedule: EVT_CONSTANT, rate: 1e30,
            head: EVT_CROSS_ENTROPY)
        #expect(try blowUp.train(seeds: [1]).outcomes[0].diverged == 1)
    }

    @Test("tells the accuracy of each group of classes, and which group nobody is in")
    func groups() async throws {
        let bench = try await Bench(TestKernels.gelu, outputs: 2, steps: 200, head: EVT_CROSS_ENTROPY)
        let groups = UnsafeMutablePointer<UInt8>.allocate(capacity: bench.count)
        defer { groups.deallocate() }
        for row in 0..<bench.count { groups[row] = bench.targets[2 * row] == 1 ? 0 : 2 }
        bench.task.pointee.in_distribution.groups = UnsafePointer(groups)
        let outcome = try bench.train(seeds: [1]).outcomes[0]
        let (head, middle, tail) = outcome.group_accuracies
        #expect(middle == -1)
        let share = Double((0..<bench.count).count { groups[$0] == 0 }) / Double(bench.count)
        #expect(abs(share * head + (1 - share) * tail - outcome.in_distribution_accuracy) < 1e-12)
        #expect(outcome.in_distribution_accuracy > 0.7)
    }

    /// - Parameter tolerance: of a loss, relative to one plus the loss.
    private func compare(
        _ bench: Bench, _ function: ReferenceFunction, hidden: [Int], outputs: Int, tolerance: Double
    ) throws {
        let (outcomes, losses) = try bench.train(seeds: [11])
        let (parameters, batches) = try bench.start(seed: 11)
        var naive = function.naive(sizes: [bench.inputs] + hidden + [outputs], block: parameters)
        naive.crossEntropy = bench.task.pointee.head == Int32(EVT_CROSS_ENTROPY)
        let batch = Int(bench.training.batch)
        var worst = 0.0
        for step in 0..<Int(bench.training.steps) {
            let rows = batches[(step * batch)..<((step + 1) * batch)].map(Int.init)
            let rate = Double(bench.training.rate) * 0.5 * (1 + cos(.pi * Double(step) / Double(bench.training.steps)))
            let loss = naive.step(
                rows.map { row in (0..<bench.inputs).map { Double(bench.points[row * bench.inputs + $0]) } },
                rows.map { row in (0..<outputs).map { Double(bench.targets[row * outputs + $0]) } },
                rate: rate, adam: bench.training.optimiser == EVT_ADAM)
            worst = max(worst, abs(loss - Double(losses[step])) / (1 + loss))
        }
        #expect(worst < tolerance, "\(hidden), \(outputs) outputs")
        // The error after training, over all points, beside that of the best constant prediction.
        func target(_ row: Int) -> [Double] { (0..<outputs).map { Double(bench.targets[row * outputs + $0]) } }
        let found = (0..<bench.count).map { row in
            naive.outputs((0..<bench.inputs).map { Double(bench.points[row * bench.inputs + $0]) })
        }
        let mean = (0..<outputs).map { o in (0..<bench.count).reduce(0) { $0 + target($1)[o] } / Double(bench.count) }
        // Of classes, the outputs that make the frequencies: their logarithms.
        let constant = naive.crossEntropy ? mean.map { log($0) } : mean
        let error =
            (0..<bench.count).reduce(0) { $0 + naive.loss(of: found[$1], target($1)) }
            / (0..<bench.count).reduce(0) { $0 + naive.loss(of: constant, target($1)) }
        if naive.crossEntropy {
            let right = (0..<bench.count).count { row in
                found[row].firstIndex(of: found[row].max() ?? 0) == target(row).firstIndex(of: 1)
            }
            #expect(abs(outcomes[0].out_of_distribution_accuracy - Double(right) / Double(bench.count)) < 1e-12)
        }
        #expect(abs(outcomes[0].train - error) < 5 * tolerance * (error + 1e-3))
        #expect(outcomes[0].steps == bench.training.steps)
    }

    @Test("gives a model the same outcome, bit for bit, alone or among others, in clean or dirty memory")
    func independence() async throws {
        let bench = try await Bench(TestKernels.gelu)
        let together = try bench.train(seeds: [1, 2, 3], garbage: 0xFF)
        let alone = try bench.train(seeds: [3])
        #expect(together.outcomes[2].out_of_distribution.bitPattern == alone.outcomes[0].out_of_distribution.bitPattern)
        #expect(together.losses.suffix(12) == alone.losses[...])
        #expect(together.losses[0] != together.losses[12])
    }

    @Test("starts every kernel from the same weights, with unit gain by fan-in")
    func initialWeights() async throws {
        let relu = try await Bench(TestKernels.relu, hidden: [400, 400], inputs: 2)
        let ripple = try await Bench(TestKernels.ripple, hidden: [400, 400], inputs: 2)
        let (a, b) = (try relu.start(seed: 9).parameters, try ripple.start(seed: 9).parameters)
        #expect(a[..<1200] == b[..<1200])
        #expect(a != (try relu.start(seed: 10).parameters))
        let second = a[1200..<(1200 + 160_000)]
        #expect(b[1200] == 0.5, "the trainable parameter of the first layer lies after its biases")
        let variance = second.reduce(0) { $0 + $1 * $1 } / 160_000 * 400
        #expect(abs(variance - 1) < 0.02)
        #expect(abs(second.reduce(0, +)) / 160_000 < 5e-4)
    }

    @Test("sees every point once an epoch, in an order of the seed's own")
    func epochs() async throws {
        let bench = try await Bench(TestKernels.relu, count: 24, batch: 8, steps: 6)
        let batches = try bench.start(seed: 4).batches
        #expect(Set(batches[..<24]) == Set(0..<24))
        #expect(Set(batches[24...]) == Set(0..<24))
        #expect(Array(batches[..<24]) != Array(batches[24...]))
        #expect(try bench.start(seed: 5).batches != batches)
    }

    @Test("ends a model that stops being finite as diverged, and goes on with the next")
    func divergence() async throws {
        let bench = try await Bench(TestKernels.notANumber)
        let (outcomes, losses) = try bench.train(seeds: [1, 2])
        #expect(outcomes.allSatisfy { $0.diverged == 1 && $0.steps == 0 && $0.train == 0 })
        #expect(losses.allSatisfy { $0 == -1 })

        let blowUp = try await Bench(
            TestKernels.relu, steps: 400, optimiser: EVT_SGD, schedule: EVT_CONSTANT, rate: 1e4)
        #expect(try blowUp.train(seeds: [1]).outcomes[0].diverged == 1)
    }

    @Test("learns: a network of GELU fits what a linear one cannot")
    func learning() async throws {
        let gelu = try await Bench(TestKernels.gelu, hidden: [16, 16], steps: 1500)
        let linear = try await Bench(TestKernels.identity, hidden: [16, 16], steps: 1500)
        let (a, b) = (try gelu.train(seeds: [1]).outcomes[0], try linear.train(seeds: [1]).outcomes[0])
        #expect(a.train < 0.3)
        #expect(b.train > 0.5)
    }

    @Test("refuses settings out of range")
    func refusals() async throws {
        let bench = try await Bench(TestKernels.relu)
        let model = [evt_model(task: UnsafePointer(bench.task), seed: 1)]
        var bytes = 0
        func status(_ change: (inout evt_training) -> Void) -> evt_status {
            var training = bench.training
            change(&training)
            return evt_workspace_bytes(&bench.kernel, &training, model, 1, &bytes)
        }
        #expect(status { _ in } == EVT_OK)
        #expect(status { $0.batch = 21 } == EVT_BAD_ARGUMENT)
        #expect(status { $0.steps = 0 } == EVT_BAD_ARGUMENT)
        #expect(status { $0.rate = -1 } == EVT_BAD_ARGUMENT)
        #expect(status { $0.hidden_count = 0 } == EVT_BAD_ARGUMENT)
        #expect(status { $0.optimiser = 7 } == EVT_BAD_ARGUMENT)
        bench.task.pointee.head = Int32(EVT_CROSS_ENTROPY)
        #expect(status { _ in } == EVT_BAD_ARGUMENT, "one output is no choice of classes")
        bench.task.pointee.head = Int32(EVT_SQUARED)
        var outcome = evt_outcome()
        let small = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        defer { small.deallocate() }
        #expect(
            evt_train(&bench.kernel, &bench.training, model, 1, &outcome, nil, small, 64) == EVT_SMALL_WORKSPACE)
    }

    @Test("multiplies with OpenBLAS, not with GSL's slow stand-in of the same name")
    func fastBLAS() throws {
        let openBLAS = try #require(dlopen("libopenblas.so.0", RTLD_NOW | RTLD_NOLOAD))
        #expect(dlsym(nil, "cblas_sgemm") == dlsym(openBLAS, "cblas_sgemm"))
    }
}
