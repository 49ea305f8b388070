/// Which candidates of a cell are its elites.
package enum CellRule: String, Codable, CaseIterable, Sendable {
    /// The one with the highest gain.
    case best
    /// Every one that no other of the cell beats in both gain and cost.
    case pareto
}
