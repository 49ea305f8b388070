/// The closed set of operations. What each one is, costs and does stands in `OperatorTable`, row by row.
package enum Operator: UInt8, CaseIterable, Sendable {
    // Leaves.
    case input, constant, parameter
    /// The place of this element's unit in its layer, from 0; how many units the layer has.
    case unitIndex
    case unitCount
    /// dL/dy of this element, an input of gradient programs over a layer.
    case cotangent

    // Arithmetic.
    case add, subtract, multiply, divide, negate, absolute, minimum, maximum, copySign
    /// a·b + c.
    case fusedMultiplyAdd
    case floor, ceiling, truncate
    /// To the nearest whole number, ties to even.
    case roundEven
    /// 0 when a is 0, else a·b: the product of a masked adjoint with a derivative that may be infinite.
    case maskedMultiply

    // Comparisons and logic; their result is boolean.
    case less, lessEqual, equal, and, or, not
    /// condition ? a : b, over two reals or two booleans.
    case select

    // Transcendental functions.
    case squareRoot, cubeRoot
    case exp, exp2, expm1, log, log2, log10, log1p
    case sin, cos, tan, asin, acos, atan
    case sinh, cosh, tanh, asinh, acosh, atanh
    case erf, erfc
    case pow, atan2, hypot
    /// C's fmod: a − b·truncate(a/b), with the sign of a.
    case remainder
    /// 1 / (1 + exp(−a)), without overflow.
    case sigmoid
    /// log(1 + exp(a)), without overflow.
    case softplus

    // Statistics of a layer, the same for all elements they are taken over: over the samples for this unit, over the
    // units of this sample, over all.
    case batchMean
    case batchMax
    case batchSum
    case unitMean
    case unitMax
    case unitSum
    case tensorMean
    case tensorMax
    case tensorSum
    /// The value `payload` units to the right in the same sample, cyclic.
    case unitShift

    /// The name in messages, hashes and printed programs; of what reads the layer, also the name in the language.
    package var name: String { Self.names[Int(rawValue)] }

    private static let names: [String] = allCases.map { op in
        switch op {
        case .unitIndex: "unit_index"
        case .unitCount: "unit_count"
        case .batchMean: "batch_mean"
        case .batchMax: "batch_max"
        case .batchSum: "batch_sum"
        case .unitMean: "unit_mean"
        case .unitMax: "unit_max"
        case .unitSum: "unit_sum"
        case .tensorMean: "tensor_mean"
        case .tensorMax: "tensor_max"
        case .tensorSum: "tensor_sum"
        case .unitShift: "unit_shift"
        default: "\(op)"
        }
    }
}
