import Foundation

/// A program that is run to its end.
enum ChildProgram {
    /// - Returns: its exit status, and what it wrote to its output and, if `merging`, to its error output.
    static func run(
        _ path: String, _ arguments: [String], merging: Bool = true
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = merging ? output : FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
