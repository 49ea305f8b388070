import Definitions
import EvolveTypes
import Foundation

/// Where things lie: the content folders, the worker, the caches, the model.
struct Installation: Sendable {
    /// Folder that holds Islands, Fitness and Runs.
    let contentRoot: URL
    /// Private folder with the local model and the compiled kernels.
    let home: URL
    /// Full path of this program.
    let program: String
    let worker: URL
    let environment: [String: String]
    /// How the user called the program, for the commands it suggests.
    let command: String

    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        command = Self.command(environment)
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        self.program = program.path
        worker = program.deletingLastPathComponent().appending(path: "evolve-worker")
        home = Self.home(environment)
        contentRoot = try Self.contentRoot(environment, program: program)
    }

    static func command(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        environment["EVOLVE_COMMAND"] ?? "evolve"
    }

    private static func home(_ environment: [String: String]) -> URL {
        if let given = environment["EVOLVE_HOME"], !given.isEmpty { return URL(fileURLWithPath: given) }
        if let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty {
            return URL(fileURLWithPath: cache).appending(path: "evolve")
        }
        return URL(fileURLWithPath: environment["HOME"] ?? NSHomeDirectory()).appending(path: ".cache/evolve")
    }

    private static func contentRoot(_ environment: [String: String], program: URL) throws -> URL {
        func isRoot(_ folder: URL) -> Bool {
            ["Runs", "Islands", "Fitness"].allSatisfy {
                FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
            }
        }
        if let given = environment["EVOLVE_ROOT"], !given.isEmpty {
            let folder = URL(fileURLWithPath: given)
            guard isRoot(folder) else {
                throw Failure(
                    .unavailable, "EVOLVE_ROOT is \(given), which does not hold the folders Runs, Islands and Fitness")
            }
            return folder
        }
        var folder = program.deletingLastPathComponent()
        while folder.path != "/" {
            if isRoot(folder) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        if isRoot(here) { return here }
        throw Failure(
            .unavailable,
            "the folders Runs, Islands and Fitness are not found; set EVOLVE_ROOT to the folder that holds them")
    }

    /// Full path of an executable on PATH; nil when there is none.
    func program(named name: String) -> String? {
        Self.program(named: name, path: environment["PATH"])
    }

    /// For commands that need no installation.
    static func program(named name: String) -> String? {
        program(named: name, path: ProcessInfo.processInfo.environment["PATH"])
    }

    private static func program(named name: String, path: String?) -> String? {
        (path ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    var loader: DefinitionLoader { DefinitionLoader(root: contentRoot, fetched: home.appending(path: "tables")) }

    /// What networks of known functions came to.
    var outcomeCache: URL { home.appending(path: "outcomes") }
    var kernelCache: URL { home.appending(path: "kernels") }
    /// Bytes that compiled kernels may take (EVOLVE_KERNEL_BYTES); nil = the default.
    var kernelBytes: Int? {
        get throws {
            guard let text = environment["EVOLVE_KERNEL_BYTES"], !text.isEmpty else { return nil }
            guard let bytes = Int(text), bytes > 0 else {
                throw Failure(.badInput, "EVOLVE_KERNEL_BYTES is '\(text)'; write a number of bytes, or unset it")
            }
            return bytes
        }
    }
}
