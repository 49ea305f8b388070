/// What elites do, as far as a plan asks for it. Population itself knows cells alone.
package protocol EliteLikeness: Sendable {
    /// How unlike two elites are in what they do, from 0, not at all, to √2; nil where one has no behaviour.
    func unlikeness(_ a: Elite, _ b: Elite) -> Double?

    /// How far the elite, or what is nearest of the expressions inside it, is from what a function of the cell does, whatever
    /// they are multiplied by: from 0 to 1; nil where it has no behaviour.
    func remoteness(of elite: Elite, from cell: ArchiveCell) -> Double?
}
