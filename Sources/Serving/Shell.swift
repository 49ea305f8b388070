import EvolveTypes
import Mustache
import Pages
import Reporting

/// What stands around a run's content while it is served.
enum Shell {
    static let script = PackageResources.live_js

    private static let library: MustacheLibrary? = try? MustacheLibrary(templates: [
        "content": MustacheTemplate(string: String(decoding: PackageResources.content_mustache, as: UTF8.self)),
        "live": MustacheTemplate(string: String(decoding: PackageResources.live_mustache, as: UTF8.self)),
        "list": MustacheTemplate(string: String(decoding: PackageResources.list_mustache, as: UTF8.self)),
        "index": MustacheTemplate(string: String(decoding: PackageResources.index_mustache, as: UTF8.self)),
    ])

    private struct Content {
        var content: String
        var number: Int
        var mark: String
    }

    /// What is exchanged when the run has gone on.
    static func content(_ content: String, number: Int, news: RunFeed.News) throws -> String {
        try render(Content(content: content, number: number, mark: news.mark), "content")
    }

    private struct Live {
        var content: Content
        var isOneOfSeveral: Bool
        var name: String
        var line: String
        var style = Pages.style
    }

    static func run(_ content: String, number: Int, of count: Int, name: String, news: RunFeed.News) throws -> String {
        try render(
            Live(
                content: Content(content: content, number: number, mark: news.mark), isOneOfSeveral: count > 1,
                name: name, line: news.line), "live")
    }

    /// Runs as a table.
    struct List {
        struct Entry {
            var number: Int
            var name: String
            var store: String
            var seed: String
            var phase: String
            var line: String
            var best: String
        }

        var entries: [Entry]

        /// What the table shows, in short.
        var mark: String { Digest.hex(entries.map { "\($0.phase) \($0.line) \($0.best)" }.joined(separator: "\n")) }

        /// "1 searching, 2 complete".
        var phases: String {
            let counts = Dictionary(grouping: entries, by: \.phase).sorted { $0.key > $1.key }
            return counts.map { "\($0.value.count) \($0.key)" }.joined(separator: ", ")
        }
    }

    private struct ListPage {
        var entries: [List.Entry]
        var mark: String
    }

    private struct Index {
        var list: ListPage
        var style = Pages.style
    }

    static func index(_ list: List) throws -> String {
        try render(Index(list: ListPage(entries: list.entries, mark: list.mark)), "index")
    }

    /// What is exchanged when a run has gone on.
    static func list(_ list: List) throws -> String {
        try render(ListPage(entries: list.entries, mark: list.mark), "list")
    }

    /// Names of stores and runs are texts of others.
    private static func render(_ value: Any, _ name: String) throws -> String {
        guard let text = library?.render(value, withTemplate: name) else {
            throw Failure(.internalError, "the server's templates cannot be read")
        }
        return Ink.legible(text)
    }
}
