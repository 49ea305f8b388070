import Evaluation
import EvolveTypes
import Foundation

/// A comma-separated file of the user's, read and cut into cells.
struct TableFile {
    let text: String
    let cells: TableText

    /// Bytes. A run stores its tables, and every worker reads them.
    private static let largest = 16 << 20
    /// Of one table's mistakes, so many are told: a column of the wrong kind has one in every row.
    private static let mistakesTold = 20

    /// - Parameter name: what messages call it.
    /// - Throws: `Failure(.badInput)`, with file, line and column for each mistake in it.
    init(at url: URL, called name: String, from content: ContentFolder) throws {
        text = try content.text(at: url).text
        do {
            cells = try TableText(text)
        } catch {
            throw Self.failure(error, file: name)
        }
    }

    /// Why the file is not even opened; nil = nothing speaks against it.
    static func objection(to url: URL) -> String? {
        let size = (try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
        guard size > largest else { return nil }
        return "the table has \(size >> 20) MiB; at most \(largest >> 20) are read: leave out rows or columns"
    }

    static func failure(_ found: TableProblems, file: String) -> Failure {
        let lines = found.diagnostics.prefix(mistakesTold).map { "\(file):\($0.line):\($0.column): \($0.message)" }
        let more = found.diagnostics.count - lines.count
        return Failure(
            .badInput, (lines + (more > 0 ? ["\(file) has \(more) more mistakes"] : [])).joined(separator: "\n"))
    }
}
