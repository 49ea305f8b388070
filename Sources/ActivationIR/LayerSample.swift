/// Fixed layers to try a program on.
package enum LayerSample {
    /// [batch × units] values spread evenly over ±size in no order, off round numbers and all different.
    package static func spread(_ batch: Int, _ units: Int, size: Double, start: Int = 1) -> [[Double]] {
        let golden = 0.6180339887498949
        return (0..<batch).map { sample in
            (0..<units).map { unit in
                let place = Double(start + sample * units + unit) * golden
                return size * (2 * place.truncatingRemainder(dividingBy: 1) - 1)
            }
        }
    }
}
