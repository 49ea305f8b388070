import CTrainer
import EvolveTypes
import Foundation

/// Writes networks so that another framework can train the very same ones: data, initial values, batches.
///
/// A folder of raw little-endian arrays in row-major order, described by manifest.json. All networks must have the same
/// number of inputs. With n networks and layer l of fan-in f and u units:
///
/// | file | type | shape |
/// |---|---|---|
/// | train_inputs, ood_inputs | float32 | n × points × inputs, standardised |
/// | train_targets, ood_targets | float32 | n × points |
/// | weights_l, bias_l | float32 | n × f × u, n × u; l = 0 … the number of hidden layers, the last is linear |
/// | batches | int32 | n × steps × batch: training points of each step |
package enum NetworkExport {
    private struct Manifest: Encodable {
        var networks: Int
        var inputs: Int
        var hidden: [Int]
        var batch: Int
        var steps: Int
        var rate: Double
        var optimiser: String
        var schedule: String
        var points: SuitePolicy.Points
    }

    /// - Throws: `Failure(.badInput)` when inputs differ; `Failure(.unavailable)` when the folder cannot be written.
    package static func write(_ networks: [NetworkRequest], of suite: SuitePolicy, into folder: URL) throws {
        var data: [Int: TaskData] = [:]
        for index in Set(networks.map(\.task)) { data[index] = try suite.data(of: index) }
        guard let inputs = data.first?.value.inputs,
            data.values.allSatisfy({ $0.inputs == inputs && $0.outputs == 1 && $0.head == .regression })
        else {
            throw Failure(
                .badInput,
                "the tasks of \(suite.name) differ in their inputs, or have other than one number to predict; "
                    + "export a suite where they agree")
        }
        var files: [String: Data] = [:]
        func append<Value>(_ name: String, _ values: [Value]) {
            values.withUnsafeBytes { files[name, default: Data()].append(contentsOf: $0) }
        }
        for network in networks {
            guard let task = data[network.task] else { continue }
            append("train_inputs", task.train.inputs)
            append("train_targets", task.train.targets)
            append("ood_inputs", task.outOfDistribution.inputs)
            append("ood_targets", task.outOfDistribution.targets)
            let start = try start(of: network, task, suite)
            for (name, values) in start.parameters { append(name, values) }
            append("batches", start.batches)
        }
        let manifest = Manifest(
            networks: networks.count, inputs: inputs, hidden: suite.network.hidden, batch: suite.training.batch,
            steps: suite.training.steps, rate: suite.training.rate, optimiser: suite.training.optimiser.rawValue,
            schedule: suite.training.schedule.rawValue, points: suite.points)
        files["manifest.json"] = try JSONEncoder().encode(manifest)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, bytes) in files { try bytes.write(to: folder.appending(path: name)) }
        } catch {
            throw Failure(.unavailable, "cannot write \(folder.path): \(error.localizedDescription)")
        }
    }

    private static func start(of network: NetworkRequest, _ data: TaskData, _ suite: SuitePolicy) throws
        -> (parameters: [(String, [Float])], batches: [Int32])
    {
        let loaded = LoadedTask(data)
        var kernel = evt_kernel()  // no trainable values
        return try withExtendedLifetime(loaded) {
            try suite.withTraining { training in
                var model = evt_model(task: UnsafePointer(loaded.task), seed: network.seed)
                var count: Int64 = 0
                var order = [Int32](repeating: 0, count: suite.points.train)
                var batches = [Int32](repeating: 0, count: suite.training.steps * suite.training.batch)
                guard evt_parameter_count(&kernel, &training, loaded.task, &count) == EVT_OK else {
                    throw Failure(.badInput, "the network or training of \(suite.name) is out of range")
                }
                var block = [Float](repeating: 0, count: Int(count))
                guard evt_initial_parameters(&kernel, &training, &model, &block) == EVT_OK,
                    evt_batches(&training, &model, &order, &batches) == EVT_OK
                else { throw Failure(.badInput, "the network or training of \(suite.name) is out of range") }
                return (layers(of: block, sizes: [data.inputs] + suite.network.hidden + [1]), batches)
            }
        }
    }

    /// The parameter block cut as evt_trainer.h describes it: every piece starts on a multiple of 16 floats.
    private static func layers(of block: [Float], sizes: [Int]) -> [(String, [Float])] {
        var result: [(String, [Float])] = []
        var offset = 0
        for (layer, (fanIn, units)) in zip(sizes, sizes.dropFirst()).enumerated() {
            for (name, count) in [("weights", fanIn * units), ("bias", units)] {
                result.append(("\(name)_\(layer)", Array(block[offset..<(offset + count)])))
                offset += (count + 15) / 16 * 16
            }
        }
        return result
    }
}
