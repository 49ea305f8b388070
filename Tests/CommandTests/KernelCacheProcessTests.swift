import Foundation
import Testing

/// Several programs on one cache of kernels at once, one with hardly any room, one killed.
@Suite("The kernel cache among processes")
struct KernelCacheProcessTests {
    @Test("programs that compile, use and evict the same kernels at once all get right values; a killed one harms none")
    func concurrent() async throws {
        try await EvolveProgram.with { program in
            var evolve = program
            // Room for three kernels: every program evicts what others just found.
            evolve.environment = [
                "EVOLVE_HOME": program.folder.appending(path: "home").path, "EVOLVE_KERNEL_BYTES": "50000",
            ]
            let files = try (1...4).map { factor in
                try program.write("float activation(float x) { return \(factor) * x; }\n", to: "f\(factor).c")
            }
            let ready = evolve
            try await withThrowingTaskGroup(of: (Int, EvolveProgram.Ending).self) { group in
                for index in 0..<24 {
                    group.addTask {
                        (index % 4 + 1, try await ready("check", files[index % 4], "--at=2", "--json"))
                    }
                }
                group.addTask {
                    (
                        0,
                        try await ready(
                            "check", files[0], "--at=2", interruption: .init(signal: SIGKILL, afterLines: 0))
                    )
                }
                for try await (factor, ending) in group where factor > 0 {
                    #expect(ending.status == 0, "\(ending.error)")
                    let report = try ending.json(CheckCommandTests.Report.self)
                    #expect(report.values?.first?.f == Double(2 * factor))
                }
            }
            let kernels = program.folder.appending(path: "home/kernels").path
            let names = try FileManager.default.contentsOfDirectory(atPath: kernels)
            #expect(names.count { $0.hasSuffix(".so") } >= 1)
            #expect(names.allSatisfy { $0.hasSuffix(".so") || $0.hasSuffix(".tmp") })
            // And what a crash of the machine may leave is compiled again.
            for name in names { try Data("broken".utf8).write(to: URL(filePath: kernels + "/" + name)) }
            let again = try await ready("check", files[1], "--at=2", "--json")
            #expect(try again.json(CheckCommandTests.Report.self).values?.first?.f == 4)
        }
    }
}
