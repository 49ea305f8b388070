import EvolveTypes
import RunStore

extension RunPolicy {
    /// The policy that a run was started with.
    package init(of manifest: RunManifest) throws {
        do {
            self = try CanonicalJSON.decode(RunPolicy.self, from: manifest.policy)
        } catch is DecodingError {
            throw Failure(
                .badInput,
                "the run \(manifest.name) was made by another version of evolve, whose definitions this one does not read: "
                    + "use that version, or start the run again")
        }
    }
}
