import ActivationParser

/// The arguments of a call, taken out one by one: what is left over in the end was not understood.
struct PythonArguments {
    private var places: [PythonNode?]
    private var options: [(name: String, value: PythonNode)]
    /// How many stand there without a name.
    let count: Int

    init(_ positional: [PythonNode], _ options: [(name: String, value: PythonNode)]) {
        places = positional
        count = positional.count
        self.options = options
    }

    /// The argument at a place (nil: it has none) or under one of the names.
    private mutating func take(_ place: Int?, _ names: [String]) -> PythonNode? {
        if let place, place < places.count, let node = places[place] {
            places[place] = nil
            return node
        }
        guard let index = options.firstIndex(where: { names.contains($0.name) }) else { return nil }
        return options.remove(at: index).value
    }

    mutating func take(_ place: Int?, _ names: String...) -> PythonNode? { take(place, names) }

    /// The same; nil also where it is None.
    mutating func takeGiven(_ place: Int?, _ names: String...) -> PythonNode? {
        take(place, names).flatMap { $0.isNone ? nil : $0 }
    }

    func peek(_ place: Int?, _ names: String...) -> PythonNode? {
        var copy = self
        return copy.take(place, names)
    }

    /// Everything that has no name.
    mutating func takeAll() -> [PythonNode] {
        defer { places = places.map { _ in nil } }
        return places.compactMap { $0 }
    }

    mutating func dropOptions(_ names: String...) { options.removeAll { names.contains($0.name) } }

    /// What says nothing of the values: how and where they are kept.
    private static let harmless: Set<String> = [
        "inplace", "keepdim", "keepdims", "keep_dims", "name", "casting", "order", "subok", "device", "memory_format",
        "non_blocking", "copy", "requires_grad", "layout", "pin_memory", "precision", "_stacklevel", "weak_type",
        "stream", "sharding",
    ]

    /// The first argument that was not taken, and its name.
    var left: (name: String?, value: PythonNode)? {
        if let node = places.compactMap({ $0 }).first { return (nil, node) }
        return options.first { name, value in
            switch name {
            case "out", "axis_name": !value.isNone
            case "training": !value.isName("False")
            case "where": !value.isName("True")
            case "dtype": !value.isNone && PythonType(value) != .real
            default: !Self.harmless.contains(name)
            }
        }
    }
}

/// A type of numbers that a text names.
enum PythonType {
    case real, whole, boolean

    private static let reals: Set<String> = [
        "float", "float16", "float32", "float64", "float_", "double", "half", "single", "bfloat16", "longdouble",
        "dtype", "floatx", "f4", "f8", "FloatTensor", "DoubleTensor",
    ]
    private static let wholes: Set<String> = [
        "int", "int8", "int16", "int32", "int64", "int_", "intp", "long", "short", "uint8", "uint16", "uint32",
        "uint64", "IntTensor", "LongTensor",
    ]
    private static let booleans: Set<String> = ["bool", "bool_", "BoolTensor"]

    /// Nil of what is none, or none that is known here. `x.dtype` is that of a real x.
    init?(_ node: PythonNode) {
        let name: String
        switch node.kind {
        case .text(let words): name = words.split(separator: ".").last.map(String.init) ?? words
        case .call(let function, _, _): name = function.lastName ?? ""
        default: name = node.lastName ?? ""
        }
        if Self.reals.contains(name) {
            self = .real
        } else if Self.wholes.contains(name) {
            self = .whole
        } else if Self.booleans.contains(name) {
            self = .boolean
        } else {
            return nil
        }
    }
}
