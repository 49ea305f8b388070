import ActivationCompiler
import ActivationIR
import ActivationParser
import ActivationPasses
import EvolveTypes
import Testing

@Suite struct GrammarTests {
    /// An offer as a slot draws it.
    private static func drawn(_ stream: inout RandomStream, layer: Bool) -> GrammarOffer {
        .drawn(
            functions: 5, numbers: 6, forms: 3, lines: 4, wanted: [["tanhf", "sinf"]], layer: layer,
            stream: &stream)
    }

    @Test(
        "each text of the grammar parses without a word, reads x and is short; most are sound and distinct",
        arguments: [false, true])
    func texts(layer: Bool) {
        let grammar = Grammar.candidates(.everything(layer: layer))
        var stream = RandomStream(key: ["grammar", "\(layer)"])
        judge((0..<2_000).map { _ in grammar.sample(&stream) }, judged: 100, sound: 0.8, distinct: 0.9)
    }

    @Test("so do the texts of what slots are offered", arguments: [false, true])
    func slots(layer: Bool) {
        var stream = RandomStream(key: ["slots", "\(layer)"])
        let texts = (0..<400).map { _ in
            Grammar.candidates(Self.drawn(&stream, layer: layer)).sample(&stream)
        }
        judge(texts, judged: 100, sound: 0.8, distinct: 0.9)
        if layer {
            let readers = texts.count { SourceParser.parse($0).program?.readsLayer == true }
            #expect(readers * 10 > texts.count * 3, "\(readers)")
        }
    }

    /// - Parameter judged: how many go through the gate, which takes longer.
    private func judge(_ texts: [String], judged: Int, sound: Double, distinct: Double) {
        var hashes: Set<String> = []
        var (checked, good) = (0, 0)
        for (round, source) in texts.enumerated() {
            let result = SourceParser.parse(source)
            guard let program = result.program, result.diagnostics.isEmpty, result.idea != nil else {
                Issue.record("\(source)\n\(result.diagnostics)")
                continue
            }
            #expect(Verifier.readsInput(program), "\(source)")
            #expect(source.utf8.count <= 900, "\(source)")
            guard round % (texts.count / judged) == 0 else { continue }
            checked += 1
            guard case .compiled(let candidate) = ActivationPipeline().compile(source) else { continue }
            good += 1
            hashes.insert(candidate.canonicalHash)
        }
        #expect(Double(good) >= sound * Double(checked), "\(good) of \(checked)")
        #expect(Double(hashes.count) >= distinct * Double(good), "\(hashes.count) of \(good)")
    }

    @Test("every proposal of the table is sound, whatever small or large value and number it is given")
    func proposals() throws {
        let everything = GrammarOffer.everything(layer: true)
        for name in everything.functions {
            var offer = everything
            // One tame function has to be there; identity-like ones must not hide a broken pattern.
            offer.functions = ["tanhf", name]
            offer.steps = []
            offer.forms = [.residual]
            let grammar = Grammar.candidates(offer)
            var stream = RandomStream(key: ["proposals", name])
            var refused: [String] = []
            for _ in 0..<12 {
                let source = grammar.sample(&stream)
                if case .compiled = ActivationPipeline().compile(source) { continue }
                refused.append(source)
            }
            #expect(refused.isEmpty, "\(name): \(refused.first ?? "")")
        }
    }

    @Test("a function of the table is offered, or known to be no part of a proposal")
    func coverage() {
        let left: Set<String> = [
            "abs", "fmaxf", "fminf", "fmaf", "ldexpf", "truncf", "rintf", "nearbyintf", "roundf", "lroundf", "lrintf",
            "logbf", "isnan", "isinf", "isfinite", "signbit",
        ]
        let offered = Set(GrammarOffer.everything(layer: true).functions)
        #expect(offered.isDisjoint(with: left))
        #expect(offered.union(left).union([BuiltinNames.trainable]) == Set(BuiltinNames.all))
        #expect(!GrammarOffer.everything(layer: false).functions.contains { BuiltinNames.layer.contains($0) })
    }

    @Test("every rule that is named exists, none reaches itself, and none is idle", arguments: [false, true])
    func rules(isDrawn: Bool) {
        var stream = RandomStream(key: ["rules"])
        let grammar = Grammar.candidates(isDrawn ? Self.drawn(&stream, layer: true) : .everything(layer: true))
        func names(_ symbol: Grammar.Symbol) -> [String] {
            switch symbol {
            case .rule(let name): [name]
            case .sequence(let parts), .choice(let parts): parts.flatMap(names)
            case .text: []
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

    @Test("a drawn offer writes these rules, and the same stream the same again")
    func notation() {
        var offer = GrammarOffer(
            functions: ["tanhf", "logf"], gates: ["sinf"], numbers: ["0.5f", "2.0f"], forms: [.residual],
            steps: [.trained])
        let grammar = Grammar.candidates(offer, idea: "a ripple")
        #expect(grammar.head == "// a ripple\nfloat activation(float x)\n{\n")
        #expect(
            grammar.gbnf.split(separator: "\n").prefix(8).map(String.init) == [
                #"root ::= body-x"#, #"number ::= "0.5f" | "2.0f""#, #"initial ::= "0.5f" | "2.0f" | "1.0f""#,
                #"function ::= "tanhf""#, #"gate ::= "sinf""#,
                #"argument-x ::= "x" | number " * " "x" | "x" " + " number | "x" " - " number | "x" " * " "x" | "#
                    + #""-x" | function "(" "x" ")""#,
                #"fun-x ::= function "(" argument-x ")" | "logf(1.0f + x * x)""#,
                #"body-x ::= "    float a = trainable(" initial ");\n" body-x-pa"#,
            ])
        #expect(grammar.gbnf.contains("body-x-pa ::= \"    return \" expression-x-pa \";\\n}\\n\""))
        offer.functions = ["tanhf"]
        #expect(!Grammar.candidates(offer).gbnf.contains("logf"))
        var (one, two) = (RandomStream(key: ["same"]), RandomStream(key: ["same"]))
        let drawn = Self.drawn(&one, layer: false)
        #expect(drawn == Self.drawn(&two, layer: false))
        #expect(drawn != Self.drawn(&two, layer: false))
        #expect(drawn.functions.first.map { ["tanhf", "sinf"].contains($0) } == true)
    }
}
