import Engine
import EvolveTypes
import Foundation
import Reporting
import Testing

@Suite("What a run says")
struct SummaryTextTests {
    /// By its documented JSON, so that a renamed key fails here too.
    private static func summary(heldout gain: Estimate, _ finding: Finding) throws -> RunSummary {
        let estimate = String(decoding: try CanonicalJSON.encode(gain), as: UTF8.self)
        let chosen = #"{"mean": 1.5, "low": 0.8, "high": 2.2}"#
        let zero = #"{"mean": 0, "low": 0, "high": 0}"#
        let belief = #"{"mean": 0.7, "deviation": 0.3}"#
        let best = #"{"id": 1777, "isSeed": false, "gain": \#(chosen), "believed": \#(belief), "seeds": 12}"#
        let duel =
            #"{"form": "unit moment", "rates": [0.25, 1, 4], "rate": 0.25, "opponentRate": 4, "gain": \#(estimate), "verdict": "scored"}"#
        let text = """
            {"name": "lab", "seed": 7, "digest": "\(String(repeating: "ab", count: 32))", "phase": "complete",
             "suite": {"name": "lab", "search": 32, "heldout": 16, "families": ["feynman", "harmonics", "polynomials", "long-tail"]},
             "slots": {"committed": 2000, "total": 2000},
             "proposals": [{"variation": "model-rewrite", "proposed": 1234, "verdicts":
                {"scored": 400, "raced out": 500, "duplicate": 250, "too costly": 34, "refused": 30, "unsound": 20}}],
             "complaints": [{"verdict": "unsound", "reason": "The value is not finite in float32, and that is said in so many words that they take two lines", "count": 20},
                {"verdict": "refused", "reason": "the result never depends on x", "count": 3}],
             "model": {"calls": 1234, "failures": 3, "requests": 1240, "faults": {"rate limited": 6, "timed out": 3}, "promptTokens": 512345, "completionTokens": 61234, "seconds": 1000},
             "models": [{"name": "llama-4-maverick-deepinfra", "calls": 1230, "failures": 3, "budget": {"requests": 2000},
                "spend": {"requests": 1236, "promptTokens": 512345, "completionTokens": 61234, "dollars": 0.0123}},
                {"name": "smollm2-135m", "calls": 4, "failures": 0,
                "spend": {"requests": 4, "promptTokens": 1, "completionTokens": 2, "dollars": 0}}],
             "budget": {"tokens": 2000000, "dollars": 5},
             "arms": [{"variation": "model-rewrite", "model": "llama-4-maverick-deepinfra", "slots": 40.5, "gain": 0.02,
                "cost": 12345.6, "factor": 0.333}],
             "islands": [{"name": "periodic", "slots": 1000, "cells": 14, "capacity": 300, "origins": {"seeds": 3, "own": 9, "others": 2},
                "arrivals": [{"from": "smooth", "came": 20, "settled": 1}], "best": \(best)}],
             "best": \(best),
             "champion": {"id": 1777, "searchGain": \(chosen), "retestGain": \(chosen), "heldoutGain": \(estimate),
                "believed": \(belief), "finding": "\(finding.rawValue)", "source": "float activation(float x) { return x; }", "formula": "x", "cost": 86,
                "attributions": ["Built with Llama (llama-4-maverick-deepinfra)"]},
             "familyChampions": [{"id": 1234, "family": "long-tail", "searchGain": \(chosen), "believed": \(belief),
                "source": "", "formula": "\(String(repeating: "x + ", count: 20))x", "cost": 9}],
             "findings": [{"family": "polynomials", "candidate": 1777, "opponent": "piecewise_linear", "isReference": false,
                "finding": "\(finding.rawValue)", "p": 0.012, "tasks": 12, "seeds": 10, "champions": 4, "duels": [\(duel), \(duel)]}],
             "rivalsAreTabled": true, "heldout": [
                {"candidate": 1777, "name": "candidate 1777", "cost": 86, "gain": \(estimate), "families": {},
                 "finding": "\(finding.rawValue)", "verdict": "scored"},
                {"name": "gelu", "cost": 59, "gain": \(zero), "inDistribution": \(zero), "families": {},
                 "verdict": "scored"},
                {"name": "gmtu", "cost": 66, "families": {}, "verdict": "diverged"}],
             "trainingSteps": 123456789}
            """
        return try CanonicalJSON.decode(RunSummary.self, from: Data(text.utf8))
    }

    private static let unclear = Estimate(mean: 0.4, low: -0.1, high: 0.9)

    @Test("What is not shown is said not to be, what is better is called better")
    func honestWords() throws {
        let unclear = SummaryText.render(try Self.summary(heldout: Self.unclear, .notShownToBeBetter))
        #expect(unclear.contains("NOT shown to be better"))
        #expect(!unclear.contains("is better than GELU"))
        let clear = SummaryText.render(try Self.summary(heldout: Self.unclear, .better))
        #expect(clear.contains("is better than GELU on tasks the search never saw."))
        var open = try Self.summary(heldout: Self.unclear, .better)
        open.phase = .verifying
        #expect(!SummaryText.render(open).contains("is better than GELU"))
        let worse = SummaryText.render(try Self.summary(heldout: Self.unclear, .worse))
        #expect(worse.contains("is worse than GELU"))
    }

    @Test("Nothing is wider than 80 columns but the digest's line, and a failure shows as a word, not as a number")
    func width() throws {
        let text = SummaryText.render(try Self.summary(heldout: Self.unclear, .notShownToBeBetter))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(text.contains("diverged"))
        #expect(text.contains("  20  unsound: The value is not finite in float32, and"))
        #expect(text.contains("   3  refused: the result never depends on x"))
        #expect(text.contains("14 of 300      3    9        2"))
        #expect(text.contains("smooth → periodic: 20 elites sent, 1 took a cell"))
        #expect(text.contains("licence      Built with Llama (llama-4-maverick-deepinfra)"))
        #expect(text.contains("1,236/2,000"))
        #expect(text.contains("573,582/2,000,000") && text.contains("$0.0123/$5.00"))
        #expect(!text.contains("budget is spent"))
        #expect(text.contains("× 0.33"))
        #expect(text.contains("believed +0.70 ± 0.30"))
        #expect(text.contains("p = 0.012, corrected for 4"))
    }

    @Test("That a budget has ended a model's part is said")
    func spent() throws {
        var summary = try Self.summary(heldout: Self.unclear, .notShownToBeBetter)
        summary.models[0].isSpent = true
        let lines = SummaryText.render(summary).split(separator: "\n")
        #expect(
            lines.contains("llama-4-maverick-deepinfra: the budget is spent; other operators carry on"))
        #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("digest") })
    }

    @Test("A run without a champion says what can be done, which is a new run")
    func noChampion() throws {
        var summary = try Self.summary(heldout: Self.unclear, .notShownToBeBetter)
        summary.champion = nil
        let lines = EndText.render(summary, path: "t.evolve", command: "bin/evolve").split(separator: "\n")
        #expect(lines.contains("  bin/evolve run EXPERIMENT --slots 8000"))
        #expect(lines.prefix(5).allSatisfy { $0.count <= 80 }, "\(lines.prefix(5))")
    }

    @Test("Columns line up, and durations read well")
    func figures() {
        var columns = Columns([.left, .right])
        columns.add(["a", "1"])
        columns.add(["long", "100"])
        #expect(columns.lines == ["a       1", "long  100"])
        #expect(Figures.duration(59.6) == "1 min 00 s")
        #expect(Figures.duration(7500) == "2 h 05 min")
        #expect(Figures.gain(-0.004) == "-0.00")
    }
}
