import EvolveTypes
import RunStore
import Synchronization

/// The first committed candidate of each behaviour, for those who work while slots are committed.
///
/// Asked with a bound, it says the same at any time after the slots below the bound have been committed.
final class BehaviourIndex: Sendable {
    private let first = Mutex<[String: CandidateID]>([:])

    func note(_ record: SlotRecord) {
        guard let fingerprint = record.fingerprint else { return }
        first.withLock { first in
            if first[fingerprint] == nil { first[fingerprint] = record.slot }
        }
    }

    func twin(of fingerprint: String, below base: Int) -> CandidateID? {
        first.withLock { $0[fingerprint] }.flatMap { $0 < base ? $0 : nil }
    }
}
