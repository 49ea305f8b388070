import ActivationCompiler
import ArgumentParser
import Definitions
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Reporting

/// `evolve doctor`: is everything there that a run needs?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that everything a run needs is there and works.")

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let installation = try Installation()
        var checks: [Check] = []
        checks.append(await Self.check("definitions") { try Self.definitions(installation) })
        checks.append(
            await Self.check("C compiler") { try Laboratory.compiler(installation).command.joined(separator: " ") })
        checks.append(await Self.check("worker") { try await Self.worker(installation) })
        checks += await Self.isolation(installation)
        checks.append(
            await Self.check("local model") {
                let facts = try installation.loader.model(named: Self.localModel)
                try ModelHost(installation: installation).check(facts)
                return "\(facts.name), by "
                    + (installation.program(named: "llama-server") ?? LocalModelPaths.serverPackage)
            })
        checks.append(await Self.check("this folder") { try Self.writable() })
        checks.append(await Self.check("machine") { Self.machine() })

        let report = Report(ok: checks.allSatisfy { $0.ok || !$0.required }, checks: checks)
        if json {
            try Output.json(report)
        } else {
            var columns = Columns([.left, .left, .left])
            for check in checks {
                let isMissing = !check.ok && check.required
                columns.add([isMissing ? Output.ink.worse(check.word) : check.word, check.name, check.detail])
            }
            Output.result(columns.lines.joined(separator: "\n"))
        }
        if !report.ok { throw ExitCode(Failure.Kind.unavailable.rawValue) }
    }

    struct Check: Encodable {
        var name: String
        var ok: Bool
        var detail: String
        /// Whether a run needs it.
        var required = true

        var word: String { ok ? "ok" : required ? "MISSING" : "off" }
    }

    struct Report: Encodable {
        var ok: Bool
        var checks: [Check]
    }

    private static func check(_ name: String, _ body: () async throws -> String) async -> Check {
        do {
            return Check(name: name, ok: true, detail: try await body())
        } catch {
            return Check(name: name, ok: false, detail: "\(error)")
        }
    }

    private static func definitions(_ installation: Installation) throws -> String {
        let loader = installation.loader
        let names = loader.runNames()
        for name in names { _ = try loader.run(named: name) }
        return "\(names.count) runs: \(names.joined(separator: ", "))"
    }

    /// Compiles the reference, starts a worker, and asks for f(0) and f'(0).
    private static func worker(_ installation: Installation) async throws -> String {
        guard case .compiled(let relu) = ActivationPipeline().compile(Self.probe) else {
            throw Failure(.internalError, "the probe function is refused; please report this")
        }
        let values = try await Laboratory.values(of: relu.kernel, at: [-1, 2], installation: installation)
        guard values.map(\.f) == [0, 2], values.map(\.df) == [0, 1] else {
            throw Failure(.internalError, "the compiled probe function computes wrong values; please report this")
        }
        return "compiles, loads and computes"
    }

    /// One check a layer, as a worker's own trial says; without one of them runs go on, less safely.
    private static func isolation(_ installation: Installation) async -> [Check] {
        do {
            return try await Laboratory.isolation(installation).lines.map {
                Check(name: "isolation: \($0.name)", ok: $0.isOn, detail: $0.detail, required: false)
            }
        } catch {
            return [Check(name: "isolation", ok: false, detail: "\(error)")]
        }
    }

    private static let localModel = "smollm2-135m"

    private static let probe = """
        // ReLU
        float activation(float x) { return fmaxf(x, 0.0f); }
        """

    private static func writable() throws -> String {
        let folder = FileManager.default.currentDirectoryPath
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw Failure(.unavailable, "\(folder) is not writable; start runs elsewhere or give --store")
        }
        return "\(folder) is writable"
    }

    private static func machine() -> String {
        let info = ProcessInfo.processInfo
        return "\(info.activeProcessorCount) cores, \(info.physicalMemory >> 30) GiB of memory"
    }
}
