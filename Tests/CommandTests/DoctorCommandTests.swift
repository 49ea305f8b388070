import Testing

@Suite("evolve doctor")
struct DoctorCommandTests {
    private struct Report: Decodable {
        struct Check: Decodable {
            var name: String
            var ok: Bool
            var detail: String
            var required: Bool
        }

        var ok: Bool
        var checks: [Check]
    }

    @Test("says of every layer that locks compiled functions in whether it is on")
    func isolation() async throws {
        try await EvolveProgram.with { evolve in
            let report = try await evolve("doctor", "--json").json(Report.self)
            let layers = report.checks.filter { $0.name.hasPrefix("isolation: ") }
            #expect(
                layers.map { String($0.name.dropFirst(11)) } == [
                    "process", "no_new_privs", "rlimits", "Landlock", "seccomp",
                ])
            #expect(layers.allSatisfy { !$0.required && !$0.detail.isEmpty } && layers.prefix(3).allSatisfy(\.ok))
            #expect(report.ok == report.checks.filter(\.required).allSatisfy(\.ok))
            let text = try await evolve("doctor").output
            #expect(text.split(separator: "\n").filter { $0.contains("isolation: ") }.count == 5)
        }
    }
}
