import CTrainer

/// A task's data sets at addresses that stay, as the C trainer needs them.
package final class LoadedTask {
    package let task: UnsafeMutablePointer<evt_task>
    private var numbers: [UnsafeMutableBufferPointer<Float>] = []
    private var bytes: [UnsafeMutableBufferPointer<UInt8>] = []

    package init(_ data: TaskData) {
        task = .allocate(capacity: 1)
        task.initialize(to: evt_task())
        task.pointee.inputs = Int32(data.inputs)
        task.pointee.outputs = Int32(data.outputs)
        task.pointee.train = keep(data.train)
        task.pointee.in_distribution = keep(data.inDistribution)
        task.pointee.out_of_distribution = keep(data.outOfDistribution)
        task.pointee.head = Int32(data.head == .classification ? EVT_CROSS_ENTROPY : EVT_SQUARED)
    }

    deinit {
        numbers.forEach { $0.deallocate() }
        bytes.forEach { $0.deallocate() }
        task.deallocate()
    }

    private func keep(_ points: TaskData.Points) -> evt_points {
        evt_points(
            inputs: keep(points.inputs, in: \.numbers), targets: keep(points.targets, in: \.numbers),
            count: Int64(points.coordinates.count),
            groups: points.groups.isEmpty ? nil : keep(points.groups, in: \.bytes))
    }

    private func keep<Value>(
        _ values: [Value], in list: ReferenceWritableKeyPath<LoadedTask, [UnsafeMutableBufferPointer<Value>]>
    ) -> UnsafePointer<Value>? {
        let buffer = UnsafeMutableBufferPointer<Value>.allocate(capacity: values.count)
        _ = buffer.initialize(from: values)
        self[keyPath: list].append(buffer)
        return UnsafePointer(buffer.baseAddress)
    }
}
