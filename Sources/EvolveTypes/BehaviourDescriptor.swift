/// How an activation looks from afar: what the archive sorts candidates by.
package struct BehaviourDescriptor: Codable, Hashable, Sendable {
    /// Mean slope of f on [−30, −10] and on [10, 30], dimensionless.
    package var leftSlope: Double
    package var rightSlope: Double
    /// Sign changes of f′ on [−6, 6], where pre-activations live.
    package var turns: Int

    package init(leftSlope: Double, rightSlope: Double, turns: Int) {
        self.leftSlope = leftSlope
        self.rightSlope = rightSlope
        self.turns = turns
    }
}
