import Engine
import RunStore

/// `Definitions`: the content folders Islands, Fitness and Runs → validated policies, with the exact bytes read.
///
/// Steps: read a file (`ContentFolder` remembers its bytes) → YAML nodes with marks (`YAMLNode`, `YAMLMapping`) →
/// one short reader per kind of file (`RunDefinition`, `IslandDefinition`, `SuiteDefinition`, `TaskDefinitions`,
/// `FeynmanTable`, `PromptSlots`) → policy structs. A table named on the command line becomes a suite's text first
/// (`CSVSuite`). `DefinitionLoader` is the door.
///
/// Invariants:
/// - Strict: an unknown or duplicate key, a missing key, a wrong type, a number out of range and a name that leads
///   nowhere are refused, each with one line `file:line:column: what, and what to write instead`. All mistakes of one
///   file are told at once, as lines of one `Failure(.badInput)`.
/// - A key is known because a reader asked for it: there is no second list of keys to keep in step.
/// - Everything a run depends on ends up in `LoadedRun`: resume never looks at the folders again.
///
/// It is not where defaults live: a definition says everything, so that the file shows the whole experiment.
package struct LoadedRun: Sendable {
    package var policy: RunPolicy
    /// Every file the policy was made from, in the order they were read.
    package var files: [DefinitionFile]

    package init(policy: RunPolicy, files: [DefinitionFile]) {
        self.policy = policy
        self.files = files
    }
}
