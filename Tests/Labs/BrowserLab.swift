import Foundation

/// Chromium, driven by Playwright: both from scripts/setup --tests.
package enum BrowserLab {
    private static let home = ProcessInfo.processInfo.environment["EVOLVE_HOME"] ?? ""
    private static let python = "\(home)/browser/bin/python3"

    /// Whether tests that need a browser run. `scripts/test` sets EVOLVE_REQUIRE_BROWSER: then a missing one is a failure.
    package static let isUsable =
        ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_BROWSER"] == "1"
        || FileManager.default.isExecutableFile(atPath: python)

    /// Runs a script of Tests/Labs/Browser.
    /// - Returns: what it prints, errors included; throws unless it succeeds.
    package static func run(_ script: String, _ arguments: [String]) throws -> String {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Browser/\(script)").path
        let process = try ChildProcess(
            "/bin/sh", ["-c", "exec 2>&1; exec \"$@\"", "sh", python, "-B", path] + arguments, [:])
        let text = String(decoding: process.output.readDataToEndOfFile(), as: UTF8.self)
        let status = process.wait()
        guard status == 0 else {
            throw LabProblem(description: "\(script): exit status \(status)\n\(text.suffix(4000))")
        }
        return text
    }
}
