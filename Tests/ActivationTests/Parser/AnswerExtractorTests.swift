import ActivationParser
import Testing

@Suite struct AnswerExtractorTests {
    private let code = "// wave\nfloat activation(float x)\n{\n    return x + sinf(x);\n}"

    @Test("a fence with a language name gives its content")
    func fence() {
        #expect(AnswerExtractor.extract("Sure! Here it is:\n\n```c\n\(code)\n```\nIt oscillates.") == code)
    }

    @Test("of several fences the one with activation is taken")
    func several() {
        let answer = "The parent was\n```\nfloat f(float x) { return x; }\n```\nand now\n```C\n\(code)\n```\n"
        #expect(AnswerExtractor.extract(answer) == code)
    }

    @Test("a fence that the token limit cut off is still code")
    func cutOff() {
        #expect(
            AnswerExtractor.extract("```c\nfloat activation(float x) {\n    return")
                == "float activation(float x) {\n    return")
    }

    @Test("without a fence the code is found between the prose, with its helpers and comment")
    func prose() {
        let helper = "#define A 0.5f\nstatic float h(float v) { return A * v; }\n\(code)"
        #expect(
            AnswerExtractor.extract(
                "I propose the following function.\nIn short: activation (new).\n\n\(helper)\n\nThis works well.")
                == helper)
        #expect(AnswerExtractor.extract(code) == code)
    }

    @Test(
        "an answer without code gives nothing",
        arguments: ["", "I cannot help with that.", "The activation (GELU) is smooth."])
    func nothing(_ answer: String) { #expect(AnswerExtractor.extract(answer) == nil) }
}
