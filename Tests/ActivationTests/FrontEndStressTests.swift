import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes
import Foundation
import Testing

/// The whole front end, text → printed C, on random programs and broken bytes.
///
/// A few hundred of each in the normal tests, more by `Stress`. Times are CPU time of this thread, so that a busy machine
/// does not blur them; they are judged in optimised builds without a sanitizer only.
@Suite(.serialized) struct FrontEndStressTests {
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }

    private struct Tally {
        var count = 0
        var compiled = 0
        var refused = 0
        var unsound = 0
        var longest = 0.0
        var longestText = ""

        mutating func note(_ text: String) {
            let start = FrontEndStressTests.now()
            let result = ActivationPipeline(costLimit: 2_000).compile(text)
            let time = FrontEndStressTests.now() - start
            if time > longest { (longest, longestText) = (time, text) }
            count += 1
            switch result {
            case .compiled(let candidate):
                compiled += 1
                if candidate.kernel.text.isEmpty { Issue.record("no kernel for \(text)") }
            case .refused(let diagnostics):
                refused += 1
                if diagnostics.isEmpty || diagnostics.contains(where: { $0.message.contains("internal defect") }) {
                    Issue.record("refused without a reason: \(text)\n\(diagnostics)")
                }
            case .tooCostly, .unsound: unsound += 1
            }
        }

        var figures: [String: Any] {
            [
                "count": count, "compiled": compiled, "refused": refused, "too costly or unsound": unsound,
                "longest milliseconds": (longest * 100).rounded() / 100,
            ]
        }
    }

    @Test("no random program of the grammar crashes the front end or takes 50 ms")
    func programs() throws {
        let grammar = Grammar.candidates()
        var stream = RandomStream(key: ["stress", "programs", "\(Stress.part)"])
        var tally = Tally()
        for _ in 0..<Stress.texts { tally.note(grammar.sample(&stream)) }
        try Stress.write("programs", tally.figures)
        #expect(tally.compiled * 2 > tally.count)
        if Stress.judgesTime { #expect(tally.longest < 50, "\(tally.longestText)") }
    }

    @Test("no string of broken bytes crashes the front end or takes 50 ms")
    func bytes() throws {
        var stream = RandomStream(key: ["stress", "bytes", "\(Stress.part)"])
        let accepted = AcceptedSnippet.all.map(\.source) + RefusedSnippet.all.map(\.source)
        let sources = (accepted + VoicedSnippet.all.map(\.answer)).map { Array($0.utf8) }
        var tally = Tally()
        for _ in 0..<Stress.texts {
            let bytes = ByteMutation.of(stream.pick(sources) ?? [], with: stream.pick(sources) ?? [], &stream)
            tally.note(String(decoding: bytes, as: UTF8.self))
        }
        try Stress.write("bytes", tally.figures)
        #expect(tally.refused * 2 > tally.count)
        if Stress.judgesTime { #expect(tally.longest < 50, "\(tally.longestText)") }
    }

    @Test("the C compiler has nothing to say, with -Wall -Wextra, to what is printed of random programs")
    func warnings() throws {
        let grammar = Grammar.candidates()
        var stream = RandomStream(key: ["stress", "warnings"])
        var texts: [String] = []
        while texts.count < Stress.compiled {
            guard case .compiled(let candidate) = ActivationPipeline().compile(grammar.sample(&stream)) else {
                continue
            }
            let prefix = "k\(texts.count)_"
            texts.append(candidate.kernel.text.replacingOccurrences(of: "evt_", with: prefix))
        }
        // Each with its helpers and its own prefix, several in one translation unit.
        let flags = CompiledKernels.flags + ["-c", "-x", "c"]
        let folder = FileManager.default.temporaryDirectory.appending(path: "warnings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for start in stride(from: 0, to: texts.count, by: 8) {
            let source = folder.appending(path: "\(start).c")
            let unit = texts[start..<min(start + 8, texts.count)].joined(separator: "\n")
            try Data(unit.utf8).write(to: source)
            let said = try CompiledKernels.compile(flags + [source.path, "-o", "/dev/null"])
            #expect(said.isEmpty, "\(said)")
        }
        try Stress.write("warnings", ["programs": texts.count])
    }

    @Test("a function of 20 lines becomes printed C in 2 ms, median")
    func median() throws {
        let source = """
            // a gated ripple
            #define SLOPE 0.05f
            static const float kC[4] = {0.25f, -1.0f, 0.5f, 2.0f};
            static float gate(float z, float width)
            {
                return 1.0f / (1.0f + expf(-z / width));
            }
            float activation(float x)
            {
                float a = trainable(0.1f);
                float g = gate(x, 1.5f);
                float p = 0.0f;
                for (int i = 3; i >= 0; i--) {
                    p = p * tanhf(x) + kC[i];
                }
                if (x < -4.0f) {
                    p = SLOPE * x;
                }
                return x * g + a * sinf(2.0f * x) + 0.1f * p;
            }
            """
        #expect(source.split(separator: "\n").count == 20)
        var (whole, parsing): ([Double], [Double]) = ([], [])
        for _ in 0..<(Stress.judgesTime ? 201 : 3) {
            let start = Self.now()
            _ = SourceParser.parse(source)
            let middle = Self.now()
            guard case .compiled = ActivationPipeline().compile(source) else {
                Issue.record("not compiled")
                return
            }
            parsing.append(middle - start)
            whole.append(Self.now() - middle)
        }
        let (median, parse) = (whole.sorted()[whole.count / 2], parsing.sorted()[parsing.count / 2])
        let figures = ["milliseconds": median, "milliseconds of parsing": parse].mapValues {
            ($0 * 1000).rounded() / 1000
        }
        try Stress.write("median", figures)
        // The aim is 2 ms on an idle machine; cores that share their caches with other work are slower.
        if Stress.judgesTime { #expect(median <= 5) }
    }
}

/// Changes to the bytes of a text: flips, cuts, insertions, repetitions, splices of another text.
enum ByteMutation {
    static func of(_ bytes: [UInt8], with other: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
        var bytes = bytes
        let words = [
            "(", ")", "{", "}", "[", "]", ";", "#define A(x) A(x)\n", "for(;;)", "switch(x){", "case 1:", "++", "--",
            "=", "&", "*", "1e99", "\"", "/*", "\\\n", "x", ",", "?", ":",
        ]
        for _ in 0...stream.index(below: 5) {
            if bytes.isEmpty { bytes = [0] }
            let place = stream.index(below: bytes.count)
            let end = min(bytes.count, place + 1 + stream.index(below: 24))
            switch stream.index(below: 7) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: stream.next())
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: Array((stream.pick(words) ?? "").utf8), at: place)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.insert(contentsOf: other.suffix(stream.index(below: 60)), at: place)
            case 5: bytes.swapAt(place, stream.index(below: bytes.count))
            default: bytes.insert(contentsOf: repeatElement(bytes[place], count: stream.index(below: 200)), at: place)
            }
        }
        return bytes
    }
}
