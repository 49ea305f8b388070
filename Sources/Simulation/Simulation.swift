/// `Simulation`: what many workers make of a run, and what a long lookahead does to its search, without the hours and
/// the machines.
///
/// `ClusterSimulation` lets workers of a cluster live, work, fail and come back in virtual time. Queue, leases,
/// leader, plans and commits are the run's own (`InMemoryRunStore` with a virtual clock, `RunLeader`, `RunState`);
/// played is what a slot takes and comes to (`PlayedSlot`), and the loop of `WorkerSitting`, which waits for a real
/// clock. `IdealSchedule` says what in-order commits allow at best.
///
/// `SearchTrial` carries slots out one after the other: plans, tree operators, front end, population are the run's own;
/// what a candidate comes to is played (`PlayedTraining`, against a `HiddenTarget`) or remembered.
///
/// Both are functions of their arguments. Neither asks a model, trains a network, or knows a database: what those
/// cost in reality is not part of the result.
package enum Simulation {}
