import EvolveTypes
import Foundation
import LanguageModels
import Testing

/// What every back end must do, whatever answers behind it. Each back end's tests call `check` with a model of their own that
/// answers any request; how servers misbehave is `APIConformanceTests`' matter.
struct LanguageModelConformance {
    let model: any LanguageModel
    /// Whether an answer takes so long that it can be interrupted.
    var takesTime = true

    func check() async throws {
        try await answersAndCounts()
        try await servesCallersAtOnce()
        try await endsWithItsTask()
        if takesTime { try await keepsTheDeadline() }
    }

    private func request(_ index: Int = 0, maxTokens: Int = 12, deadline: Double = 60) -> ModelRequest {
        var request = modelRequest(maxTokens: maxTokens, seed: UInt32(index + 1), deadline: deadline)
        request.index = index
        return request
    }

    private func answersAndCounts() async throws {
        #expect(!model.name.isEmpty)
        let answer = try await model.complete(request())
        #expect(!answer.text.isEmpty && answer.usage.prompt >= 0 && (0...12).contains(answer.usage.completion))
        #expect(answer.earlier.isEmpty)
        if let counted = try await model.promptTokens(of: request()) { #expect(counted > 0) }
    }

    private func servesCallersAtOnce() async throws {
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<4 { group.addTask { try await model.complete(request(index)).text } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts.count == 4 && texts.allSatisfy { !$0.isEmpty })
    }

    private func endsWithItsTask() async throws {
        let task = Task { try await model.complete(request(maxTokens: 400)) }
        task.cancel()
        let start = ContinuousClock.now
        do {
            _ = try await task.value
        } catch is CancellationError {
        } catch {
            Issue.record("\(model.name): \(error) instead of a CancellationError")
        }
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    private func keepsTheDeadline() async throws {
        let start = ContinuousClock.now
        let failure = await #expect(throws: ModelFailure.self) {
            try await model.complete(request(maxTokens: 400, deadline: 0.05))
        }
        #expect(failure?.kind == .timedOut, "\(failure?.description ?? "")")
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}

@Suite("Back ends without a server")
struct LanguageModelConformanceTests {
    private static let script = (0..<8).map { "answer \($0)" }.joined(separator: "\n---\n")

    @Test("a script is a back end like others, guarded or not", arguments: [false, true])
    func scripted(guarded: Bool) async throws {
        let plain = try ScriptedModel(text: Self.script, origin: "script.txt")
        let model: any LanguageModel = guarded ? GuardedModel(plain, clock: { 0 }, observe: { _ in }) : plain
        try await LanguageModelConformance(model: model, takesTime: false).check()
    }
}
