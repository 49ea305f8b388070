import ActivationCompiler
import ActivationIR
import Foundation
import Testing

@Suite("Library of known activations")
struct LibraryTests {
    @Test("has at least sixty functions, trainable ones among them")
    func size() throws {
        #expect(LibraryEntry.all.count >= 60)
        let names = Set(LibraryEntry.all.map(\.file))
        for name in ["relu", "prelu", "swish_beta", "snake_a", "apl", "pau", "acon_c"] {
            #expect(names.contains(name), "\(name)")
        }
        let trainable = try LibraryEntry.all.filter { try !$0.compiled().program.parameters.isEmpty }
        #expect(trainable.count >= 12)
    }

    @Test("every file names itself and its source, and gives values", arguments: LibraryEntry.all)
    func comments(entry: LibraryEntry) throws {
        #expect(entry.name.count >= 4)
        let source = try #require(entry.source)
        // Names of authors, a year, and, where there is one, the arXiv number, whose first two digits are a year too.
        let words = source.components(separatedBy: ", arXiv ")
        let year = try #require(words[0].split(separator: " ").last.flatMap { Int($0) }, "\(source)")
        #expect((1900...2100).contains(year) && words[0].split(separator: " ").count >= 2)
        if words.count > 1 {
            let number = words[1].split(separator: ".").map(String.init)
            #expect(
                number.count == 2 && number[0].count == 4 && (4...5).contains(number[1].count) && Int(number[1]) != nil)
            let posted = try #require(Int(number[0].prefix(2))) + 2000
            #expect((posted - 1...posted + 2).contains(year), "\(source)")
        }
        #expect(entry.points.count >= 3)
        #expect(Set(entry.points.map(\.x)).count == entry.points.count)
    }

    @Test("every function compiles without a word, is sound, and has the published values", arguments: LibraryEntry.all)
    func values(entry: LibraryEntry) throws {
        let candidate = try entry.compiled()
        #expect(candidate.warnings.isEmpty)
        let values = Interpreter.evaluate(candidate.program, inputs: entry.points.map(\.x))[0]
        for (point, value) in zip(entry.points, values) {
            #expect(
                abs(value - point.value) <= 1e-6 * abs(point.value) + 1e-12,
                "f(\(point.x)) is \(value), published \(point.value)")
        }
    }

    @Test("fingerprints are distinct but for functions that say they are the same")
    func distinct() throws {
        var holders: [String: LibraryEntry] = [:]
        for entry in LibraryEntry.all where entry.sameAs == nil {
            let fingerprint = try entry.compiled().fingerprint
            #expect(holders[fingerprint] == nil, "\(entry.file) and \(holders[fingerprint]?.file ?? "")")
            holders[fingerprint] = entry
        }
        for entry in LibraryEntry.all where entry.sameAs != nil {
            #expect(try holders[entry.compiled().fingerprint]?.file == entry.sameAs, "\(entry.file)")
        }
    }
}
