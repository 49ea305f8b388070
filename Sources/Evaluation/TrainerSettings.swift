import CTrainer

extension SuitePolicy {
    /// The suite's network and training as the C trainer takes them; the pointer inside is good during the call.
    /// - Parameter rate: multiple of the suite's learning rate.
    package func withTraining<Result>(
        rate: Double = 1, _ body: (inout evt_training) throws -> Result
    ) rethrows -> Result {
        try network.hidden.map { Int32(clamping: $0) }.withUnsafeBufferPointer { hidden in
            var settings = evt_training(
                hidden: hidden.baseAddress, hidden_count: Int32(clamping: hidden.count),
                optimiser: Int32(training.optimiser == .adam ? EVT_ADAM : EVT_SGD),
                schedule: Int32(training.schedule == .cosine ? EVT_COSINE : EVT_CONSTANT),
                rate: Float(rate * training.rate),
                batch: Int64(training.batch), steps: Int64(training.steps), instructions: EVT_BEST)
            return try body(&settings)
        }
    }
}
