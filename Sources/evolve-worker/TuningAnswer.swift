import Evaluation

/// A tuning's reply as numbers in an answer: gain before and after, trials, steps, then the tuned values.
enum TuningAnswer {
    private static let fixed = 4

    static func bytes(_ request: TuningRequest) -> Int { 8 * (fixed + request.numbers.count) }

    static func write(_ reply: TuningReply, to answer: Answer) {
        let numbers =
            [reply.before, reply.after, Double(reply.trials), Double(reply.steps)] + reply.values.map(Double.init)
        answer.body.assumingMemoryBound(to: Double.self).update(from: numbers, count: numbers.count)
    }

    /// nil when what is there cannot be the reply.
    static func read(_ answer: Answer, _ request: TuningRequest, steps: Int, seconds: Double) -> TuningReply? {
        let count = fixed + request.numbers.count
        let numbers = UnsafeBufferPointer(start: answer.body.assumingMemoryBound(to: Double.self), count: count)
        guard let trials = Int(exactly: numbers[2]), let trained = Int(exactly: numbers[3]) else { return nil }
        let reply = TuningReply(
            values: numbers.dropFirst(fixed).map { Float($0) }, before: numbers[0], after: numbers[1], trials: trials,
            steps: trained, seconds: seconds)
        return reply.isPossible(for: request, steps: steps) ? reply : nil
    }
}
