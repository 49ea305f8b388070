import ActivationCompiler
import ActivationIR
import ActivationParser
import EvolveTypes
import Population

/// Brings a motif that is seldom proposed from a candidate that has it into another one: a crossover (`TreeCrossover`) whose
/// scion is chosen for what it is.
package struct TailGraft {
    let graft: SlotPlan.Graft
    /// What a child must pass.
    let pipeline: ActivationPipeline
    /// Whether one that behaves so was committed before.
    let isKnown: (_ candidate: CompiledActivation) throws -> Bool

    /// Sound children that are looked at, of which the most welcome is taken: each is differentiated and checked.
    private static let looks = 8

    package init(
        _ graft: SlotPlan.Graft, pipeline: ActivationPipeline,
        isKnown: @escaping (_ candidate: CompiledActivation) throws -> Bool = { _ in false }
    ) {
        self.graft = graft
        self.pipeline = pipeline
        self.isKnown = isKnown
    }

    /// An expression of the donor that has the motif replaces or joins one of the receiver.
    ///
    /// - Parameter stream: the only source of chance; the same stream gives the same child.
    /// - Returns: a sound child that has the motif. It behaves as nothing before it does and falls into an empty cell of the
    ///   archive, if in a bounded number of tries one was found; else it behaves as nothing before, if one was
    ///   found. Nil when no child has the motif.
    package func child(
        of receiver: ReadActivation, from donor: ReadActivation, stream: inout RandomStream
    ) throws -> CompiledActivation? {
        let scions = scions(of: donor, for: receiver)
        let places = TreeCrossover.places(in: receiver.tree)
        guard !scions.isEmpty, !places.isEmpty else { return nil }
        let acceptance = TreeAcceptance(parents: [receiver, donor])
        let parents = Set(
            [receiver, donor].compactMap { parent -> String? in
                guard case .compiled(let candidate) = pipeline.compile(parent) else { return nil }
                return candidate.fingerprint
            })
        var (seen, best) = (0, nil as (child: CompiledActivation, isNew: Bool)?)
        for _ in 0..<TreeAcceptance.tries where seen < Self.looks {
            let place = places[stream.index(below: places.count)]
            let scion = scions[stream.index(below: scions.count)]
            let tree = TreeCrossover.grafted(scion, at: place, of: receiver.tree, from: donor.tree, stream: &stream)
            // What is put beside the scion may have been simplified together with it.
            guard let read = acceptance.accept(tree), Motif.of(read.program).contains(graft.motif),
                case .compiled(let child) = pipeline.compile(read)
            else { continue }
            seen += 1
            let isNew = try !parents.contains(child.fingerprint) && !isKnown(child)
            if isNew, isWelcome(child) { return child }
            if best == nil || isNew && best?.isNew == false { best = (child, isNew) }
        }
        return best?.child
    }

    /// Expressions of the donor that have the motif by themselves, as they would stand in the receiver.
    private func scions(of donor: ReadActivation, for receiver: ReadActivation) -> [TreeGraft.Scion] {
        guard let graft = TreeGraft(from: donor.tree, into: receiver.tree) else { return [] }
        return TreeCrossover.scions(in: donor.tree).compactMap { graft.scion($0.expression) }.filter { scion in
            // In the receiver's words, alone.
            guard let alone = alone(scion, in: receiver.tree),
                let program = ActivationPipeline().read(SourcePrinter.print(alone)).activation?.program
            else { return false }
            return Motif.of(program).contains(self.graft.motif)
        }
    }

    private func alone(_ scion: TreeGraft.Scion, in receiver: TranslationUnit) -> TranslationUnit? {
        guard var function = receiver.functions.first(where: { $0.name == "activation" }) else { return nil }
        function.body = [Statement(.result(scion.expression))]
        let others = receiver.items.filter { item in
            if case .function(let other) = item { return other.name != "activation" }
            return true
        }
        var tree = TranslationUnit(items: scion.helpers + others + [.function(function)])
        TreeNames.declare(scion.trained, in: &tree)
        return TreePruning.withoutIdleDeclarations(tree)
    }

    private func isWelcome(_ child: CompiledActivation) -> Bool {
        BehaviourDescriptor(of: child.gradient).map {
            !graft.held.contains(ArchiveCell($0, cost: child.cost.total))
        } ?? false
    }
}
