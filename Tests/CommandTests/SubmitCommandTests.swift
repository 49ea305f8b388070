import Foundation
import Testing

/// `evolve submit` as far as it goes without a cluster.
@Suite("Submitting")
struct SubmitCommandTests {
    @Test("prints a script that has all that was asked for, and no password, and makes nothing")
    func dryRun() async throws {
        try await EvolveProgram.with { plain in
            var evolve = try TinyContent.install(in: plain)
            evolve.environment["PGPASSFILE"] = "/home/ann/.pgpass"
            let ending = try await evolve(
                "submit", "tiny", "--store", "postgresql://ann:se%40cret@db:6432/lab?sslmode=require&run=r1", "--array",
                "4", "--time", "2:00:00", "--cpus", "8", "--setup", "module load gcc", "--sbatch", "--constraint=avx2",
                "--lease", "20", "--dry-run", "--output", "r1.sbatch")
            #expect(ending.status == 0, "\(ending.error)")
            let lines = ending.output.split(separator: "\n").map(String.init)
            for line in [
                "#SBATCH --job-name=evolve-tiny", "#SBATCH --array=1-4", "#SBATCH --time=2:00:00",
                "#SBATCH --constraint=avx2", "export PGPASSFILE=/home/ann/.pgpass", "module load gcc",
                "\(EvolveProgram.products.path)/evolve worker --store "
                    + "'postgresql://ann@db:6432/lab?sslmode=require&run=r1' --lease 20.0 --workers "
                    + "\"$SLURM_CPUS_PER_TASK\" &",
            ] { #expect(lines.contains(line), "\(line)\n\(ending.output)") }
            #expect(!ending.output.contains("cret"))
            let written = try String(contentsOf: evolve.folder.appending(path: "r1.sbatch"), encoding: .utf8)
            #expect(written == ending.output)
        }
    }

    @Test("refuses what cannot work, in a line that says what to do")
    func refusals() async throws {
        try await EvolveProgram.with { plain in
            var evolve = try TinyContent.install(in: plain)
            evolve.environment["PATH"] = "/nowhere"
            let store = ["--store", "postgresql://h/d"]
            for (arguments, status, message) in [
                (["tiny"], 64, "the locks of SQLite are not to be trusted"),
                (
                    ["tiny", "--store", "a.evolve", "--force-file-store", "--array", "2"], 64,
                    "needs one node for all tasks"
                ),
                (["tiny"] + store, 69, "this is no login node of a Slurm cluster: there is no sbatch on PATH"),
                (["tiny", "--array", "0"] + store, 64, "--array is 0: ask for at least 1 task"),
                (["tiny", "--time", "soon"] + store, 64, "--time is 'soon'"),
                (["--again"], 64, "--again takes --store"),
                (["postgresql://h/d", "--seed", "3"], 64, "The run is made already"),
                ([], 64, "Name a run"),
            ] as [([String], Int32, String)] {
                let ending = try await evolve(["submit"] + arguments)
                #expect(ending.status == status && ending.error.contains(message), "\(arguments): \(ending.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "a.evolve").path))
        }
    }
}
