import EvolveTypes
import Foundation

/// What a pool and its worker process say to each other: one JSON value a line, each way in turn.
///
/// The pool sends one `WorkerSetup`, then `WorkerJob`s; the worker answers every line with one `WorkerReply`.
/// The worker's standard output carries nothing else.
package struct WorkerSetup: Codable, Sendable {
    /// Tasks and training; nil for a worker that only evaluates kernels.
    package var suite: SuitePolicy?
    /// Address space of the worker, in bytes.
    package var memoryLimit: Int
    package var isolation: Isolation

    package init(suite: SuitePolicy?, memoryLimit: Int, isolation: Isolation = .full) {
        self.suite = suite
        self.memoryLimit = memoryLimit
        self.isolation = isolation
    }
}

package struct WorkerJob: Codable, Sendable {
    package enum Work: Codable, Sendable {
        case train(models: [NetworkRequest])
        /// The matrix products of so many training steps, by OpenBLAS and nothing else; needs no library.
        case floor(inputs: Int, steps: Int)
        case evaluate(points: [Float])
        case evaluateLayer(LayerRequest)
        case tune(TuningRequest)
        /// How kernels are locked in; needs no library.
        case isolation
    }

    package var id: Int
    /// Path of the kernel's shared object.
    package var library: String
    package var work: Work
    /// After so many seconds the kernel is killed.
    package var seconds: Double

    package init(id: Int, library: String, work: Work, seconds: Double) {
        self.id = id
        self.library = library
        self.work = work
        self.seconds = seconds
    }
}

/// One network to train: a task of the suite by its index, and the seed of initial weights and batches.
package struct NetworkRequest: Codable, Hashable, Sendable {
    package var task: Int
    package var seed: UInt64
    /// Learning rate as a multiple of the suite's; nil = the suite's.
    package var rate: Double?

    package init(task: Int, seed: UInt64, rate: Double? = nil) {
        self.task = task
        self.seed = seed
        self.rate = rate
    }
}

package struct WorkerReply: Codable, Sendable {
    package enum Result: Codable, Sendable {
        /// The setup is accepted.
        case ready
        /// One outcome per requested model, in order; seconds of the core's time.
        case trained(outcomes: [TrainingOutcome], seconds: Double)
        /// Seconds of the core's time.
        case timed(seconds: Double)
        case evaluated(values: [KernelValue])
        case evaluatedLayer(LayerValues)
        case tuned(TuningReply)
        case isolated(IsolationReport)
        /// The kernel's process ended before it answered, or its answer cannot be; the text says how.
        case crashed(String)
        /// The kernel's process was killed at the job's limit.
        case timedOut
        /// Somebody else killed the kernel's process: an operating system without memory, or a person.
        case killed
        /// Neither the candidate's fault nor a crash; `kind` is a `Failure.Kind`.
        case failed(kind: Int32, message: String)
    }

    /// The job's; 0 for the setup.
    package var id: Int
    package var result: Result

    package init(id: Int, result: Result) {
        self.id = id
        self.result = result
    }
}

/// A compiled function and its derivative at one point, in float32, trainable values at their initial values.
package struct KernelValue: Codable, Hashable, Sendable {
    package var x: Float
    package var f: Float
    package var df: Float

    package init(x: Float, f: Float, df: Float) {
        self.x = x
        self.f = f
        self.df = df
    }
}

/// A layer [batch × units] and dL/dy of it, sample by sample.
package struct LayerRequest: Codable, Sendable {
    package var units: Int
    package var x: [Float]
    package var cotangent: [Float]

    package init(units: Int, x: [Float], cotangent: [Float]) {
        self.units = units
        self.x = x
        self.cotangent = cotangent
    }
}

/// What a compiled kernel makes of it, in float32, trainable values at their initial values.
package struct LayerValues: Codable, Sendable {
    /// [batch × units].
    package var y: [Float]
    /// dL/dx, [batch × units].
    package var x: [Float]
    /// dL/dp of each trainable.
    package var trainable: [Float]

    package init(y: [Float], x: [Float], trainable: [Float]) {
        self.y = y
        self.x = x
        self.trainable = trainable
    }
}

/// JSON for one line. Unlike the run's records it must carry NaN and infinities (a kernel may have such values).
package enum WorkerLine {
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from line: some Sequence<UInt8>) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(type, from: Data(line))
    }
}
