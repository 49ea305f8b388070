/// What a simulated run came to.
package struct ClusterOutcome: Encodable, Sendable {
    package struct Tally: Encodable, Hashable, Sendable {
        /// Workers that died, those of them that led, and those that were cut off for a while.
        package var died = 0
        package var leadersDied = 0
        package var cutOff = 0
        /// Workers that joined again because their lease had run out.
        package var rejoined = 0
        /// Leaderships.
        package var leaders = 0
        /// Claims of slots that another worker had begun.
        package var takenOver = 0
        /// Results that were accepted, and results that were refused because the lease had run out.
        package var handedIn = 0
        package var refused = 0
        /// Slots under way that ended with their worker, and that were given up by one that joined again.
        package var lostWithWorker = 0
        package var givenUp = 0
    }

    package var workers: Int
    package var lookahead: Int
    package var slots: Int
    /// Share of all workers' time that was work which was committed, dead workers' time included.
    package var utilisation: Double
    /// The same of `IdealSchedule` with the same slots.
    package var ideal: Double
    /// Until all seeds are committed; from there until the last slot is opened; in all.
    package var seedSeconds: Double
    package var steadySeconds: Double
    package var seconds: Double
    package var meanSlotSeconds: Double
    package var longestSlotSeconds: Double
    package var tally: Tally
    /// The journal's fingerprint.
    package var chain: String
}
