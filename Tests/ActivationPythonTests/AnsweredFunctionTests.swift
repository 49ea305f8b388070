import ActivationParser
import ActivationPython
import Testing

@Suite("The function in a model's answer")
struct AnsweredFunctionTests {
    private static let c = "// wave\nfloat activation(float x)\n{\n    return x + sinf(x);\n}"
    private static let python =
        "import numpy as np\n\ndef activation(x):\n    \"\"\"A wave.\"\"\"\n    return x + np.sin(x)"

    /// C text, or the place and the words of a refusal.
    private static func read(_ answer: String) -> String? {
        switch AnsweredFunction.read(answer) {
        case .source(let source): source
        case .refused(_, let diagnostic): "\(diagnostic.line): \(diagnostic.message)"
        case nil: nil
        }
    }

    @Test(
        "Python is translated, wherever it stands",
        arguments: [
            "```python\n\(python)\n```",
            "Sure! Here it is:\n\n```py\n\(python)\n```\nIt oscillates (slowly), from left to right.",
            "1. A wave:\n   ```\n" + python.split(separator: "\n").map { "   \($0)\n" }.joined() + "   ```\n",
            "```python\n\(python)",
            "```python\n\(python)\n\nThis one oscillates. I import the idea from sines.",
            "\(python)\n",
            "I propose a wave:\n\n\(python)\n\nIt is a function of x, and from there it oscillates.",
            "The parent:\n```python\ndef activation(x):\n    return x\n```\nand now\n```\n\(python)\n```",
            "Used so:\n```python\n\(python)\n```\n```python\ny = activation(3.0)\nprint(f\"{y}\")\n```",
            "```json\n{\"gain\": 2}\n```\n```python\n\(python)\n```",
            "```c\n\(python)\n```",
        ])
    func translated(_ answer: String) {
        #expect(Self.read(answer) == "// A wave.\nfloat activation(float x)\n{\n    return x + sinf(x);\n}\n")
    }

    @Test("lambdas, comments and constants above, and functions of other names are read, too")
    func forms() throws {
        let lambda = try #require(
            Self.read("Try\n\n# A gate\nK = 2.0\nactivation = lambda x: x * torch.sigmoid(K * x)\n\nBye"))
        #expect(lambda.hasPrefix("// A gate\n") && lambda.contains("x * sigmoid(K * x)"), "\(lambda)")
        let named = try #require(
            Self.read("```python\ndef gate(v):\n    return 1 / (1 + v**2)\n\ndef bump(x):\n    return gate(x) * x\n```")
        )
        #expect(named.contains("float activation(float x)") && named.contains("gate(x) * x"), "\(named)")
        let long = try #require(
            Self.read(
                "def activation(x):\n    return (\n        x\n        + math.exp(\n    -x * x)\n)\n\nThe end (of it"))
        #expect(long.contains("x + expf(-x * x)"), "\(long)")
    }

    @Test("of C and Python the C is taken, unchanged")
    func both() {
        let fenced = "```c\n\(Self.c)\n```"
        for answer in [
            "```python\n\(Self.python)\n```\nIn C:\n\(fenced)", "\(fenced)\nIn Python:\n```python\n\(Self.python)\n```",
            "\(Self.c)\n\nor in Python:\n\n```python\n\(Self.python)\n```", fenced, Self.c,
        ] {
            #expect(Self.read(answer) == Self.c, "\(answer)")
        }
        let quoted = "/*\n\(Self.python)\n*/\n\(Self.c)"
        #expect(Self.read("```c\n\(quoted)\n```") == quoted, "Python in a comment is none")
    }

    @Test("C in the documentation of a Python function is none")
    func documented() throws {
        let answer =
            "def activation(x):\n    \"\"\"As\n    float activation(float x) {\n    in C.\"\"\"\n    return 2 * x\n"
        #expect(try #require(Self.read(answer)).contains("return 2.0f * x;"))
    }

    @Test("what cannot be translated is refused with its line in the Python text")
    func refused() {
        guard
            case .refused(let text, let diagnostic) = AnsweredFunction.read(
                "Here:\n```python\nimport numpy as np\ndef activation(x):\n    return np.fft.fft(x)\n```")
        else {
            Issue.record("not refused")
            return
        }
        #expect(text == "import numpy as np\ndef activation(x):\n    return np.fft.fft(x)")
        #expect(diagnostic.line == 3 && diagnostic.message.contains("'numpy.fft.fft' is not read here"))
        let module = "```python\nclass Wave(nn.Module):\n    def backward(self, x):\n        return x\n```"
        #expect(Self.read(module)?.hasPrefix("1: 'Wave' has no forward, call or __call__") == true)
        #expect(Self.read("```python\ny = np.sin(x)\n```")?.contains("write def activation(x)") == true)
    }

    @Test("no answer takes long or crashes it: fences and lines cut, shuffled, and very long")
    func hostile() {
        var state: UInt64 = 1
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        let pieces =
            "Here:\n```python\n\(Self.python)\n```\n\(Self.c)\n/*\n*/\n\"\"\"\nlambda x: x\nclass A:\n~~~\n".split(
                separator: "\n", omittingEmptySubsequences: false)
        for _ in 0..<400 {
            let lines = (0..<random(30)).map { _ in String(pieces[random(pieces.count)].dropLast(random(3) / 2)) }
            _ = AnsweredFunction.read(lines.joined(separator: "\n"))
        }
        let start = ContinuousClock.now
        for piece in [
            "float ", "import a, ", "a = ", "def f(", "lambda x, ", "class A(B, ", "x: y ", "\n", "```\n", "    (\n",
        ] {
            let line = String(repeating: piece, count: 1_900 / piece.count) + "\n"
            for long in [String(repeating: piece, count: 100_000 / piece.count), String(repeating: line, count: 50)] {
                _ = AnsweredFunction.read(long)
                _ = AnsweredFunction.read("def activation(x):\n    return x\n" + long)
            }
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test(
        "an answer without a function has none",
        arguments: [
            "", "I cannot help with that.", "The activation (GELU) is smooth.", "```\nx = 3\n```",
            "I define it so: lambda is the rate. import it from there",
        ])
    func nothing(_ answer: String) { #expect(AnsweredFunction.read(answer) == nil) }
}
