import EvolveTypes

extension SuitePolicy {
    /// Of all that decides what a function comes to on the suite, and of nothing else: not of budgets, races, ranking or
    /// limits.
    package var measurementDigest: String {
        get throws {
            struct Facts: Encodable {
                var points: Points
                var network: Network
                var training: Training
                var clip: Double
                var tasks: [Task]
                var tables: [String]
            }
            let facts = Facts(
                points: points, network: network, training: training, clip: scoring.clip, tasks: tasks,
                tables: (tables ?? []).map { Digest.hex($0.text) })
            return Digest.hex(try CanonicalJSON.encode(facts))
        }
    }
}
