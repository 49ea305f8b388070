/// Curves in a terminal: dots of braille characters, two by four to a character.
package enum TerminalPlot {
    /// - Parameters:
    ///   - curves: equally long, over the same x; the first is drawn in full, those behind it with every other dot.
    ///   - labels: of the ends of the x axis.
    ///   - columns: of the picture, without the numbers beside it.
    package static func lines(
        _ curves: [[Double]], labels: (String, String), columns: Int = 66, rows: Int = 14
    ) -> [String] {
        let finite = curves.joined().filter(\.isFinite)
        guard let lowest = finite.min(), let highest = finite.max() else { return [] }
        let margin = max(highest - lowest, 1e-6) * 0.02
        let (low, high) = (lowest - margin, highest + margin)
        let (width, height) = (2 * columns, 4 * rows)
        var dots = [[UInt8]](repeating: [UInt8](repeating: 0, count: columns), count: rows)
        func row(_ value: Double) -> Int { Int(((high - value) / (high - low) * Double(height - 1)).rounded()) }
        func set(_ x: Int, _ y: Int) {
            guard (0..<width).contains(x), (0..<height).contains(y) else { return }
            dots[y / 4][x / 2] |= bits[y % 4][x % 2]
        }
        if low < 0, high > 0 { for x in stride(from: 0, to: width, by: 4) { set(x, row(0)) } }
        for (number, curve) in curves.enumerated() {
            var last: Int?
            for x in 0..<width {
                let value = curve[x * (curve.count - 1) / (width - 1)]
                guard value.isFinite else {
                    last = nil
                    continue
                }
                let y = row(value)
                // Steep parts without gaps.
                for between in stride(from: min(last ?? y, y), through: max(last ?? y, y), by: 1)
                where number == 0 || (x + between) % 2 == 0 { set(x, between) }
                last = y
            }
        }
        let edges = [(0, highest), (rows - 1, lowest)] + (low < 0 && high > 0 ? [(row(0) / 4, 0.0)] : [])
        let numbers = (0..<rows).map { place in
            edges.last { $0.0 == place }.map { Figures.plain(($0.1 * 100).rounded() / 100) } ?? ""
        }
        let margins = numbers.map(\.count).max() ?? 0
        var lines = zip(numbers, dots).map { number, row in
            let text = String(String.UnicodeScalarView(row.compactMap { Unicode.Scalar(0x2800 + UInt32($0)) }))
            return String(repeating: " ", count: margins - number.count) + number + " " + trimmed(text)
        }
        let gap = columns - labels.0.count - labels.1.count
        lines.append(
            String(repeating: " ", count: margins + 1) + labels.0 + String(repeating: " ", count: max(1, gap))
                + labels.1)
        return lines
    }

    /// Without empty characters at the end.
    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while rest.last == "\u{2800}" { rest = rest.dropLast() }
        return String(rest)
    }

    /// Unicode 15, "Braille Patterns".
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
}
