import ArgumentParser
import Engine
import EvolveTypes
import Foundation
import RunStore
import Synchronization

/// `evolve queue-bench`: how fast workers and a leader pass slots through a store, with nothing else to do. For
/// scripts/bench/engine.
struct QueueBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue-bench", abstract: "Let workers claim slots and hand them in, and a leader commit them.",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("A new store.", valueName: "store"))
    var store: String

    @Option(help: "Each with a connection of its own.")
    var workers = 8

    @Option(help: "Tasks that a worker claims at once, at most.")
    var capacity = 4

    @Option(help: "Slots that are open at once.")
    var lookahead = 64

    @Option(help: "How long.")
    var seconds = 10.0

    struct Report: Encodable {
        var workers, claims, commits: Int
        var seconds: Double
        var claimsAndCommitsPerSecond: Double
    }

    func run() throws {
        let place = try StorePlace(store)
        let manifest = RunManifest(
            name: "bench", seed: 1, policy: Data("{}".utf8), definitions: [], replay: false, createdAt: Date())
        let leader = try place.create(manifest)
        let progress = Progress()
        let ended = DispatchGroup()
        for _ in 0..<workers {
            let queue = try place.open()
            ended.enter()
            Thread.detachNewThread {
                defer { ended.leave() }
                do {
                    try work(queue, progress)
                } catch {
                    Output.error("\(error)")
                }
            }
        }
        let begin = ContinuousClock.now
        let commits = try lead(leader, until: begin + .seconds(seconds))
        let time = (ContinuousClock.now - begin) / .seconds(1)
        let claimed = progress.claims.load(ordering: .relaxed)
        progress.isOver.store(true, ordering: .relaxed)
        ended.wait()
        try Output.json(
            Report(
                workers: workers, claims: claimed, commits: commits, seconds: time,
                claimsAndCommitsPerSecond: Double(claimed + commits) / time))
    }

    private final class Progress: Sendable {
        let isOver = Atomic(false)
        let claims = Atomic(0)
    }

    private func work(_ queue: any WorkQueue, _ progress: Progress) throws {
        let worker = try queue.join(.here(capacity: capacity), lease: 60)
        while !progress.isOver.load(ordering: .relaxed) {
            let taken = try queue.claim(capacity, by: worker)
            guard !taken.isEmpty else {
                usleep(5000)
                continue
            }
            progress.claims.add(taken.count, ordering: .relaxed)
            _ = try queue.finish(taken.map { ($0, $0.task.plan) })
        }
        try queue.leave(worker)
    }

    /// - Returns: slots committed.
    private func lead(_ queue: any WorkQueue, until end: ContinuousClock.Instant) throws -> Int {
        let worker = try queue.join(.here(capacity: 0), lease: 60)
        guard let leadership = try queue.lead(worker) else { throw Failure(.internalError, "nobody else is there") }
        // As long as those of a small suite; the laboratory suite's, with what is known of rivals, are ten times as long.
        let plan = Data(repeating: UInt8(ascii: "p"), count: 3000)
        func task(_ number: Int) -> OpenTask { OpenTask(.slot, number, plan: plan) }
        var step = Advance()
        step.opened = (0..<lookahead).map(task)
        var committed = 0
        while ContinuousClock.now < end {
            guard try step.isEmpty || queue.advance(step, by: leadership) else {
                throw Failure(.unavailable, "the leader was silent for a minute")
            }
            step = Advance()
            for result in try queue.results(of: .slot, from: committed) {
                guard result.number == committed else { break }
                step.slots.append(try SlotLine(record(result.number)))
                step.opened.append(task(result.number + lookahead))
                committed += 1
            }
            if step.isEmpty { usleep(1000) }
        }
        return committed
    }

    private func record(_ slot: Int) -> SlotRecord {
        let estimate = Estimate(mean: 0.5, low: -0.5, high: 1.5)
        let tasks = (0..<16).map {
            TaskScore(
                task: "task\($0)", family: "family", gains: [0.123456789, 0.23456789], inDistributionGains: [0.1, 0.2])
        }
        return SlotRecord(
            slot: slot, island: "first", variation: "tree-mutation", parents: [0], model: nil,
            source: "float activation(float x) { return x * sigmoid(x) + 0.25f * sinf(x); }\n", idea: "ripple",
            canonicalHash: "c\(slot)", fingerprint: "f\(slot)", cost: 30, descriptor: nil,
            verdict: .scored(
                Score(
                    gain: estimate, families: ["family": estimate], inDistribution: estimate, tail: 0, tasks: tasks,
                    trainingSteps: 1000)),
            times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
    }
}
