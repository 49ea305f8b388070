import ActivationIR
import ActivationParser
import EvolveTypes
import Testing

@testable import Mutation

@Suite struct TreeCrossoverTests {
    @Test("crosses of all pairs of seeds parse, differ from both parents, read x and are mostly distinct")
    func pairs() throws {
        let parents = try TreeSeeds.functions()
        var texts: Set<String> = []
        var (tried, found) = (0, 0)
        for round in 0..<5 {
            for (i, a) in parents.enumerated() {
                for (j, b) in parents.enumerated() where i != j {
                    tried += 1
                    var stream = RandomStream(key: ["cross", "\(round)", "\(i)", "\(j)"])
                    guard let child = TreeCrossover.cross(a, with: b, stream: &stream) else { continue }
                    found += 1
                    let text = child.source
                    let result = SourceParser.parse(text)
                    let program = try #require(result.program, "\(text)\n\(result.diagnostics)")
                    #expect(Verifier.readsInput(program))
                    #expect(text != a.source && text != b.source)
                    texts.insert(text)
                }
            }
        }
        #expect(found * 10 >= tried * 8, "\(found) of \(tried)")
        #expect(texts.count * 10 >= found * 6, "\(texts.count) distinct of \(found)")
    }

    @Test("what comes over brings its locals, trained scalars and helpers with it")
    func brings() throws {
        let parents = try TreeSeeds.functions()
        var (locals, trained, helpers) = (false, false, false)
        for number in 0..<60 {
            var stream = RandomStream(key: ["brings", "\(number)"])
            if let child = TreeCrossover.cross(parents[0], with: parents[5], stream: &stream) {
                // The donor calls its parameter v, and t stands for tanhf(1.5f * v).
                let text = child.source
                #expect(!text.contains("(v)") && !text.contains(" v"))
                locals = locals || text.contains("tanhf(1.5f * x)")
            }
            if let child = TreeCrossover.cross(parents[0], with: parents[6], stream: &stream) {
                let text = child.source
                trained = trained || text.contains("= trainable(0.1f);")
                helpers = helpers || text.contains("static float bump(float v)")
                #expect(!text.contains("WIDTH"))
            }
        }
        #expect(locals && trained && helpers, "\(locals) \(trained) \(helpers)")
    }

    @Test("the same stream gives the same child")
    func deterministic() throws {
        let parents = try TreeSeeds.functions()
        var one = RandomStream(key: ["same"])
        var two = RandomStream(key: ["same"])
        let first = TreeCrossover.cross(parents[3], with: parents[5], stream: &one)
        #expect(first != nil)
        #expect(first == TreeCrossover.cross(parents[3], with: parents[5], stream: &two))
        #expect(first?.idea == "Cross of Snake and GMTU")
    }

    @Test("a child's name keeps whole phrases of its parents' names, each once")
    func names() {
        var long = TranslationUnit(items: [])
        long.idea = "Cross of SiLU or Swish and GELU and Snake"
        var short = TranslationUnit(items: [])
        short.idea = "Variant of GMTU (Somebody 2020)"
        #expect(TreeNames.idea("Cross of", of: [long, short]) == "Cross of SiLU or Swish and GELU and GMTU")
        #expect(TreeNames.idea("Cross of", of: [long, long]) == "Cross of SiLU or Swish and GELU")
    }
}
