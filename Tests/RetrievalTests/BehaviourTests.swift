import ActivationIR
import ActivationPasses
import EvolveTypes
import Foundation
import Retrieval
import Testing

@Suite("What stands for a function")
struct BehaviourTests {
    @Test("Values and slopes are those of the function and of its gradient", arguments: Functions.known)
    func agreesWithGradient(expression: String) throws {
        let program = try Functions.program(expression)
        let curve = try #require(Behaviour(of: program)).curve
        let outputs = Interpreter.evaluate(Gradient.differentiate(program), inputs: Behaviour.points)
        for (own, reference) in zip(curve, outputs[0] + outputs[1]) {
            #expect(abs(Double(own) - reference) <= 1e-6 * max(1, abs(reference)))
        }
    }

    @Test("Slopes of random programs are those of reverse mode")
    func agreesOnRandomPrograms() {
        var compared = 0
        for index in 0..<400 {
            let program = RandomProgram.make(index)
            guard let behaviour = Behaviour(of: program) else { continue }
            let outputs = Interpreter.evaluate(Gradient.differentiate(program), inputs: Behaviour.points)
            guard (outputs[0] + outputs[1]).allSatisfy(\.isFinite) else { continue }
            let size = behaviour.curve.map { abs(Double($0)) }.max() ?? 0
            let reference = (outputs[0] + outputs[1]).map(Float.init)
            let agrees = zip(behaviour.curve, reference).allSatisfy { abs($0 - $1) <= Float(1e-5 * max(1, size)) }
            #expect(agrees, "program \(index)")
            compared += 1
        }
        #expect(compared > 150)
    }

    @Test("A share of the size of both: 0 of equal ones, 1 of what has nothing in common, √2 of opposites")
    func share() throws {
        let (line, square) = try (Functions.behaviour("x"), Functions.behaviour("x * x - 1.0f"))
        let opposite = try Functions.behaviour("-x")
        #expect(line.share(to: line) == 0)
        #expect(abs(line.share(to: opposite) - 2.0.squareRoot()) < 1e-6)
        #expect(abs(line.share(to: square) - 1) < 0.02 && line.share(to: square) == square.share(to: line))
    }

    @Test("The distance is the root mean square of f − g and f′ − g′ over normal inputs")
    func distance() throws {
        let (line, half) = try (Functions.behaviour("x"), Functions.behaviour("0.5f * x"))
        let second = Behaviour.points.reduce(0) { $0 + $1 * $1 } / Double(Behaviour.points.count)
        #expect(abs(line.distance(to: half) - (0.25 * second + 0.25).squareRoot()) < 1e-6)
        #expect(abs(second - 1) < 0.03)
    }

    @Test("A program that reads its layer, or is not finite somewhere, has none")
    func refusals() throws {
        #expect(Behaviour(of: try Functions.program("x - batch_mean(x)")) == nil)
        #expect(Behaviour.parts(of: try Functions.program("x - batch_mean(x)")).isEmpty)
        var builder = ProgramBuilder()
        let logarithm = builder.unary(.log, builder.input())
        #expect(Behaviour(of: builder.finish(outputs: [logarithm])) == nil)
        #expect(Behaviour(curve: [Float](repeating: 1e30, count: Behaviour.length)) == nil)
    }

    @Test("Sub-expressions are all values that vary with x, but x and y, equal ones once")
    func parts() throws {
        var builder = ProgramBuilder()
        let x = builder.input()
        let sine = builder.unary(.sin, x)
        let again = builder.unary(.negate, builder.unary(.negate, sine))
        let sum = builder.binary(.add, again, builder.binary(.multiply, builder.constant(2), builder.constant(3)))
        let y = builder.binary(.multiply, sum, x)
        let program = builder.finish(outputs: [y])
        let parts = Behaviour.parts(of: program)
        #expect(parts.map(\.node).contains(sine) && !parts.map(\.node).contains(again))
        #expect(parts.count == 3)  // sin x, −sin x, sin x + 6.
    }

    @Test("A kept table comes back as it was, and not at all where a byte of it is another")
    func keeping() throws {
        let table = try Functions.table(Functions.known, granularity: .parts)
        let data = table.encoded()
        #expect(BehaviourTable(decoding: data) == table)
        #expect(BehaviourTable(decoding: Data("x".utf8) + data)?.count == nil)
        var other = data
        other[data.count / 2] ^= 1
        #expect(BehaviourTable(decoding: other)?.count == nil)
        #expect(BehaviourTable(decoding: data.dropLast(4))?.count == nil)
        #expect(BehaviourTable(decoding: BehaviourTable().encoded())?.count == 0)
    }

    @Test("A table of another version is made again")
    func versions() throws {
        let data = try Functions.table(["x"]).encoded()
        let heading = try #require(data.firstIndex(of: UInt8(ascii: "\n")))
        let words = String(decoding: data[..<heading], as: UTF8.self)
        #expect(words.contains(" \(Behaviour.version) "))
        let next = words.replacing(" \(Behaviour.version) ", with: " \(Behaviour.version + 1) ")
        #expect(BehaviourTable(decoding: Data(next.utf8) + data[heading...])?.count == nil)
    }

    @Test("Who changes what a behaviour is raises its version")
    func pinned() throws {
        let text = try Functions.known.flatMap { try Functions.behaviour($0).curve }
            .map { String(format: "%.3f", $0 + 0.00031) }.joined(separator: ",")
        let pinned = [1: "9aee8fd46c2c9f05"]
        #expect(pinned[Behaviour.version] == String(Digest.hex(text).prefix(16)))
    }
}
