import EvolveTypes
import Testing

@Suite struct NearestNameTests {
    @Test(
        "a slip of the fingers is recognised; another word is not",
        arguments: [
            ("slotz", "slots"), ("Slots", "slots"), ("lokahead", "lookahead"), ("seeds", "seed"), ("temperature", nil),
            ("x", nil), ("", nil),
        ])
    func nearest(name: String, expected: String?) {
        #expect(NearestName.of(name, among: ["slots", "lookahead", "seed"]) == expected)
    }

    @Test("of equally near names the first is offered")
    func ties() { #expect(NearestName.of("aab", among: ["aac", "aad"]) == "aac") }
}
