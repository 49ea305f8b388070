import Foundation

/// Cells of an archive, a bit each: what a plan says of a whole archive in 38 bytes.
package struct CellSet: Codable, Hashable, Sendable {
    private var bits: [UInt8]

    private static let count =
        ArchiveCell.Slope.allCases.count * ArchiveCell.Slope.allCases.count * ArchiveCell.Oscillation.allCases.count
        * ArchiveCell.CostClass.allCases.count

    package init(_ cells: some Sequence<ArchiveCell>) {
        bits = [UInt8](repeating: 0, count: (Self.count + 7) / 8)
        for cell in cells { bits[Self.place(cell) / 8] |= 1 << UInt8(Self.place(cell) % 8) }
    }

    package func contains(_ cell: ArchiveCell) -> Bool {
        let place = Self.place(cell)
        return bits.indices.contains(place / 8) && bits[place / 8] & 1 << UInt8(place % 8) != 0
    }

    private static func place(_ cell: ArchiveCell) -> Int {
        func digit<Choice: CaseIterable & Equatable>(_ choice: Choice) -> Int {
            Choice.allCases.enumerated().first { $0.element == choice }?.offset ?? 0
        }
        let slopes = digit(cell.left) * ArchiveCell.Slope.allCases.count + digit(cell.right)
        let turns = slopes * ArchiveCell.Oscillation.allCases.count + digit(cell.oscillation)
        return turns * ArchiveCell.CostClass.allCases.count + digit(cell.cost)
    }

    package init(from decoder: any Decoder) throws {
        bits = Array(try decoder.singleValueContainer().decode(Data.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bits))
    }
}
