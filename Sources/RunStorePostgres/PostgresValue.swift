import Foundation

/// A value that a statement takes or a row gives, in PostgreSQL's text form.
package protocol PostgresValue: Sendable {
    /// What the server reads.
    var postgresText: String { get }
    /// Nil when `text` is none of this type's values.
    init?(postgresText text: String)
}

extension Int: PostgresValue {
    package var postgresText: String { String(self) }
    package init?(postgresText text: String) { self.init(text) }
}

/// Bit for bit, but for the payload of a NaN: both sides write the shortest text that reads back as the same number.
extension Double: PostgresValue {
    package var postgresText: String {
        if isNaN { return "NaN" }
        return isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : String(self)
    }
    package init?(postgresText text: String) { self.init(text) }
}

/// PostgreSQL's text holds every character but NUL; `execute` refuses that one.
extension String: PostgresValue {
    package var postgresText: String { self }
    package init?(postgresText text: String) { self = text }
}

extension Bool: PostgresValue {
    package var postgresText: String { self ? "t" : "f" }
    package init?(postgresText text: String) {
        guard text == "t" || text == "f" else { return nil }
        self = text == "t"
    }
}

/// As `bytea`.
extension Data: PostgresValue {
    package var postgresText: String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("\\x".utf8)
        text.reserveCapacity(2 + 2 * count)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    package init?(postgresText text: String) {
        let digits = text.utf8.dropFirst(2)
        guard text.hasPrefix("\\x"), digits.count.isMultiple(of: 2) else { return nil }
        // A snapshot has millions of digits.
        func value(_ digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = value(digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self = Data(bytes)
    }
}
