import Foundation
import Glibc

/// `Labs`: real servers for tests, from the scripts in scripts/lab: started on first use, one for all tests of a process,
/// in a private folder that goes with them.
///
/// The script's `hold` keeps the server until its standard input ends. This process alone has the other end of that pipe,
/// so the server goes when the process does, whatever ended it.
struct LabScript: Sendable {
    let name: String
    let folder: String
    /// What `env` prints.
    let environment: [String: String]
    private let holder: FileHandle

    static let folderOfScripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scripts/lab").path

    /// Starts the server; returns when it is ready.
    /// - Parameter settings: variables for the script.
    static func start(_ name: String, _ settings: [String: String] = [:]) throws -> LabScript {
        // Short, whatever the temporary folder is called: the path of a socket has 107 bytes at most.
        var template = Array("/tmp/evolve-\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw LabProblem(description: "no folder in /tmp: \(String(cString: strerror(errno)))")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let (input, holder) = try ChildProcess.pipe()
        let script = try ChildProcess("\(folderOfScripts)/\(name)", ["hold", folder], settings, input: input)
        var text = Data()
        while text.last != UInt8(ascii: "\n") {
            let more = script.output.availableData
            guard !more.isEmpty else { throw LabProblem(description: "scripts/lab/\(name) did not start its server") }
            text += more
        }
        let environment = variables(String(decoding: text, as: UTF8.self))
        return LabScript(name: name, folder: folder, environment: environment, holder: holder)
    }

    /// Runs a verb of the script to its end.
    func callAsFunction(_ verb: String, _ arguments: String...) throws {
        _ = try LabScript.run("\(LabScript.folderOfScripts)/\(name)", [verb, folder] + arguments, [:])
    }

    /// Runs a program with the lab's environment; gives its standard output, throws unless it succeeds.
    func run(_ program: String, _ arguments: [String]) throws -> String {
        try LabScript.run("/usr/bin/env", [program] + arguments, environment)
    }

    private static func run(
        _ path: String, _ arguments: [String], _ environment: [String: String]
    ) throws -> String {
        let process = try ChildProcess(path, arguments, environment)
        let text = String(decoding: process.output.readDataToEndOfFile(), as: UTF8.self)
        let status = process.wait()
        guard status == 0 else {
            throw LabProblem(description: "\(path) \(arguments.joined(separator: " ")): exit status \(status)")
        }
        return text
    }

    /// "export A=b C=d" as a dictionary.
    private static func variables(_ text: String) -> [String: String] {
        let items = text.split(whereSeparator: \.isWhitespace).compactMap { item -> (String, String)? in
            let parts = item.split(separator: "=", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        return Dictionary(items) { $1 }
    }
}
