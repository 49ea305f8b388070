/// How a search guards against luck while it goes on: some slots re-test an elite on fresh seeds instead of proposing.
package struct RetestPolicy: Codable, Hashable, Sendable {
    /// Share of the slots.
    package var share: Double
    /// Fresh seeds per search task in one re-test.
    package var seeds: Int
    /// Seeds per search task after which a candidate is known well enough.
    package var most: Int

    package init(share: Double, seeds: Int, most: Int) {
        self.share = share
        self.seeds = seeds
        self.most = most
    }
}
