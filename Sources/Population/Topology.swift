/// Where the best of an island travel to.
package enum Topology: String, Codable, CaseIterable, Sendable {
    /// Island i sends to island i + 1, the last to the first.
    case ring
    /// The first island receives from all others, and sends to all others.
    case star
    /// No migration.
    case isolated

    /// - Returns: whom an island sends to, of so many.
    func receivers(from island: Int, of count: Int) -> [Int] {
        switch self {
        case .ring: count > 1 ? [(island + 1) % count] : []
        case .star: island > 0 ? [0] : Array(1..<max(1, count))
        case .isolated: []
        }
    }
}
