import ActivationIR
import EvolveTypes
import Foundation

/// Behaviours of many functions and of their sub-expressions, row by row: what an index is made of, and what may be kept.
package struct BehaviourTable: Hashable, Sendable {
    /// Rows of functions as a whole, and of what is inside them.
    package enum Granularity: Sendable {
        case wholes
        case parts
    }

    /// For each row, whose it is: a number of the caller's.
    package private(set) var owners: [Int32] = []
    /// For each row, the node of its owner's program that it is the behaviour of; −1 = of the whole function.
    package private(set) var nodes: [Int32] = []
    /// [rows × 128] float32, row-major.
    private(set) var curves: [Float] = []

    package init() {}

    /// The rows of another from this one on.
    init(_ other: BehaviourTable, from row: Int) {
        owners = Array(other.owners[row...])
        nodes = Array(other.nodes[row...])
        curves = Array(other.curves[(row * Behaviour.length)...])
    }

    package var count: Int { owners.count }
    /// Rows of whole functions.
    package var functions: Int { nodes.count { $0 < 0 } }

    package mutating func reserve(_ rows: Int) {
        owners.reserveCapacity(rows)
        nodes.reserveCapacity(rows)
        curves.reserveCapacity(rows * Behaviour.length)
    }

    package mutating func append(_ behaviour: Behaviour, owner: Int, node: ValueID? = nil) {
        owners.append(Int32(owner))
        nodes.append(Int32(node ?? -1))
        curves.append(contentsOf: behaviour.curve)
    }

    /// - Returns: false for a function without a behaviour, one that reads its layer or is not finite: it has no row.
    @discardableResult
    package mutating func append(_ program: Program, owner: Int, granularity: Granularity = .wholes) -> Bool {
        guard let whole = Behaviour(of: program) else { return false }
        append(whole, owner: owner)
        if granularity == .parts {
            for part in Behaviour.parts(of: program) { append(part.behaviour, owner: owner, node: part.node) }
        }
        return true
    }

    /// - Parameter first: added to the other's owners.
    package mutating func append(_ other: BehaviourTable, ownersFrom first: Int = 0) {
        owners += other.owners.map { $0 + Int32(first) }
        nodes += other.nodes
        curves += other.curves
    }

    package func behaviour(_ row: Int) -> Behaviour? {
        Behaviour(curve: Array(curves[row * Behaviour.length..<(row + 1) * Behaviour.length]))
    }

    func withCurve<Value>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) -> Value) -> Value {
        curves.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[row * Behaviour.length..<(row + 1) * Behaviour.length]))
        }
    }
}

/// As bytes, to be kept: a line that says what they are, a digest, and the numbers in the machine's order.
extension BehaviourTable {
    private static var heading: String {
        "behaviours \(Behaviour.version) \(Behaviour.length) \(1.littleEndian == 1 ? "little" : "big")\n"
    }

    package func encoded() -> Data {
        var body = Data()
        withUnsafeBytes(of: Int64(count)) { body.append(contentsOf: $0) }
        owners.withUnsafeBytes { body.append(contentsOf: $0) }
        nodes.withUnsafeBytes { body.append(contentsOf: $0) }
        curves.withUnsafeBytes { body.append(contentsOf: $0) }
        return Data(Self.heading.utf8) + Data(Digest.sha256(body)) + body
    }

    /// - Returns: nil for anything but a whole table of this version: make it again.
    package init?(decoding data: Data) {
        let heading = Data(Self.heading.utf8)
        guard data.starts(with: heading) else { return nil }
        let digest = data.dropFirst(heading.count).prefix(32)
        let body = data.dropFirst(heading.count + 32)
        guard body.count >= 8, Data(Digest.sha256(body)) == digest else { return nil }
        let count = Int(body.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: Int64.self) })
        guard count >= 0, body.count == 8 + count * (8 + 4 * Behaviour.length) else { return nil }
        func numbers<Number: BitwiseCopyable>(_ type: Number.Type, from start: Int, count: Int) -> [Number] {
            body.dropFirst(start).withUnsafeBytes { bytes in
                (0..<count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: type) }
            }
        }
        owners = numbers(Int32.self, from: 8, count: count)
        nodes = numbers(Int32.self, from: 8 + 4 * count, count: count)
        curves = numbers(Float.self, from: 8 + 8 * count, count: count * Behaviour.length)
    }
}
