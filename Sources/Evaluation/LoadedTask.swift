import CTrainer

/// A task's data sets at addresses that stay, as the C trainer needs them.
package final class LoadedTask {
    package let task: UnsafeMutablePointer<evt_task>
    private var buffers: [UnsafeMutableBufferPointer<Float>] = []

    package init(_ data: TaskData) {
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
