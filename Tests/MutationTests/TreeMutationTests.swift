import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes
import Mutation
import Testing

@Suite struct TreeMutationTests {
    @Test("of 1,000 mutants of the seeds at least 90 % are found; all parse, differ from their parent and read x")
    func mutants() throws {
        let parents = try TreeSeeds.functions()
        var texts: Set<String> = []
        var found = 0
        for number in 0..<1_000 {
            var stream = RandomStream(key: ["tree", "\(number)"])
            let parent = parents[number % parents.count]
            guard let child = TreeMutation.mutate(parent, allow: .elementwise, stream: &stream) else { continue }
            found += 1
            let text = child.source
            let result = SourceParser.parse(text)
            let program = try #require(result.program, "\(text)\n\(result.diagnostics)")
            #expect(Verifier.readsInput(program))
            #expect(text != parent.source)
            if number < 12 { #expect(result.idea == nil || result.idea?.hasPrefix("Variant of ") == true) }
            texts.insert(text)
        }
        #expect(found >= 900, "\(found)")
        #expect(texts.count * 10 >= found * 7, "\(texts.count) distinct of \(found)")
    }

    @Test("the same stream gives the same mutant, and streams after each other give different ones")
    func deterministic() throws {
        let parent = try TreeSeeds.functions()[1]
        var one = RandomStream(key: ["same"])
        var two = RandomStream(key: ["same"])
        let first = TreeMutation.mutate(parent, allow: .elementwise, stream: &one)
        #expect(first != nil)
        #expect(first == TreeMutation.mutate(parent, allow: .elementwise, stream: &two))
        #expect(first != TreeMutation.mutate(parent, allow: .elementwise, stream: &one))
    }

    @Test("a lineage of 60 mutations stays valid and bounded")
    func lineage() throws {
        var function = try TreeSeeds.functions()[3]
        var stream = RandomStream(key: ["lineage"])
        for _ in 0..<60 {
            function = try #require(TreeMutation.mutate(function, allow: .elementwise, stream: &stream))
            #expect(function.source.utf8.count < 2_500)
        }
        #expect(function.idea == "Variant of Snake")
    }

    @Test("every kind of edit happens: literals, operators, trainables both ways, growth and shrinkage")
    func kinds() throws {
        var parent = try TreeSeeds.functions()[3]
        parent.tree.idea = nil
        let length = SourcePrinter.print(parent.tree).utf8.count
        var (gained, lost, grown, shrunk) = (0, 0, 0, 0)
        for number in 0..<300 {
            var stream = RandomStream(key: ["kinds", "\(number)"])
            guard let child = TreeMutation.mutate(parent, allow: .elementwise, stream: &stream) else { continue }
            let text = child.source
            let program = try #require(SourceParser.parse(text).program)
            gained += program.parameters.count > 1 ? 1 : 0
            lost += program.parameters.isEmpty ? 1 : 0
            grown += text.utf8.count > length + 8 ? 1 : 0
            shrunk += text.utf8.count < length ? 1 : 0
        }
        #expect(lost > 3 && grown > 50 && shrunk > 20, "\(lost) \(grown) \(shrunk)")
        let gelu = try TreeSeeds.functions()[1]
        for number in 0..<200 {
            var stream = RandomStream(key: ["gain", "\(number)"])
            let child = TreeMutation.mutate(gelu, allow: .elementwise, stream: &stream)
            gained += child.map { $0.source.contains("= trainable(") ? 1 : 0 } ?? 0
        }
        #expect(gained > 3, "\(gained)")
    }

    @Test("words of the layer come in where the suite allows them, with their gradients, and nowhere else")
    func layer() throws {
        let parents = try TreeSeeds.functions()
        var found: Set<String> = []
        for number in 0..<400 {
            var (one, two) = (RandomStream(key: ["layer", "\(number)"]), RandomStream(key: ["layer", "\(number)"]))
            let parent = parents[number % parents.count]
            if let child = TreeMutation.mutate(parent, allow: .layer, stream: &one) {
                let source = child.source
                guard case .compiled(let candidate) = ActivationPipeline(allow: .layer).compile(source) else {
                    continue
                }
                found.formUnion(candidate.program.nodes.map(\.op.name))
            }
            if let child = TreeMutation.mutate(parent, allow: .elementwise, stream: &two) {
                let program = try #require(SourceParser.parse(child.source).program)
                #expect(!program.readsLayer)
            }
        }
        #expect(found.isSuperset(of: ["unit_mean", "batch_max", "tensor_sum", "unit_shift"]), "\(found)")
    }
}
