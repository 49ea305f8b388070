import CTrainer
import Evaluation
import EvolveTypes

// What `check --at` and `check --layer` ask of a kernel. The answer's body is floats, as many as the request makes them.

extension KernelProcess {
    func values(at points: [Float], of job: WorkerJob) throws -> WorkerReply.Result {
        let count = points.count
        let ending = try run(library: job.library, seconds: job.seconds, bytes: 8 * count) { kernel, answer in
            guard count > 0 else { return }
            let f = answer.body.assumingMemoryBound(to: Float.self)
            var scratch = [Float](repeating: 0, count: (1 + Int(kernel.kernel.parameters)) * count)
            guard evt_kernel_evaluate(&kernel.kernel, points, Int64(count), f, f + count, &scratch) == EVT_OK else {
                throw Failure(.badInput, "the function looks at its layer and has no value at a point; give it a layer")
            }
        }
        return ending.result { answer, _ in
            let f = answer.body.assumingMemoryBound(to: Float.self)
            return .evaluated(values: points.indices.map { KernelValue(x: points[$0], f: f[$0], df: f[count + $0]) })
        }
    }

    /// The answer: the number of trainables, then y, dL/dx and dL/dp.
    func values(of layer: LayerRequest, of job: WorkerJob) throws -> WorkerReply.Result {
        let count = layer.x.count
        let bytes = 4 * (1 + 2 * count + Int(EVT_MAX_PARAMETERS))
        let ending = try run(library: job.library, seconds: job.seconds, bytes: bytes) { kernel, answer in
            let floats = answer.body.assumingMemoryBound(to: Float.self)
            let values = kernel.values(of: layer)
            for (place, value) in ([Float(values.trainable.count)] + values.y + values.x + values.trainable)
                .enumerated()
            {
                floats[place] = value
            }
        }
        return ending.result { answer, _ in
            let floats = UnsafeBufferPointer(start: answer.body.assumingMemoryBound(to: Float.self), count: bytes / 4)
            guard let parameters = Int(exactly: floats[0]), (0...Int(EVT_MAX_PARAMETERS)).contains(parameters) else {
                return nil
            }
            let values = floats.dropFirst()
            return .evaluatedLayer(
                LayerValues(
                    y: Array(values.prefix(count)), x: Array(values.dropFirst(count).prefix(count)),
                    trainable: Array(values.dropFirst(2 * count).prefix(parameters))))
        }
    }
}

extension KernelProcess.Ending {
    /// - Parameter read: the reply, or nil when the answer cannot be one. Seconds are an upper bound.
    func result(_ read: (Answer, _ seconds: Double) -> WorkerReply.Result?) -> WorkerReply.Result {
        switch self {
        case .answered(let answer, let seconds):
            read(answer, seconds) ?? .crashed("the answer of the kernel's process is none to what was asked")
        case .crashed(let how): .crashed(how)
        case .timedOut: .timedOut
        case .killed: .killed
        }
    }
}

extension LoadedKernel {
    /// y, dL/dx and dL/dp over a layer, by the kernel's layer functions or, element by element, by its derivatives.
    fileprivate func values(of layer: LayerRequest) -> LayerValues {
        let count = layer.x.count
        let batch = Int64(count / max(1, layer.units))
        let units = Int64(layer.units)
        let bias = [Float](repeating: 0, count: layer.units)
        var y = [Float](repeating: 0, count: count)
        var x = y
        let parameters = Int(kernel.parameters)
        var trainable = [Float](repeating: 0, count: parameters)
        if let forward = kernel.layer_forward, let backward = kernel.layer_backward,
            let size = kernel.layer_workspace
        {
            let memory = Workspace()
            let workspace = memory.memory(max(64, 4 * Int(size(batch, units)))).assumingMemoryBound(to: Float.self)
            withExtendedLifetime(memory) {
                forward(layer.x, bias, &y, batch, units, kernel.initials, workspace)
                backward(
                    layer.x, bias, layer.cotangent, &x, &trainable, batch, units, kernel.initials, workspace)
            }
        } else {
            var slopes = [Float](repeating: 0, count: max(1, parameters) * count)
            kernel.forward_gradient(layer.x, bias, &y, &x, &slopes, batch, units, kernel.initials)
            for place in x.indices { x[place] *= layer.cotangent[place] }
            for index in trainable.indices {
                let parts = zip(slopes[index * count..<(index + 1) * count], layer.cotangent)
                trainable[index] = Float(parts.reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
            }
        }
        return LayerValues(y: y, x: x, trainable: trainable)
    }
}
