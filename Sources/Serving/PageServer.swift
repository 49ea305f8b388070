import EvolveTypes
import Foundation
import Hummingbird
import Logging
import NIOCore
import Pages
import Reporting
import RunStore
import ServiceLifecycle

/// A run that is to be shown.
package struct ServedRun: Sendable {
    var name: String
    /// What tells it from others that are served.
    var label: String
    var seed: UInt64
    /// As commands on this machine take it, wherever they are given.
    var place: String
    var store: any WorkQueue
    /// Slots that it is to have.
    var total: Int

    package init(label: String, place: String, store: any WorkQueue) throws {
        self.label = label
        self.place = place
        self.store = store
        let policy = try RunReader(store).policy
        (name, seed, total) = (policy.name, policy.seed, policy.slots)
    }
}

/// Serves runs on the loopback interface until the program is told to stop.
package struct PageServer: Sendable {
    private let runs: [ServedRun]
    private let feeds: [RunFeed]
    private let gate: Gate

    /// - Parameter token: what a visitor has to know.
    package init(_ runs: [ServedRun], token: String, program: RunPage.Program, gnuplot: Gnuplot) {
        self.runs = runs
        feeds = runs.map { RunFeed($0, gnuplot: gnuplot, program: program) }
        gate = Gate(token: token)
    }

    /// - Parameters:
    ///   - port: 0 = one that is free.
    ///   - announce: is told the port.
    /// - Throws: `Failure(.unavailable)` when the port is taken.
    package func serve(port: Int, announce: @escaping @Sendable (Int) async -> Void) async throws {
        let application = Application(
            router: router(), configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in if let port = channel.localAddress?.port { await announce(port) } },
            logger: Logger(label: "evolve") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await application.runService()
        } catch let error as IOError where error.errnoCode == EADDRINUSE || error.errnoCode == EACCES {
            throw Failure(
                .unavailable,
                "port \(port) cannot be had here: another program may use it; leave out --port for a free one")
        }
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: gate)
        router.get("/") { _, _ in
            runs.count == 1
                ? Response.redirect(to: "/runs/1", type: .found) : try Self.html(Shell.index(await list()))
        }
        router.get("/list/content") { _, _ in try Self.html(Shell.list(await list())) }
        router.get("/list/events") { _, _ in
            Self.events {
                let list = await list()
                return Event(mark: list.mark, line: list.phases, phase: list.phases)
            }
        }
        router.get("/live.js") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/javascript; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: Shell.script)))
        }
        router.get("/runs/:number") { _, context in
            let (number, feed) = try feed(context)
            let (content, news) = try await Self.answering { try await feed.html() }
            return try Self.html(
                Shell.run(content, number: number, of: runs.count, name: title(of: number), news: news))
        }
        router.get("/runs/:number/content") { _, context in
            let (number, feed) = try feed(context)
            let (content, news) = try await Self.answering { try await feed.html() }
            return try Self.html(Shell.content(content, number: number, news: news))
        }
        router.get("/runs/:number/events") { _, context in
            let feed = try feed(context).1
            return Self.events {
                do {
                    let news = try await feed.news()
                    return Event(mark: news.mark, line: news.line, phase: news.phase.rawValue)
                } catch let failure as Failure {
                    return Event(mark: nil, line: failure.message, phase: nil)
                }
            }
        }
        return router
    }

    private func feed(_ context: BasicRequestContext) throws -> (Int, RunFeed) {
        guard let number = context.parameters.get("number", as: Int.self), feeds.indices.contains(number - 1) else {
            throw HTTPError(.notFound, message: "there is no such run here")
        }
        return (number, feeds[number - 1])
    }

    private func title(of number: Int) -> String {
        let run = runs[number - 1]
        return runs.count == 1 ? run.name : "\(run.name), \(run.label)"
    }

    private func list() async -> Shell.List {
        var entries: [Shell.List.Entry] = []
        for (place, (run, feed)) in zip(runs, feeds).enumerated() {
            let state = try? await feed.overview()
            entries.append(
                Shell.List.Entry(
                    number: place + 1, name: run.name, store: run.label, seed: "\(run.seed)",
                    phase: state?.news.phase.rawValue ?? "–",
                    line: state?.news.progress ?? "cannot be read at present",
                    best: state.map { $0.overview.map { $0.best ?? "none yet" } ?? "…" } ?? "–"))
        }
        return Shell.List(entries: entries)
    }

    private struct Event: Encodable, Equatable {
        /// Of the content that there is; nil = it cannot be read.
        var mark: String?
        var line: String
        var phase: String?
    }

    private static func events(_ look: @escaping @Sendable () async throws -> Event) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: .init { writer in
                try await tell(&writer, look)
                try await writer.finish(nil)
            })
    }

    /// An event whenever something has changed, and a sign of life now and then.
    private static func tell(
        _ writer: inout any ResponseBodyWriter, _ look: @Sendable () async throws -> Event
    ) async throws {
        var last: Event?
        var silence = 0
        let seconds = AsyncStream { (try? await Task.sleep(for: .seconds(1))) }
        for await _ in seconds.cancelOnGracefulShutdown() {
            let event = try await look()
            silence += 1
            if last != event {
                let data = String(decoding: try CanonicalJSON.encode(event), as: UTF8.self)
                try await writer.write(ByteBuffer(string: "event: news\ndata: \(data)\n\n"))
                (last, silence) = (event, 0)
            } else if silence >= 15 {
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                silence = 0
            }
        }
    }

    private static func html(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// What is wrong with a store is for the reader to know.
    private static func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as Failure {
            throw HTTPError(.serviceUnavailable, message: failure.message)
        }
    }
}
