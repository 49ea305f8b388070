import Engine
import EvolveTypes
import Testing

@Suite("The words for a verified gain")
struct FindingTests {
    @Test("Only an interval wholly above zero is called better; one that touches zero is not")
    func words() {
        #expect(Finding(Estimate(mean: 1, low: 0.1, high: 2)) == .better)
        #expect(Finding(Estimate(mean: 1, low: 0, high: 2)) == .notShownToBeBetter)
        #expect(Finding(Estimate(mean: 1, low: -0.1, high: 2)) == .notShownToBeBetter)
        #expect(Finding(Estimate(mean: -1, low: -2, high: 0)) == .notShownToBeBetter)
        #expect(Finding(Estimate(mean: -1, low: -2, high: -0.1)) == .worse)
        #expect(Finding(Estimate(mean: 0, low: 0, high: 0)) == .notShownToBeBetter)
    }
}
