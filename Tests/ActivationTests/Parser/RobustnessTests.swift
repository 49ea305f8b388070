import ActivationIR
import ActivationParser
import EvolveTypes
import Foundation
import Testing

@Suite struct RobustnessTests {
    /// A program is there exactly when no error is; and it is valid.
    private func expectSound(_ result: ParseResult, _ text: @autoclosure () -> String) {
        let hasErrors = result.diagnostics.contains { $0.severity == .error }
        let faults = result.program.map { Verifier.verify($0) } ?? []
        if hasErrors == (result.program != nil) || !faults.isEmpty {
            Issue.record("unsound answer to: \(text())\n\(result.diagnostics) \(faults)")
        }
    }

    @Test("no mutation of the bytes of a program crashes or hangs the parser")
    func bytes() {
        var stream = RandomStream(key: ["robustness", "bytes"])
        let sources = AcceptedSnippet.all.map { Array($0.source.utf8) }
        for _ in 0..<1_500 {
            var bytes = stream.pick(sources) ?? []
            for _ in 0...stream.index(below: 6) {
                let place = stream.index(below: bytes.count)
                switch stream.index(below: 4) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: stream.next())
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(stream.pick(Array("(){}[];=+-*/<>&|!?:,.#\"'\\\n0x1efA_".utf8)) ?? 0, at: place)
                default: bytes.replaceSubrange(place..., with: bytes[place...].reversed())
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            expectSound(SourceParser.parse(text), text)
        }
    }

    @Test("no soup of tokens crashes or hangs the parser")
    func soups() {
        var stream = RandomStream(key: ["robustness", "soup"])
        let words = """
            float int bool const static x a b activation ( ) { } [ ] ; = + - * / % < > <= == != && || ! ? : , ++ -- += 1 0 2.5f
            0.1f if else for while do return break continue tanhf expf trainable clamp # define include & | ^ . -> goto void
            1e9f 2147483647 lroundf INFINITY "s" 'c' // /* */ \\ \n
            """.split(separator: " ").map(String.init)
        for round in 0..<1_500 {
            let soup = (0...stream.index(below: 60)).map { _ in stream.pick(words) ?? "" }.joined(separator: " ")
            let text = round % 2 == 0 ? soup : "float activation(float x) { \(soup) ; return x; }"
            expectSound(SourceParser.parse(text), text)
        }
    }

    @Test("deep nesting of every kind is refused with one message, within two megabytes of stack")
    func nesting() throws {
        let count = 1_200
        func repeated(_ text: String) -> String { String(repeating: text, count: count) }
        let bodies = [
            "return " + repeated("(") + "x" + repeated(")") + ";",
            "return " + repeated("- ") + "x;", "return " + repeated("!") + "x;", "return " + repeated("(float)") + "x;",
            "return " + repeated("tanhf(") + "x" + repeated(")") + ";",
            "return x" + repeated(" + x") + ";", "return x" + repeated(" ? x : x") + ";",
            repeated("{") + repeated("}") + "return x;", repeated("if (x) ") + "x = 1; return x;",
            repeated("if (x) ; else ") + "x = 1; return x;", repeated("for (;;) ") + "x = 1; return x;",
            "float c[2] = " + repeated("{") + repeated("}") + ";", "return " + repeated("x[") + ";",
            repeated("do ") + "; return x;",
        ]
        let deepest = "return " + String(repeating: "(", count: 60) + "x" + String(repeating: ")", count: 60) + ";"
        let minus = String(repeating: "- ", count: 50)
        let chain = (1...20).map { "float f\($0)(float x) { return \(minus)f\($0 - 1)(x); }" }.joined(separator: "\n")
        let helpers = "float f0(float x) { return x; }\n\(chain)\nfloat activation(float x) { return f20(x); }"
        let outcome = Outcome()
        let thread = Thread {
            for source in bodies.map({ "float activation(float x) { \($0) }" }) + [helpers] {
                let result = SourceParser.parse(source)
                outcome.diagnostics.append(result.diagnostics.filter { $0.severity == .error }.map(\.message))
            }
            outcome.deepestParses = SourceParser.parse("float activation(float x) { \(deepest) }").program != nil
            let wide = Self.switching(64, "x += sinf(x); break;")
            outcome.widestParses = SourceParser.parse(wide).program != nil
            outcome.isDone.signal()
        }
        thread.stackSize = 2 << 20
        thread.start()
        outcome.isDone.wait()
        #expect(outcome.deepestParses)
        #expect(outcome.widestParses)
        for (body, messages) in zip(bodies + [helpers], outcome.diagnostics) {
            #expect(messages.count == 1, "\(body.prefix(40)): \(messages)")
        }
    }

    /// A switch of `count` cases, each with the same body.
    private static func switching(_ count: Int, _ body: String) -> String {
        var cases = ""
        for number in 0..<count { cases += "case \(number): \(body) " }
        return "float activation(float x) { int k = (int)x; switch (k) { \(cases)} return x; }"
    }

    /// Written by one thread, then read by another after its signal.
    private final class Outcome: @unchecked Sendable {
        var diagnostics: [[String]] = []
        var deepestParses = false
        var widestParses = false
        let isDone = DispatchSemaphore(value: 0)
    }

    @Test(
        "each limit is refused in words that name it",
        arguments: [
            (String(repeating: " ", count: 17_000), "the source has 17000 bytes; write at most 16384"),
            (String(repeating: ";", count: 5_000), "the source has 5001 tokens; write at most 4096"),
            ("float activation(float x) { for (int i = 0; i < 2000; i++) x += 1; return x; }", "more than 1024 times"),
            (
                "float activation(float x) { for (int i = 0; i < 1000; i++) x = sinf(x * i) + cosf(x * i) * expf(x * i) * tanhf(x / i); return x; }",
                "too long once loops are unrolled"
            ),
            (
                "float f(float x) { return x + 1; } float g(float x) { return f(f(f(f(x)))); } float h(float x) { return g(g(g(g(g(g(g(x))))))); } "
                    + "float k(float x) { return h(h(h(h(h(h(h(h(x)))))))); } float m(float x) { return k(k(k(k(k(k(k(k(x)))))))); } "
                    + "float n(float x) { return m(m(m(m(m(m(m(x))))))); } float activation(float x) { return n(n(n(n(n(n(x)))))); }",
                "too long once loops are unrolled"
            ),
            (Self.switching(65, "x += 1; break;"), "at most 64 cases"),
            (Self.switching(60, "x += 1; x += 2; x += 3;"), "fall through into too many others"),
            (
                "#define A(v) v + v + v + v\n#define B(v) A(A(A(A(A(v)))))\n#define C (A(B(B(1.0f))))\n",
                "this macro grows too large"
            ),
            (
                "#define A(v) v + v + v + v\n#define B(v) A(A(A(v)))\nfloat activation(float x) { return B(B(B(B(x)))); }",
                "macro 'B' grows too large"
            ),
            (
                "float activation(float x) { float c[300]; c[0] = x; return c[0]; }",
                "an array has 1 to 256 elements, found 300"
            ),
            (
                "float activation(float x) { for (int i = 0; i < 17; i++) x += trainable(1.0f); return x; }",
                "at most 16 trainable values"
            ),
        ])
    func limits(_ source: String, _ message: String) {
        let result = SourceParser.parse(source)
        #expect(result.program == nil)
        #expect(result.diagnostics.count == 1)
        #expect(result.diagnostics.first?.message.contains(message) == true, "\(result.diagnostics)")
    }
}
