import ActivationCompiler
import ActivationIR
import EvolveTypes
import Population
import Testing

@testable import Mutation

@Suite("Tail grafts")
struct TailGraftTests {
    private static let pipeline = ActivationPipeline(costLimit: 400)

    private static func graft(_ motif: String, held: some Sequence<ArchiveCell> = []) -> SlotPlan.Graft {
        SlotPlan.Graft(motif: motif, held: CellSet(held))
    }

    private static func cell(_ child: CompiledActivation) -> ArchiveCell? {
        BehaviourDescriptor(of: child.gradient).map { ArchiveCell($0, cost: child.cost.total) }
    }

    @Test("The child has the motif, reads x, is sound and differs from both parents, whatever the donor's style")
    func pairs() throws {
        let parents = try TreeSeeds.functions()
        var (tried, found) = (0, 0)
        for (i, donor) in parents.enumerated() {
            for motif in Motif.of(donor.program).sorted() {
                for (j, receiver) in parents.enumerated() where i != j {
                    tried += 1
                    var stream = RandomStream(key: ["graft", motif, "\(i)", "\(j)"])
                    let child = try TailGraft(Self.graft(motif), pipeline: Self.pipeline)
                        .child(of: receiver, from: donor, stream: &stream)
                    guard let child else { continue }
                    found += 1
                    #expect(Motif.of(child.program).contains(motif), "\(motif) is not in \(child.source)")
                    #expect(Verifier.readsInput(child.program))
                    let hashes = [receiver, donor].map { CanonicalHash.of($0.program) }
                    #expect(!hashes.contains(child.canonicalHash))
                }
            }
        }
        // What stands in loops and branches alone stays there.
        #expect(found * 10 >= tried * 7, "\(found) of \(tried)")
    }

    @Test("The same stream gives the same child, another one mostly another")
    func deterministic() throws {
        let parents = try TreeSeeds.functions()
        let grafting = TailGraft(Self.graft("multiply(exp, tanh)"), pipeline: Self.pipeline)
        var texts: Set<String> = []
        for number in 0..<20 {
            func child() throws -> String? {
                var stream = RandomStream(key: ["same", "\(number)"])
                return try grafting.child(of: parents[3], from: parents[5], stream: &stream)?.source
            }
            let first = try #require(try child())
            #expect(try child() == first)
            texts.insert(first)
        }
        #expect(texts.count > 8)
    }

    @Test("A child in an empty cell is preferred")
    func emptyCells() throws {
        let parents = try TreeSeeds.functions()
        func children(_ held: [ArchiveCell]) throws -> [ArchiveCell] {
            try (0..<40).compactMap { number in
                var stream = RandomStream(key: ["cells", "\(number)"])
                return try TailGraft(Self.graft("multiply(exp, tanh)", held: held), pipeline: Self.pipeline)
                    .child(of: parents[2], from: parents[5], stream: &stream).flatMap(Self.cell)
            }
        }
        let free = try children([])
        let common = Dictionary(grouping: free) { $0 }.filter { $0.value.count > 3 }.map(\.key)
        let outside = try children(common)
        #expect(!common.isEmpty && free.count == 40 && outside.count == 40)
        #expect(outside.count { !common.contains($0) } > 2 * free.count { !common.contains($0) })
    }

    @Test("What behaves as a committed candidate is taken only where nothing else is found")
    func known() throws {
        let parents = try TreeSeeds.functions()
        func child(_ known: Set<String>?) throws -> CompiledActivation? {
            var stream = RandomStream(key: ["known"])
            return try TailGraft(Self.graft("multiply(exp, tanh)"), pipeline: Self.pipeline) {
                known?.contains($0.fingerprint) ?? true
            }.child(of: parents[2], from: parents[5], stream: &stream)
        }
        let first = try #require(try child([]))
        #expect(try #require(try child([first.fingerprint])).fingerprint != first.fingerprint)
        #expect(try child(nil)?.fingerprint == first.fingerprint, "as good as any other")
    }

    @Test("What the suite does not allow is no child, and without the motif there is none")
    func refused() throws {
        let parents = try TreeSeeds.functions()
        var stream = RandomStream(key: ["refused"])
        let dear = TailGraft(Self.graft("multiply(exp, tanh)"), pipeline: ActivationPipeline(costLimit: 20))
        #expect(try dear.child(of: parents[0], from: parents[5], stream: &stream) == nil)
        let absent = TailGraft(Self.graft("sin(cos)"), pipeline: Self.pipeline)
        #expect(try absent.child(of: parents[0], from: parents[5], stream: &stream) == nil)
    }
}
