import EvolveTypes
import Reporting
import Testing

@Suite("Ink")
struct InkTests {
    private static let sure = Estimate(mean: 1, low: 0.5, high: 1.5)
    private static let unsure = Estimate(mean: 1, low: -0.5, high: 2.5)

    @Test("is for terminals; NO_COLOR, unless empty, and a dumb terminal want none")
    func wanted() {
        func isColoured(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
            Ink(isTerminal: isTerminal, environment: environment).heading("a") != "a"
        }
        #expect(isColoured(true, [:]) && isColoured(true, ["NO_COLOR": "", "TERM": "xterm"]))
        #expect(!isColoured(false, ["TERM": "xterm"]))
        #expect(!isColoured(true, ["NO_COLOR": "0"]) && !isColoured(true, ["TERM": "dumb"]))
    }

    @Test("tells sure gains and losses from those that are not")
    func gains() {
        let loss = Estimate(mean: -1, low: -1.5, high: -0.5)
        #expect(Ink.coloured.estimate(Self.sure) == "\u{1B}[32m+1.00 dB [+0.50, +1.50]\u{1B}[0m")
        #expect(Ink.coloured.gain("x", loss) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Ink.coloured.gain("x", Self.unsure) == "x")
        #expect(Ink.plain.estimate(Self.sure) == Figures.estimate(Self.sure))
    }

    @Test("takes no room in a table")
    func columns() {
        func table(_ ink: Ink) -> [String] {
            var columns = Columns([.left, .right, .left])
            columns.add(["a", "b", "c"])
            columns.add([ink.heading("name"), ink.gain("+1.00", Self.sure), ink.dim("behind")])
            columns.add(["nm", "+10.00", "x"])
            return columns.lines
        }
        #expect(table(.coloured).map { $0.replacing(/\u{1B}\[[0-9]*m/, with: "") } == table(.plain))
    }
}
