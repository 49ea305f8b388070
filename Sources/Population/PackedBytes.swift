import EvolveTypes
import Foundation

/// Numbers and texts as bytes, one after the other: what a kept state has thousands of, and JSON would take seconds for.
struct PackedWriter {
    private var bytes: [UInt8] = []
    /// Where a text was written first.
    private var places: [String: Int] = [:]

    var data: Data { Data(bytes) }

    mutating func put(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ number: Double) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// One that was there before is a number.
    mutating func put(_ text: String) {
        if let place = places[text] { return put(place) }
        put(-text.utf8.count - 1)
        places[text] = places.count
        bytes.append(contentsOf: text.utf8)
    }
}

/// Throws a `Failure` where the bytes are not those that were written.
struct PackedReader {
    private let bytes: [UInt8]
    private var place = 0
    private var texts: [String] = []

    init(_ data: Data) { bytes = Array(data) }

    var isAtEnd: Bool { place == bytes.count }

    mutating func int() throws -> Int { Int(Int64(bitPattern: try word())) }

    mutating func double() throws -> Double { Double(bitPattern: try word()) }

    mutating func text() throws -> String {
        let number = try int()
        if texts.indices.contains(number) { return texts[number] }
        guard number < 0, -number - 1 <= bytes.count - place else { throw Self.broken }
        let end = place - number - 1
        let text = String(decoding: bytes[place..<end], as: UTF8.self)
        place = end
        texts.append(text)
        return text
    }

    mutating func choice<Choice: RawRepresentable<String>>() throws -> Choice {
        guard let choice = Choice(rawValue: try text()) else { throw Self.broken }
        return choice
    }

    /// How many of something follow; each takes a byte at least.
    mutating func count() throws -> Int {
        let count = try int()
        guard (0...bytes.count).contains(count) else { throw Self.broken }
        return count
    }

    private mutating func word() throws -> UInt64 {
        guard bytes.count - place >= 8 else { throw Self.broken }
        defer { place += 8 }
        return bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
    }

    private static var broken: Failure { Failure(.badInput, "a kept state is not as it was written") }
}
