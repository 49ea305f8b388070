import EvolveTypes
import Foundation
import Subprocess

/// The programs of a Slurm cluster's login node.
package struct SlurmClient: Sendable {
    /// Gives the full path of a program.
    private let find: @Sendable (String) -> String?

    package init(find: @escaping @Sendable (String) -> String?) { self.find = find }

    /// Throws, in one line of Slurm's own, unless the cluster would run the script one day.
    package func test(_ script: BatchScript) async throws {
        _ = try await sbatch(["--test-only"], script)
    }

    /// - Returns: the job's number.
    package func submit(_ script: BatchScript) async throws -> String {
        let answer = try await sbatch(["--parsable"], script)
        // With several clusters: NUMBER;CLUSTER.
        let job = answer.prefix { $0 != ";" && !$0.isWhitespace }
        guard !job.isEmpty, job.allSatisfy(\.isNumber) else {
            throw Failure(.unavailable, "sbatch gave no job number: \(Self.line(answer))")
        }
        return String(job)
    }

    /// Of the job's tasks that Slurm still knows: how many are in which state. Empty may also mean that the job is over.
    /// - Parameter name: the job's: its number may be another job's by now.
    package func states(of job: String, named name: String) async throws -> [String: Int] {
        // -r: each task of an array on a line of its own.
        let record = try await run("squeue", ["-h", "-r", "-t", "all", "-j", job, "-n", name, "-o", "%T"], seconds: 5)
        guard record.isSuccess else { throw Failure(.unavailable, "squeue: \(Self.line(record.error))") }
        return record.output.split(separator: "\n").reduce(into: [:]) { $0[String($1), default: 0] += 1 }
    }

    private func sbatch(_ options: [String], _ script: BatchScript) async throws -> String {
        try script.check()
        // Not through a pipe: a program that ends with a pipe half read may take this one with it.
        let file = FileManager.default.temporaryDirectory.appending(
            path: "\(script.jobName)-\(UUID().uuidString).sbatch")
        do {
            try Data(script.text.utf8).write(to: file, options: .withoutOverwriting)
        } catch {
            throw Failure(.unavailable, "cannot write \(file.path): \(error.localizedDescription)")
        }
        defer { try? FileManager.default.removeItem(at: file) }
        let record = try await run("sbatch", options + [file.path], seconds: 60)
        guard record.isSuccess else { throw Failure(.unavailable, "sbatch refused: \(Self.line(record.error))") }
        return record.output
    }

    private struct Record: Sendable {
        var isSuccess: Bool
        var output: String
        var error: String
    }

    private func run(_ program: String, _ arguments: [String], seconds: Double) async throws -> Record {
        guard let path = find(program) else {
            throw Failure(
                .unavailable,
                "this is no login node of a Slurm cluster: there is no \(program) on PATH; go to one, or load its module"
            )
        }
        return try await withThrowingTaskGroup(of: Record.self) { group in
            group.addTask {
                let record = try await Subprocess.run(
                    .path(.init(path)), arguments: Arguments(arguments), output: .string(limit: 1 << 22),
                    error: .string(limit: 1 << 16))
                return Record(
                    isSuccess: record.terminationStatus.isSuccess, output: record.standardOutput,
                    error: record.standardError)
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw Failure(.unavailable, "\(program) does not answer within \(Int(seconds)) s: is the cluster up?")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? Record(isSuccess: false, output: "", error: "")
        }
    }

    /// What a program said, as one line without its name.
    private static func line(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { line in
            line.replacing(/^\w+: (error: |fatal: )?/, with: "").trimmingCharacters(in: .whitespaces)
        }
        return lines.isEmpty ? "it said nothing" : lines.joined(separator: "; ")
    }
}
