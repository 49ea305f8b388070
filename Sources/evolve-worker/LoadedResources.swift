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
        _ = evt_kernel_evaluate(&kernel, points, Int64(points.count), &f, &df, &scratch)
        return points.indices.map { KernelValue(x: points[$0], f: f[$0], df: df[$0]) }
    }
}

/// A task's data sets at addresses that stay, as the C trainer needs them.
final class LoadedTask {
    let task: UnsafeMutablePointer<evt_task>
    private var buffers: [UnsafeMutableBufferPointer<Float>] = []

    init(_ data: TaskData) {
        task = .allocate(capacity: 1)
        task.initialize(to: evt_task())
        task.pointee.inputs = Int32(data.inputs)
        task.pointee.outputs = 1
        task.pointee.train = keep(data.train)
        task.pointee.in_distribution = keep(data.inDistribution)
        task.pointee.out_of_distribution = keep(data.outOfDistribution)
    }

    deinit {
        buffers.forEach { $0.deallocate() }
        task.deallocate()
    }

    private func keep(_ points: TaskData.Points) -> evt_points {
        evt_points(
            inputs: keep(points.inputs).baseAddress, targets: keep(points.targets).baseAddress,
            count: Int64(points.targets.count))
    }

    private func keep(_ values: [Float]) -> UnsafeMutableBufferPointer<Float> {
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
        _ = buffer.initialize(from: values)
        buffers.append(buffer)
        return buffer
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
