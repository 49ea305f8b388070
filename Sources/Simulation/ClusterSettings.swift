import Engine

/// The machines of a simulated cluster, and what happens to them. A worker does one slot at a time.
package struct ClusterSettings: Sendable {
    package var workers: Int
    /// Times a worker fails in an hour of its life, on average.
    package var failuresPerHour: Double
    /// Share of the failures in which it is only cut off, for up to `longestSilence` seconds, and goes on afterwards.
    package var cutOffShare: Double
    package var longestSilence: Double
    /// Seconds until another takes the place of one that died.
    package var restart: Double
    package var rhythm: Rhythm
    /// Of the failures' streams.
    package var seed: UInt64

    package init(
        workers: Int, failuresPerHour: Double, cutOffShare: Double = 0.2, longestSilence: Double = 120,
        restart: Double = 120, rhythm: Rhythm = .cluster, seed: UInt64 = 1
    ) {
        self.workers = workers
        self.failuresPerHour = failuresPerHour
        self.cutOffShare = cutOffShare
        self.longestSilence = longestSilence
        self.restart = restart
        self.rhythm = rhythm
        self.seed = seed
    }
}
