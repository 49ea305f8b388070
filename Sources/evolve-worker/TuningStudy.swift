import CTrainer
import Evaluation
import EvolveTypes

/// One minimisation: GSL asks for the loss of a set of shifts, networks are trained with the numbers that these mean.
final class TuningStudy {
    private let request: TuningRequest
    /// The kernel's `p` with the numbers of the trial at hand.
    private var values: [Float]
    /// Outcomes of the request's networks for these values of `p`.
    private let train: (_ values: [Float]) throws -> [TrainingOutcome]
    private var steps = 0
    /// A broken machine: GSL cannot be stopped from inside, so what follows is not trained, and this is thrown at the end.
    private var failure: (any Error)?

    private init(
        _ request: TuningRequest, initials: [Float],
        train: @escaping (_ values: [Float]) throws -> [TrainingOutcome]
    ) {
        self.request = request
        values = initials
        self.train = train
    }

    /// In the kernel's process.
    static func run(_ request: TuningRequest, _ training: NetworkTraining, _ kernel: LoadedKernel) throws -> TuningReply
    {
        let count = Int(kernel.kernel.parameters + kernel.kernel.frozen)
        guard request.numbers.allSatisfy({ $0.places.allSatisfy((0..<count).contains) }) else {
            throw Failure(.internalError, "a number to tune has no place in the kernel")
        }
        let own = kernel.kernel.initials
        defer { kernel.kernel.initials = own }
        let study = TuningStudy(request, initials: Array(UnsafeBufferPointer(start: own, count: count))) { values in
            try values.withUnsafeBufferPointer { values in
                kernel.kernel.initials = values.baseAddress
                return try zip(training.outcomes(kernel), training.loaded).map { TrainingOutcome($0, of: $1) }
            }
        }
        return try study.run()
    }

    /// - Returns: the reply, its seconds still 0.
    private func run() throws -> TuningReply {
        let start = [Double](repeating: 0, count: request.numbers.count)
        let steps = [Double](repeating: TuningRequest.step, count: request.numbers.count)
        var best = start
        var found = evt_minimum()
        let status = start.withUnsafeBufferPointer { start in
            steps.withUnsafeBufferPointer { steps in
                var search = evt_search(
                    dimensions: Int32(clamping: start.count), trials: Int32(clamping: request.trials),
                    start: start.baseAddress, steps: steps.baseAddress)
                return evt_minimise(
                    &search,
                    { point, dimensions, context in
                        guard let point, let context else { return .infinity }
                        let study = Unmanaged<TuningStudy>.fromOpaque(context).takeUnretainedValue()
                        return study.loss(Array(UnsafeBufferPointer(start: point, count: Int(dimensions))))
                    }, Unmanaged.passUnretained(self).toOpaque(), &best, &found)
            }
        }
        if let failure { throw failure }
        guard status == EVT_OK else {
            throw Failure(.badInput, "these numbers cannot be tuned (minimiser status \(status.rawValue))")
        }
        return TuningReply(
            values: zip(request.numbers, best).map { $0.moved(by: $1) }, before: -found.first, after: -found.value,
            trials: Int(found.trials), steps: self.steps, seconds: 0)
    }

    /// Minus the mean gain, in decibels.
    private func loss(_ shifts: [Double]) -> Double {
        guard failure == nil, TuningRequest.isWithinReach(shifts) else { return .infinity }
        for (number, shift) in zip(request.numbers, shifts) {
            let value = number.moved(by: shift)
            for place in number.places { values[place] = number.isNegative ? -value : value }
        }
        do {
            let trained = try train(values)
            steps += trained.reduce(0) { $0 + $1.steps }
            return -request.gain(trained)
        } catch {
            failure = error
            return .infinity
        }
    }
}
