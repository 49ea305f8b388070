/// `EvolveTypes`: the values every other module speaks in.
///
/// Ids, located diagnostics, keyed random streams, digests, training outcomes and scores, verdicts. Pure values:
/// no file, socket, clock or environment is touched here.
///
/// Invariants:
/// - A bad candidate is data (`Verdict`, `Diagnostic`); a broken machine or bad user input is a thrown `Failure`.
/// - Everything `Codable` here has one canonical JSON form (`CanonicalJSON`): the run's digest is taken over it.

/// A candidate is named by the slot that proposed it; slots are numbered from 0 over the whole run.
package typealias CandidateID = Int

/// The name of a folder under `Islands/`, unique within a run.
package typealias IslandID = String
