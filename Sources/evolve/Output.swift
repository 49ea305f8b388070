import EvolveTypes
import Foundation
import Reporting

/// Where text goes: results to standard output, everything else to standard error.
enum Output {
    /// For what `result` prints.
    static let ink = Ink(isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)

    static func result(_ text: String) { write(text + "\n", to: .standardOutput) }

    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n", to: .standardOutput)
    }

    /// One JSON value on one line.
    static func jsonLine(_ value: some Encodable) throws {
        write(String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) + "\n", to: .standardOutput)
    }

    /// Writes a file whole or not at all, and says so.
    static func file(_ data: Data, to file: URL) throws {
        do {
            try data.write(to: file, options: .atomic)
        } catch {
            throw Failure(
                .unavailable, "cannot write \(file.path): name a file in a folder that exists and can be written to")
        }
        note("wrote \(file.relativePath)")
    }

    private static let command = Installation.command()

    /// Commands that a text names, `evolve resume`, are spelled as this one was given.
    static func note(_ text: String) {
        write(text.replacing("`evolve ", with: "`\(command) ") + "\n", to: .standardError)
    }

    /// On the terminal, as it is.
    static func draw(_ text: String) { write(text, to: .standardError) }

    static func error(_ text: String) { note("evolve: \(text)") }

    /// A reader that has gone away (`evolve inspect … | head`) is no error, and neither is a terminal that has.
    private static func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}
