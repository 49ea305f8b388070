import EvolveTypes
import Foundation

/// Kept as bytes: most motifs' donors are one of a few, whose sources then stand there once.
extension MotifTally: Codable {
    package init(from decoder: any Decoder) throws {
        var reader = PackedReader(try decoder.singleValueContainer().decode(Data.self))
        self.init()
        proposals = try reader.int()
        all = try Entry(&reader)
        while !reader.isAtEnd { entries[try reader.text()] = try Entry(&reader) }
    }

    package func encode(to encoder: any Encoder) throws {
        var writer = PackedWriter()
        writer.put(proposals)
        all.pack(&writer)
        for motif in motifs {
            writer.put(motif)
            entries[motif]?.pack(&writer)
        }
        var container = encoder.singleValueContainer()
        try container.encode(writer.data)
    }
}

extension MotifTally.Entry {
    fileprivate init(_ reader: inout PackedReader) throws {
        self.init(
            proposals: try reader.double(), measured: try reader.double(), gain: try reader.double(), donor: nil,
            age: try reader.int())
        if try reader.int() == 1 { donor = try Elite(&reader) }
    }

    fileprivate func pack(_ writer: inout PackedWriter) {
        for number in [proposals, measured, gain] { writer.put(number) }
        writer.put(age)
        writer.put(donor == nil ? 0 : 1)
        donor?.pack(&writer)
    }
}

extension Elite {
    fileprivate init(_ reader: inout PackedReader) throws {
        self.init(
            id: try reader.int(), source: try reader.text(), gain: try reader.double(), deviation: try reader.double(),
            cost: try reader.double(), cell: try ArchiveCell(&reader), isSeed: try reader.int() == 1)
    }

    fileprivate func pack(_ writer: inout PackedWriter) {
        writer.put(id)
        writer.put(source)
        for number in [gain, deviation, cost] { writer.put(number) }
        cell.pack(&writer)
        writer.put(isSeed ? 1 : 0)
    }
}
