import Foundation

/// Bytes of a protocol buffer, field by field (protobuf.dev, "Encoding"): as much of it as an ONNX model takes.
struct ProtocolBuffer {
    private(set) var bytes = Data()

    mutating func put(_ field: Int, _ value: Int) {
        tag(field, 0)
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func put(_ field: Int, _ text: String) { put(field, Data(text.utf8)) }

    mutating func put(_ field: Int, _ data: Data) {
        tag(field, 2)
        varint(UInt64(data.count))
        bytes.append(data)
    }

    mutating func put(_ field: Int, _ fill: (inout ProtocolBuffer) -> Void) {
        var inner = ProtocolBuffer()
        fill(&inner)
        put(field, inner.bytes)
    }

    private mutating func tag(_ field: Int, _ kind: Int) { varint(UInt64(field << 3 | kind)) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
