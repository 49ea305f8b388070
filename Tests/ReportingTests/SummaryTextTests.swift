import Engine
import EvolveTypes
import Foundation
import Reporting
import Testing

@Suite("What a run says")
struct SummaryTextTests {
    /// By its documented JSON, so that a renamed key fails here too.
    private static func summary(heldout gain: Estimate) throws -> RunSummary {
        let estimate = String(decoding: try CanonicalJSON.encode(gain), as: UTF8.self)
        let chosen = #"{"mean": 1.5, "low": 0.8, "high": 2.2}"#
        let zero = #"{"mean": 0, "low": 0, "high": 0}"#
        let finding = Finding(gain).rawValue
        let text = """
            {"name": "lab", "seed": 7, "digest": "\(String(repeating: "ab", count: 32))", "phase": "complete",
             "slots": {"committed": 2000, "total": 2000},
             "proposals": [{"variation": "model-rewrite", "proposed": 1234, "verdicts":
                {"scored": 400, "raced out": 500, "duplicate": 250, "too costly": 34, "refused": 30, "unsound": 20}}],
             "model": {"calls": 1234, "failures": 3, "promptTokens": 512345, "completionTokens": 61234, "seconds": 1000},
             "islands": [{"name": "periodic", "slots": 1000, "cells": 14, "best": {"id": 1777, "gain": \(chosen)}}],
             "best": {"id": 1777, "gain": \(chosen)},
             "champion": {"id": 1777, "searchGain": \(chosen), "retestGain": \(chosen), "heldoutGain": \(estimate),
                "finding": "\(finding)", "source": "float activation(float x) { return x; }", "formula": "x", "cost": 86},
             "heldout": [
                {"candidate": 1777, "name": "candidate 1777", "cost": 86, "gain": \(estimate), "families": {},
                 "finding": "\(finding)", "verdict": "scored"},
                {"name": "gelu", "cost": 59, "gain": \(zero), "inDistribution": \(zero), "families": {},
                 "verdict": "scored"},
                {"name": "gmtu", "cost": 66, "families": {}, "verdict": "diverged"}],
             "trainingSteps": 123456789}
            """
        return try CanonicalJSON.decode(RunSummary.self, from: Data(text.utf8))
    }

    @Test("A held-out interval that touches zero is said not to show anything; one above zero is called better")
    func honestWords() throws {
        let unclear = SummaryText.render(try Self.summary(heldout: Estimate(mean: 0.4, low: -0.1, high: 0.9)))
        #expect(unclear.contains("NOT shown to be better"))
        #expect(!unclear.contains("is better than GELU"))
        let clear = SummaryText.render(try Self.summary(heldout: Estimate(mean: 0.4, low: 0.1, high: 0.9)))
        #expect(clear.contains("is better than GELU on tasks the search never saw: +0.40 dB [+0.10, +0.90]"))
        let worse = SummaryText.render(try Self.summary(heldout: Estimate(mean: -0.4, low: -0.9, high: -0.1)))
        #expect(worse.contains("is worse than GELU"))
    }

    @Test("Nothing is wider than 80 columns but the digest's line, and a failure shows as a word, not as a number")
    func width() throws {
        let text = SummaryText.render(try Self.summary(heldout: Estimate(mean: 0.4, low: -0.1, high: 0.9)))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(text.contains("diverged"))
        #expect(text.contains("the reference"))
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
