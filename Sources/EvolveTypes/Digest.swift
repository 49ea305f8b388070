import CCrypto
import Foundation

/// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto.
package enum Digest {
    /// The 32 digest bytes of `bytes`.
    package static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 32)
        let status = EVP_Digest(input, input.count, &output, nil, EVP_sha256(), nil)
        precondition(status == 1, "libcrypto could not compute SHA-256")
        return output
    }

    /// Lower-case hexadecimal SHA-256, 64 characters.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 64) { text in
            for (place, byte) in sha256(bytes).enumerated() {
                text[2 * place] = digits[Int(byte >> 4)]
                text[2 * place + 1] = digits[Int(byte & 15)]
            }
            return 64
        }
    }

    /// Lower-case hexadecimal SHA-256 of the UTF-8 bytes of `text`.
    package static func hex(_ text: String) -> String { hex(text.utf8) }
}

/// The one JSON form of a value: keys sorted, no spaces, numbers in shortest round-trip notation.
package enum CanonicalJSON {
    package static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }
}
