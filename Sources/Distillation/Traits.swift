import ActivationCompiler
import ActivationIR
import EvolveTypes
import Foundation
import Population
import Reporting
import Retrieval
import RunStore

/// What a function is made of and what it is like, as far as a change of it can be told from that: found by reading and
/// evaluating it, nothing of it is proved.
struct Traits: Sendable {
    /// Names of its operations, arithmetic left out.
    var functions: Set<String>
    var motifs: Set<String>
    var isTrained: Bool
    /// nil for a function that reads its layer, or is not finite where it was looked at.
    var form: Form?

    /// What is seen of its values.
    struct Form: Sendable {
        var cell: ArchiveCell
        var cost: Double
        /// Goes no higher far out than near.
        var isBounded: Bool
        /// Swings for ever, on either side.
        var hasWaves: Bool
        var isOdd: Bool
        var isEven: Bool
        var isZeroAtZero: Bool
        var behaviour: Behaviour
    }

    init(_ program: Program, _ descriptor: BehaviourDescriptor?, cost: Double?) {
        functions = Motif.functions(of: program)
        motifs = Motif.of(program)
        isTrained = zip(program.nodes, program.isLive).contains { $0.op == .parameter && $1 }
        form = descriptor.flatMap { descriptor in cost.flatMap { Form(program, descriptor, cost: $0) } }
    }

    /// Of records in their order, read side by side; nil for those without a function.
    static func of(_ records: [SlotRecord]) -> [Traits?] {
        records.sideBySide { record in
            record.source.flatMap { ActivationPipeline().read($0).activation?.program }
                .map { Traits($0, record.descriptor, cost: record.cost) }
        }
    }
}

extension Traits.Form {
    private static let near: [Double] = (0...600).map { -30 + 0.1 * Double($0) }
    private static let far: [Double] = (0...40).flatMap { step in
        let distance = pow(10, 2 + Double(step) / 20)
        return [-distance, distance]
    }
    /// From 20 on, where what fades has faded, in steps that no usual frequency is a multiple of.
    private static let outside: [Double] = (0...600).map { 20 + 0.137 * Double($0) }
    private static let same = 1e-6

    init?(_ program: Program, _ descriptor: BehaviourDescriptor, cost: Double) {
        guard let behaviour = Behaviour(of: program) else { return nil }
        func values(_ inputs: [Double]) -> [Double] { Interpreter.evaluate(program, inputs: inputs)[0] }
        let (near, far) = (values(Self.near), values(Self.far))
        let (right, left) = (values(Self.outside), values(Self.outside.map { -$0 }))
        guard (near + far + right + left).allSatisfy(\.isFinite) else { return nil }
        func peak(_ values: [Double]) -> Double { values.reduce(0) { max($0, abs($1)) } }
        let mirrored = Array(zip(near, near.reversed()))
        let slack = Self.same * max(1, peak(near))
        cell = ArchiveCell(descriptor, cost: cost)
        self.cost = cost
        self.behaviour = behaviour
        isBounded = peak(far) <= 1.05 * peak(near) + Self.same
        hasWaves = Self.swings(right) || Self.swings(left)
        isOdd = mirrored.allSatisfy { abs($0 + $1) <= slack }
        isEven = mirrored.allSatisfy { abs($0 - $1) <= slack }
        isZeroAtZero = abs(values([0])[0]) <= Self.same
    }

    /// Root mean square over standard normal pre-activations.
    var size: Double {
        let values = behaviour.curve.prefix(Behaviour.points.count)
        return (values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
    }

    private static func swings(_ values: [Double]) -> Bool {
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }.filter { abs($0) > 1e-4 }
        return zip(steps.dropFirst(), steps).count { ($0 > 0) != ($1 > 0) } > 10
    }
}
