import Foundation
import Testing

@Suite("evolve bench")
struct BenchCommandTests {
    struct Report: Decodable {
        struct Function: Decodable {
            var name: String
            var compileSeconds: [Double]
            var microsecondsPerStep: [Double]
            var ratioToFloor: [Double]
            var trainErrors: [Double]
        }
        struct PerHour: Decodable {
            var firstStage: Double
            var full: Double
        }
        var suite: String
        var hidden: [Int]
        var batch: Int
        var floorMicroseconds: [Double]
        var functions: [Function]
        var workers: Int
        var speedUp: Double
        var candidatesPerHour: PerHour
    }

    @Test("measures a run's suite: floor, functions, candidates per hour")
    func run() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try TinyContent.install(in: evolve)
            let ending = try await evolve(
                "bench", "tiny", "--function", "relu", "--function", "gelu", "--network", "16x16", "--networks", "3",
                "--repeats", "2", "--workers", "2", "--json")
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.suite == "tiny" && report.hidden == [16, 16] && report.workers == 2)
            #expect(report.floorMicroseconds.count == 2 && report.floorMicroseconds.allSatisfy { $0 > 0 })
            #expect(report.functions.map(\.name) == ["relu", "gelu"])
            for function in report.functions {
                #expect(function.compileSeconds.allSatisfy { $0 > 0.005 }, "really compiled, each time")
                #expect(function.trainErrors.count == 3 && function.trainErrors.allSatisfy { $0 > 0 })
                for (time, (floor, ratio)) in zip(
                    function.microsecondsPerStep, zip(report.floorMicroseconds, function.ratioToFloor))
                {
                    #expect(abs(time / floor - ratio) < 1e-9 && time > 0)
                }
            }
            #expect(report.speedUp > 0)
            #expect(report.candidatesPerHour.firstStage > report.candidatesPerHour.full)
        }
    }

    @Test("says in one line what is wrong")
    func misuse() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try TinyContent.install(in: evolve)
            for (arguments, status, text) in [
                (["bench", "tiny", "--suite", "tiny"], 64, "not both"),
                (["bench", "tiny", "--network", "32x0"], 64, "network"),
                (["bench", "tiny", "--batch", "100000"], 65, "training points"),
                (["bench", "tiny", "--function", "nothing"], 65, "nothing"),
                (["bench", "nowhere"], 65, "nowhere"),
            ] {
                let ending = try await evolve(arguments)
                #expect(ending.status == Int32(status), "\(arguments): \(ending.error)")
                #expect(ending.error.contains(text), "\(arguments): \(ending.error)")
                #expect(ending.output.isEmpty)
            }
        }
    }

    @Test("exports networks: every array has the documented size")
    func export() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try TinyContent.install(in: evolve)
            let mixed = try await evolve("bench", "tiny", "--export", "out", "--networks", "6")
            #expect(mixed.status == 65 && mixed.error.contains("inputs"), "\(mixed.error)")
        }
        try await EvolveProgram.with { evolve in
            let ending = try await evolve(
                "bench", "--suite", "bench", "--export", "out", "--networks", "3", "--steps", "7", "--batch", "5")
            #expect(ending.status == 0, "\(ending.error)")
            for (name, count) in [
                ("train_inputs", 3 * 512 * 2), ("ood_targets", 3 * 512), ("weights_0", 3 * 2 * 32),
                ("bias_1", 3 * 32), ("weights_2", 3 * 32), ("batches", 3 * 7 * 5),
            ] {
                let bytes = try Data(contentsOf: evolve.folder.appending(path: "out/\(name)"))
                #expect(bytes.count == 4 * count, "\(name)")
            }
            let batches = try Data(contentsOf: evolve.folder.appending(path: "out/batches"))
            let points = batches.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) }
            #expect(points.allSatisfy { (0..<512).contains($0) } && Set(points).count > 50)
        }
    }
}
