import Evaluation
import EvolveTypes
import Testing

@Suite("The race")
struct RacingTests {
    private static func evidence(_ gains: [[Double]]) -> Evidence {
        Evidence(gains.enumerated().map { Evidence.Task(name: "\($0)", family: "f", gains: $1) })
    }

    private static let first = SuitePolicy.Racing.Stage(tasks: 2, seeds: 1, margin: 2)
    private static let second = SuitePolicy.Racing.Stage(tasks: 4, seeds: 1, margin: 1)
    private static let racing = SuitePolicy.Racing(stages: [first, second], rivals: 2, confidence: 0.9)

    @Test("ends who is further behind the reference than the stage's margin")
    func margin() {
        #expect(Self.racing.isOut(Self.evidence([[-2.5], [-1.6]]), after: Self.first, rivals: []))
        let close = Self.evidence([[-2.5], [-1.4]])
        #expect(!Self.racing.isOut(close, after: Self.first, rivals: []))
        #expect(Self.racing.isOut(close, after: Self.second, rivals: []))
    }

    @Test("ends who is surely behind the last of the rivals, on the tasks and seeds that both have")
    func rivals() {
        let candidate = Self.evidence([[0], [3], [-2]])
        func rival(_ lead: [Double]) -> Evidence {
            // A second seed, which the candidate does not have yet, says nothing.
            Self.evidence(zip([0.0, 3, -2], lead).map { [$0 + $1, 99] })
        }
        let (far, near) = (rival([1, 1.1, 0.9]), rival([1, -1.1, 0.3]))
        #expect(
            Self.racing.isOut(candidate, after: Self.first, rivals: [far, far]),
            "always a decibel behind, whatever the task")
        #expect(!Self.racing.isOut(candidate, after: Self.first, rivals: [far, near]), "not surely behind the second")
        #expect(!Self.racing.isOut(candidate, after: Self.first, rivals: [far]), "there is no second rival yet")
        var proud = Self.racing
        proud.rivals = 0
        #expect(!proud.isOut(candidate, after: Self.first, rivals: [far, far]))
        var daring = Self.racing
        daring.confidence = 0.5
        #expect(
            daring.isOut(candidate, after: Self.first, rivals: [far, near]), "behind on average is enough at even odds")
    }
}
