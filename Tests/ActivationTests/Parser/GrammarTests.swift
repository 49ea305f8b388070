import ActivationIR
import ActivationParser
import ActivationPasses
import EvolveTypes
import Testing

@Suite struct GrammarTests {
    @Test("each of 2,000 texts of the grammar parses without a word, reads x and is short; most are sound and distinct")
    func texts() {
        let grammar = Grammar.candidates()
        var stream = RandomStream(key: ["grammar"])
        var hashes: Set<String> = []
        var (checked, sound) = (0, 0)
        var longest = 0
        for round in 0..<2_000 {
            let source = grammar.randomText(&stream)
            let result = SourceParser.parse(source)
            guard let program = result.program, result.diagnostics.isEmpty, result.idea != nil else {
                Issue.record("\(source)\n\(result.diagnostics)")
                continue
            }
            #expect(Verifier.readsInput(program))
            longest = max(longest, source.utf8.count)
            // The gate is slow in a debug build: a sample of them will do.
            guard round % 20 == 0 else { continue }
            checked += 1
            let simplified = Simplifier.run(program)
            if Verifier.readsInput(simplified), SoundnessGate.check(Gradient.differentiate(simplified)) == nil {
                sound += 1
            }
            hashes.insert(CanonicalHash.of(simplified))
        }
        #expect(sound * 10 >= checked * 8, "\(sound) of \(checked)")
        #expect(hashes.count * 10 >= checked * 9, "\(hashes.count) of \(checked)")
        #expect(longest <= 500, "\(longest)")
    }

    @Test("every rule that is named exists, and none reaches itself")
    func rules() {
        let grammar = Grammar.candidates()
        func names(_ symbol: Grammar.Symbol) -> [String] {
            switch symbol {
            case .rule(let name): [name]
            case .sequence(let parts), .choice(let parts): parts.flatMap(names)
            case .text, .characters: []
            }
        }
        var finished: Set<String> = []
        func visit(_ name: String, _ path: Set<String>) {
            #expect(!path.contains(name), "rule \(name) reaches itself")
            guard !path.contains(name), finished.insert(name).inserted else { return }
            #expect(grammar[name] != nil, "no rule \(name)")
            guard let rule = grammar[name] else { return }
            for next in names(rule) { visit(next, path.union([name])) }
        }
        visit(Grammar.root, [])
        #expect(finished == Set(grammar.order))
        #expect(grammar.order.first == Grammar.root)
    }

    @Test("GBNF escapes what would end a string or a set")
    func notation() {
        let text = Grammar.gbnf(ideaLength: 40, declarations: 1)
        #expect(text.hasPrefix("root ::= \"// \" idea \"\\nfloat activation(float x)\\n{\\n\" body-x\n"))
        #expect(text.contains("\\-]{4,27}"))
        #expect(!text.contains("float b"))
        #expect(text.split(separator: "\n").allSatisfy { $0.contains(" ::= ") })
    }
}
