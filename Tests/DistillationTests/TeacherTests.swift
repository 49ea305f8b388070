import EvolveTypes
import LanguageModels
import RunStore
import Testing

@testable import Distillation

@Suite("Who words what changes teach")
struct TeacherTests {
    /// Says the same whatever it is asked, or fails.
    private struct Parrot: LanguageModel {
        let name = "parrot"
        var words: String?

        func complete(_ request: ModelRequest) async throws -> ModelAnswer {
            guard let words else { throw ModelFailure(.unreachable, "gone", wasSent: false) }
            let verb = request.user.contains("begins with \"Avoid\"") ? "Avoid" : "Prefer"
            return ModelAnswer(text: request.user.contains("one instruction") ? "\(verb) \(words)" : "It was \(words)")
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
        #expect(distillate.instructions.contains { $0.text == "Prefer what the parrot says." })
        #expect(distillate.instructions.contains { $0.text == "Avoid what the parrot says." })
        #expect(distillate.groups.count == 2 && distillate.noise == 0)
    }

    @Test("A model that fails leaves everything to the templates")
    func failing() async throws {
        let told = try await Self.distil(ModelTeacher(Parrot(words: nil), calls: 500))
        let plain = try await Self.distil(StatisticalTeacher())
        #expect(told.instructions.map(\.text) == plain.instructions.map(\.text))
    }

    @Test("It is asked as often as was allowed, and no more")
    func calls() async throws {
        let teacher = ModelTeacher(Parrot(words: "what the parrot says."), calls: 1)
        let distillate = try await Self.distil(teacher)
        // Too few for all examples: they are grouped by their tokens, and one group is worded.
        #expect(teacher.callsMade == 1 && distillate.drafts > 1)
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
