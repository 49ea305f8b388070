import EvolveTypes
import LanguageModels
import RunStore
import Testing

@testable import Distillation

@Suite("Who words what changes teach")
struct TeacherTests {
    /// Says what it was told, with words of its own, or fails.
    private struct Parrot: LanguageModel {
        let name = "parrot"
        var words: String?
        /// Whether it finds in its own sentences what they speak of.
        var understands = true

        func complete(_ request: ModelRequest) async throws -> ModelAnswer {
            guard let words else { throw ModelFailure(.unreachable, "gone", wasSent: false) }
            if request.user.contains("one letter") {
                let lines = request.user.split(separator: "\n").map(String.init)
                let option = lines.first { $0.dropFirst().hasPrefix(": ") && lines[0].contains($0.dropFirst(3)) }
                return ModelAnswer(text: understands ? "It is \(option?.prefix(1) ?? "none")." : "B")
            }
            guard let told = request.user.split(separator: "\n").first(where: { $0.hasPrefix("What they have") }) else {
                return ModelAnswer(text: "It was \(words)")
            }
            return ModelAnswer(text: "\(told.dropFirst("What they have in common: ".count).dropLast()), \(words)")
        }
    }

    private static func distil(_ teacher: any Teacher) async throws -> Distillate {
        let run = try PlantedRun([.sine(2), .tanh(-2), .number(0), .erf(0)])
        return try await Distillation(teacher: teacher).distill([RunExamples(run.store, called: "a.evolve")])
    }

    @Test("A model's sentences are the list's, its groups those of which it says the same")
    func model() async throws {
        let distillate = try await Self.distil(ModelTeacher(Parrot(words: "what the parrot says."), calls: 500))
        #expect(distillate.teacher == "parrot")
        #expect(distillate.instructions.contains { $0.text.hasPrefix("Prefer adding ") })
        #expect(distillate.instructions.contains { $0.text.hasPrefix("Avoid ") })
        #expect(distillate.instructions.allSatisfy { $0.text.hasSuffix(", what the parrot says.") })
        #expect(distillate.groups.count == 2 && distillate.noise == 0)
    }

    @Test("A model that fails leaves everything to the templates")
    func failing() async throws {
        let told = try await Self.distil(ModelTeacher(Parrot(words: nil), calls: 500))
        let plain = try await Self.distil(StatisticalTeacher())
        #expect(told.instructions.map(\.text) == plain.instructions.map(\.text))
    }

    @Test("What it does not find in its own words, or is no instruction, is said by the templates")
    func nonsense() async throws {
        let deaf = ModelTeacher(Parrot(words: "what the parrot says.", understands: false), calls: 500)
        let plain = try await Self.distil(StatisticalTeacher())
        #expect(try await Self.distil(deaf).instructions.allSatisfy { !$0.text.contains("parrot") })
        #expect(
            try await Self.distil(ModelTeacher(Parrot(words: "like this:"), calls: 500)).instructions.map(\.text)
                .sorted() == plain.instructions.map(\.text).sorted())
        #expect(ModelTeacher.isInstruction("Avoid it.", "Avoid", hasCondition: false))
        #expect(!ModelTeacher.isInstruction("One should avoid it.", "Avoid", hasCondition: false))
        #expect(ModelTeacher.isInstruction("On a flat parent, avoid it.", "Avoid", hasCondition: true))
        #expect(!ModelTeacher.isInstruction("You are right, I avoid it.", "Prefer", hasCondition: true))
    }

    @Test("A reading test has the opposite among its answers, and the right one at another place each time")
    func reading() {
        let tests = ReadingTest.orders.map { ReadingTest(Pattern(["cost:down"]), $0) }
        #expect(
            tests[0].list
                == "A: making it dearer\nB: making it cheaper\nC: adding turning points\nD: making its values smaller")
        #expect(tests[0].isPassed(by: "B") && tests[0].isPassed(by: "It is (B).") && !tests[0].isPassed(by: "A or B"))
        #expect(tests[1].isPassed(by: "C") && !tests[1].isPassed(by: "B") && !tests[1].isPassed(by: ""))
        #expect(ReadingTest(Pattern(["numbers"]), 2).list.split(separator: "\n").count == 4)
        #expect(
            ReadingTest(Pattern(["+sin", "left:unit"]), 1).list.contains("removing sin together with making it flat"))
    }

    @Test("It is asked as often as was allowed, and no more")
    func calls() async throws {
        let teacher = ModelTeacher(Parrot(words: "what the parrot says."), calls: 3)
        let distillate = try await Self.distil(teacher)
        // Too few for all examples: they are grouped by their tokens, and one group is worded.
        #expect(teacher.callsMade == 3 && distillate.drafts > 1)
        #expect(distillate.instructions.count { $0.text.contains("parrot") } == 1)
    }

    @Test(
        "Of an answer its first sentence counts, without marks; what is none is left out",
        arguments: [
            ("- Adding waves helps.\n- More", "Adding waves helps."),
            ("\"Adding waves helps.\"", "Adding waves helps."),
            ("\n\n  Adding waves helps.  ", "Adding waves helps."), ("", nil), ("No.", nil),
            ("`f(x)` is a function", nil),
            (String(repeating: "a long story ", count: 30), nil),
        ] as [(String, String?)])
    func cleaned(answer: String, sentence: String?) {
        #expect(ModelTeacher.cleaned(answer) == sentence)
    }

    @Test("Templates speak of kinds of change, and of the parents they are for")
    func templates() {
        #expect(Templates.text(.prefer, Pattern(["+sin"])) == "Prefer adding sin.")
        #expect(
            Templates.text(.avoid, Pattern(["left:flat", "-multiply(sigmoid, x)"], parent: ["monotone"]))
                == "On a parent that is monotone, avoid removing sigmoid times x together with making it flat for large negative x."
        )
        #expect(TokenWords.being("right:steep") == "that has a slope above 1 for large positive x")
        #expect(TokenWords.being("sin") == "that has sin")
    }
}
