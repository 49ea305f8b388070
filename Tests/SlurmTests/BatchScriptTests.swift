import EvolveTypes
import Foundation
import Testing

@testable import Slurm

@Suite("A batch script")
struct BatchScriptTests {
    private static func script() -> BatchScript {
        var script = BatchScript(
            title: ["Workers for the run tiny"], jobName: "evolve-tiny", tasks: 4, log: "evolve-%A_%a.log",
            command: [.literal("/opt/e v/evolve"), .literal("worker"), .variable("SLURM_CPUS_PER_TASK")])
        script.time = "2:00:00"
        script.partition = "main"
        script.account = "lab"
        script.qos = "long"
        script.processors = 8
        script.memory = "4G"
        script.options = ["--constraint=avx2"]
        script.variables = [.init(name: "EVOLVE_HOME", value: "/scratch/ann's")]
        script.setUp = ["module load gcc"]
        return script
    }

    @Test("reads as written in the file beside this test")
    func golden() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "expected.sbatch")
        let text = Self.script().text
        if ProcessInfo.processInfo.environment["EVOLVE_WRITE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("leaves out what was not asked for")
    func least() {
        let text = BatchScript(jobName: "j", tasks: 1, log: "l", command: [.literal("true")]).text
        let options = text.split(separator: "\n").filter { $0.hasPrefix("#SBATCH") }.map { $0.dropFirst(8) }
        #expect(
            options == [
                "--job-name=j", "--array=1-1", "--cpus-per-task=1", "--signal=B:USR1@120", "--requeue",
                "--open-mode=append", "--output=l",
            ])
    }

    @Test(
        "gives the shell back each word as it was",
        arguments: [
            "a", "", "two words", "it's", "$HOME `id` \\ \"", "a\nb", "*", "-n", "ü", "~", "postgresql://h/d?run=r&x=1",
        ])
    func quoting(word: String) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "printf '%s|' " + ShellWord.quoted(word)]
        process.standardOutput = pipe
        try process.run()
        let read = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(read == word + "|")
    }

    @Test(
        "knows Slurm's time limits",
        arguments: [
            ("90", 5400), ("1:30", 90), ("2:00:00", 7200), ("1-12", 129_600), ("1-0:30", 88_200), ("2-1:0:5", 176_405),
            ("UNLIMITED", .max), ("0", .max), ("", nil), ("2h", nil), ("1:2:3:4", nil), ("-1", nil), ("1--2", nil),
            ("1:", nil), ("१", nil),
        ] as [(String, Int?)])
    func times(text: String, seconds: Int?) { #expect(BatchScript.seconds(text) == seconds) }

    struct Refusal: Sendable {
        var message: String
        var change: @Sendable (inout BatchScript) -> Void
    }

    @Test(
        "refuses in one line what sbatch would refuse or misread",
        arguments: [
            Refusal(message: "--array is 0: ask for at least 1 task") { $0.tasks = 0 },
            Refusal(message: "--cpus is 0: a task needs at least 1") { $0.processors = 0 },
            Refusal(message: "--signal-seconds is 70000: Slurm takes 1 to 65535") { $0.notice = 70_000 },
            Refusal(message: "the job's name is 'a⏎b': use letters, digits and ._-+,:@%/=[] only") {
                $0.jobName = "a\nb"
            },
            Refusal(message: "--partition is 'a b': use letters, digits and ._-+,:@%/=[] only") {
                $0.partition = "a b"
            },
            Refusal(message: "--time is 'soon': write MINUTES, HOURS:MINUTES:SECONDS or DAYS-HOURS") {
                $0.time = "soon"
            },
            Refusal(
                message:
                    "--time 2 is 120 s, and --signal-seconds 120 would stop a task as it starts: make one longer or the "
                    + "other shorter"
            ) { $0.time = "2" },
            Refusal(message: "--sbatch is 'avx2': write one option of sbatch, as in --sbatch=--constraint=avx2") {
                $0.options = ["avx2"]
            },
            Refusal(message: "--sbatch '--array=1-9': say it with --array of `evolve submit`") {
                $0.options = ["--array=1-9"]
            },
            Refusal(message: "--sbatch '-t5': say it with --time of `evolve submit`") { $0.options = ["-t5"] },
            Refusal(message: "--sbatch '--no-requeue': tasks are always requeued, and append to their logs") {
                $0.options = ["--no-requeue"]
            },
            Refusal(message: "--setup is 'a⏎b': give one line each, several with several --setup") {
                $0.setUp = ["a\nb"]
            },
        ])
    func refusals(refusal: Refusal) {
        var script = Self.script()
        refusal.change(&script)
        #expect(throws: Failure(.misuse, refusal.message)) { try script.check() }
    }

    @Test("is what it should be without changes, and a name of a run becomes one of a job")
    func accepts() throws {
        try Self.script().check()
        #expect(BatchScript.jobName("evolve-säulen 2/b") == "evolve-s-ulen-2-b")
    }
}
