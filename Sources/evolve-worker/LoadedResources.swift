import CTrainer
import Evaluation
import EvolveTypes

/// A loaded shared object; unloaded with the last reference.
final class LoadedKernel {
    var kernel = evt_kernel()

    init(path: String) throws {
        var message = [CChar](repeating: 0, count: 512)
        guard evt_kernel_open(path, &kernel, &message, message.count) == EVT_OK else {
            throw Failure(.internalError, "cannot load the compiled kernel: \(text(message)); delete it and try again")
        }
    }

    deinit { evt_kernel_close(&kernel) }

    func values(at points: [Float]) throws -> [KernelValue] {
        guard !points.isEmpty else { return [] }
        var f = [Float](repeating: 0, count: points.count)
        var df = f
        var scratch = [Float](repeating: 0, count: (1 + Int(kernel.parameters)) * points.count)
        guard evt_kernel_evaluate(&kernel, points, Int64(points.count), &f, &df, &scratch) == EVT_OK else {
            throw Failure(.badInput, "the function looks at its layer and has no value at a point; give it a layer")
        }
        return points.indices.map { KernelValue(x: points[$0], f: f[$0], df: df[$0]) }
    }
}

extension LoadedKernel {
    /// y, dL/dx and dL/dp over a layer, by the kernel's layer functions or, element by element, by its derivatives.
    func values(of layer: LayerRequest) -> LayerValues {
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

/// The trainer's memory: grows to the largest job and stays.
final class Workspace {
    private var allocated: UnsafeMutableRawPointer?
    private var size = 0

    func memory(_ bytes: Int) -> UnsafeMutableRawPointer {
        if let allocated, bytes <= size { return allocated }
        allocated?.deallocate()
        let grown = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        allocated = grown
        size = bytes
        return grown
    }

    deinit { allocated?.deallocate() }
}
