/// The layer a program is interpreted over: columns of batch · units values, sample by sample.
struct Layer {
    var batch: Int
    var units: Int
    /// Pre-activations.
    var x: [Double]
    /// dL/dy; nil means ones.
    var cotangent: [Double]?

    var elements: Range<Int> { 0..<x.count }

    func uniform(_ value: Double) -> [Double] { [Double](repeating: value, count: x.count) }

    func reduce(_ values: [Double], _ reduction: LayerReduction, _ axis: LayerAxis) -> [Double] {
        let groups = axis == .batch ? units : axis == .unit ? batch : 1
        func group(_ element: Int) -> Int {
            switch axis {
            case .batch: element % units
            case .unit: element / units
            case .tensor: 0
            }
        }
        var results = [Double](repeating: reduction == .max ? -.infinity : 0, count: groups)
        for (element, value) in values.enumerated() {
            let place = group(element)
            results[place] =
                reduction == .max ? (results[place] < value ? value : results[place]) : results[place] + value
        }
        if reduction == .mean, !x.isEmpty {
            let size = Double(x.count) / Double(groups)
            results = results.map { $0 / size }
        }
        return elements.map { results[group($0)] }
    }

    /// The value `places` units to the right, cyclic.
    func shift(_ values: [Double], by places: Int) -> [Double] {
        elements.map { element in
            let unit = ((element % units + places) % units + units) % units
            return values[element / units * units + unit]
        }
    }
}
