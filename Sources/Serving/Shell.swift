import EvolveTypes
import Mustache
import Pages

/// What stands around a run's content while it is served.
enum Shell {
    static let script = PackageResources.live_js

    private static let library: MustacheLibrary? = try? MustacheLibrary(templates: [
        "content": MustacheTemplate(string: String(decoding: PackageResources.content_mustache, as: UTF8.self)),
        "live": MustacheTemplate(string: String(decoding: PackageResources.live_mustache, as: UTF8.self)),
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

    private struct Index {
        struct Entry {
            var number: Int
            var name: String
            var line: String
        }

        var entries: [Entry]
        var style = Pages.style
    }

    static func index(_ runs: [ServedRun], _ news: [RunFeed.News?]) throws -> String {
        let entries = zip(runs, news).enumerated().map { place, run in
            Index.Entry(number: place + 1, name: run.0.name, line: run.1?.line ?? "cannot be read at present")
        }
        return try render(Index(entries: entries), "index")
    }

    private static func render(_ value: Any, _ name: String) throws -> String {
        guard let text = library?.render(value, withTemplate: name) else {
            throw Failure(.internalError, "the server's templates cannot be read")
        }
        return text
    }
}
