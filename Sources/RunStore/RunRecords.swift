import EvolveTypes
import Foundation

/// A definition file as it was when the run started.
package struct DefinitionFile: Codable, Hashable, Sendable {
    /// Path relative to the content root, for example "Islands/smooth/island.yaml".
    package var path: String
    package var sha256: String
    package var bytes: Data

    package init(path: String, bytes: Data) {
        self.path = path
        self.sha256 = Digest.hex(bytes)
        self.bytes = bytes
    }
}

/// Written once, when the run is created.
package struct RunManifest: Codable, Hashable, Sendable {
    package var name: String
    package var seed: UInt64
    /// Canonical JSON of the resolved run policy: all that resume needs.
    package var policy: Data
    package var definitions: [DefinitionFile]
    /// True when answers come from another run's record only; a missing one is then a failed answer.
    package var replay: Bool
    /// Wall clock, for people only; outside the digest.
    package var createdAt: Date

    package init(
        name: String, seed: UInt64, policy: Data, definitions: [DefinitionFile], replay: Bool, createdAt: Date
    ) {
        self.name = name
        self.seed = seed
        self.policy = policy
        self.definitions = definitions
        self.replay = replay
        self.createdAt = createdAt
    }
}

/// A call of a language model that is about to be made.
package struct CallRecord: Codable, Hashable, Sendable {
    package var slot: Int
    /// Counts the slot's calls from 0; given by the store.
    package var attempt: Int
    package var turn: Int
    package var model: String
    package var prompt: String
    /// What the call may cost, generously: what is written off when it comes to nothing.
    package var estimate: Spend

    package init(slot: Int, attempt: Int = 0, turn: Int, model: String, prompt: String, estimate: Spend) {
        self.slot = slot
        self.attempt = attempt
        self.turn = turn
        self.model = model
        self.prompt = prompt
        self.estimate = estimate
    }
}

/// One call of a language model and what came back.
package struct AnswerRecord: Codable, Hashable, Sendable {
    /// A request of a call that came to nothing.
    package struct Fault: Codable, Hashable, Sendable {
        /// What went wrong, in the words of a fixed list, for example "rate limited".
        package var kind: String
        /// For people.
        package var detail: String

        package init(kind: String, detail: String) {
            self.kind = kind
            self.detail = detail
        }
    }

    package var slot: Int
    /// Counts the slot's calls from 0.
    package var attempt: Int
    /// Which of the slot's questions was asked: 0 the first, 1 that for a repair. Nil in older stores: as `attempt`.
    package var turn: Int?
    package var model: String
    package var prompt: String
    package var promptSHA256: String
    /// What the model wrote; nil when the request failed.
    package var text: String?
    /// Why the call failed; nil when it did not.
    package var failure: String?
    /// The kind of `failure` (as in `Fault`); nil when the call did not fail, and in older stores.
    package var fault: String?
    /// Requests of the call that failed before the last one, in order; nil = none.
    package var earlier: [Fault]?
    /// Requests that were sent to a server, failed ones included; nil in older stores.
    package var requests: Int?
    /// Inspirations left out of the prompt, so that it fits the model's context; nil = none.
    package var dropped: Int?
    package var promptTokens: Int
    package var completionTokens: Int
    /// What the call cost, US dollars; nil = nothing, or not known.
    package var dollars: Double?
    /// Seconds the model worked on it (if the server says so, without the wait for its turn); outside the digest.
    package var seconds: Double

    package init(
        slot: Int, attempt: Int, turn: Int? = nil, model: String, prompt: String, text: String?, failure: String?,
        promptTokens: Int, completionTokens: Int, seconds: Double
    ) {
        self.slot = slot
        self.attempt = attempt
        self.turn = turn
        self.model = model
        self.prompt = prompt
        self.promptSHA256 = Digest.hex(prompt)
        self.text = text
        self.failure = failure
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.seconds = seconds
    }
}

/// The outcome of one slot: a line of the journal.
package struct SlotRecord: Codable, Hashable, Sendable {
    package var slot: CandidateID
    package var island: IslandID
    /// `VariationOperator.rawValue`: what the slot was planned for.
    package var variation: String
    /// The operator that stood in, because the model was not to be had or no graft came about; nil = none.
    package var standIn: String?
    package var parents: [CandidateID]
    /// Shown to the model besides the parents; nil = none.
    package var inspirations: [CandidateID]?
    /// Name of the model that was to propose it; nil for the other operators.
    package var model: String?
    /// What the slot's calls have cost, by model, those included that came to nothing; nil = none was made.
    package var spend: [String: Spend]?
    /// What calls of workers that died have cost besides, by model: an accident, outside the digest; nil = none.
    package var lost: [String: Spend]?
    /// The candidate's C text; nil when the operator gave none.
    package var source: String?
    /// The source's first comment: what its author says of it.
    package var idea: String?
    package var canonicalHash: String?
    package var fingerprint: String?
    /// Static cost per element.
    package var cost: Double?
    package var descriptor: BehaviourDescriptor?
    package var verdict: Verdict
    /// Optimiser steps that the operator itself spent, besides those of the score: of constant tuning alone.
    package var tuningSteps: Int?
    /// Outside the digest.
    package var times = Times(propose: 0, compile: 0, train: 0)

    /// Without `lost` and `times`: the journal's line is what was decided, and stores keep the rest beside it.
    private enum CodingKeys: String, CodingKey {
        case slot, island, variation, standIn, parents, inspirations, model, spend, source, idea, canonicalHash
        case fingerprint, cost, descriptor, verdict, tuningSteps
    }

    /// What happened on the way.
    package var accidents: Accidents {
        get { Accidents(times: times, lost: lost) }
        set { (times, lost) = (newValue.times, newValue.lost) }
    }

    package struct Accidents: Codable, Hashable, Sendable {
        package var times: Times
        package var lost: [String: Spend]?

        package init(times: Times, lost: [String: Spend]? = nil) {
            self.times = times
            self.lost = lost
        }
    }

    /// Wall-clock seconds of the stages; for people only, outside the digest.
    package struct Times: Codable, Hashable, Sendable {
        package var propose: Double
        package var compile: Double
        package var train: Double

        package init(propose: Double, compile: Double, train: Double) {
            self.propose = propose
            self.compile = compile
            self.train = train
        }
    }

    package init(
        slot: CandidateID, island: IslandID, variation: String, standIn: String? = nil, parents: [CandidateID],
        inspirations: [CandidateID]? = nil, model: String?, spend: [String: Spend]? = nil, source: String?,
        idea: String?,
        canonicalHash: String?, fingerprint: String?, cost: Double?,
        descriptor: BehaviourDescriptor?, verdict: Verdict, tuningSteps: Int? = nil, times: Times
    ) {
        self.slot = slot
        self.island = island
        self.variation = variation
        self.standIn = standIn
        self.parents = parents
        self.inspirations = inspirations
        self.model = model
        self.spend = spend
        self.source = source
        self.idea = idea
        self.canonicalHash = canonicalHash
        self.fingerprint = fingerprint
        self.cost = cost
        self.descriptor = descriptor
        self.verdict = verdict
        self.tuningSteps = tuningSteps
        self.times = times
    }
}

/// A change of the models that a run asks, or of what they may cost, made when it was resumed.
package struct AmendmentRecord: Codable, Hashable, Sendable {
    package var index: Int
    /// The first slot it holds for: those committed before keep what held then.
    package var slot: Int
    /// Canonical JSON of what holds from there on.
    package var models: Data
    /// Wall clock, for people only; outside the digest.
    package var createdAt: Date

    package init(index: Int, slot: Int, models: Data, createdAt: Date) {
        self.index = index
        self.slot = slot
        self.models = models
        self.createdAt = createdAt
    }
}
