/// Which elements of a [batch × units] layer a statistic is taken over.
package enum LayerAxis: Sendable, Hashable {
    /// All samples, for this unit.
    case batch
    /// All units, of this sample.
    case unit
    /// All elements.
    case tensor
}

package enum LayerReduction: Sendable, Hashable {
    case mean
    /// NaN is passed over; of nothing but NaN, −∞.
    case max
    case sum
}

package enum LayerLimits {
    /// Places that a shift may go.
    package static let shift = 4096.0
}

extension OperatorTable {
    /// What reads other elements of the layer.
    ///
    /// Sums and means are their own reverse: every element of a group gets the sum (mean) of the group's adjoints. The
    /// largest element gets the group's adjoints, in equal parts where there are ties. A shift's reverse is the opposite
    /// shift. A pass over a layer costs about ten additions an element.
    static let layerRows: [OperatorInfo] = [
        linear(.batchMean, .reduction(.mean, .batch)), linear(.batchSum, .reduction(.sum, .batch)),
        linear(.unitMean, .reduction(.mean, .unit)), linear(.unitSum, .reduction(.sum, .unit)),
        linear(.tensorMean, .reduction(.mean, .tensor)), linear(.tensorSum, .reduction(.sum, .tensor)),
        largest(.batchMax, .batch, sum: .batchSum), largest(.unitMax, .unit, sum: .unitSum),
        largest(.tensorMax, .tensor, sum: .tensorSum),
        row(.unitShift, .shift) { builder, node, _, adjoint in
            (builder.append(.unitShift, [adjoint], payload: node.payload == 0 ? 0 : -node.payload), nil)
        },
    ]

    private static func linear(_ op: Operator, _ value: OperatorInfo.Value) -> OperatorInfo {
        row(op, value) { builder, _, _, adjoint in (builder.unary(op, adjoint), nil) }
    }

    private static func largest(_ op: Operator, _ axis: LayerAxis, sum: Operator) -> OperatorInfo {
        row(op, .reduction(.max, axis)) { builder, node, result, adjoint in
            let isLargest = builder.binary(.equal, node.operands[0], result)
            let one = builder.constant(1)
            let chosen = builder.select(isLargest, one, builder.constant(0))
            let ties = builder.unary(sum, chosen)
            let total = builder.unary(sum, adjoint)
            return (builder.binary(.divide, total, ties), isLargest)
        }
    }

    private static func row(
        _ op: Operator, _ value: OperatorInfo.Value, _ adjoint: @escaping OperatorInfo.AdjointRule
    ) -> OperatorInfo {
        OperatorInfo(
            op: op, operandTypes: [.real], resultType: .real, isCommutative: false, cost: .arithmetic(10), domain: "",
            value: value, derivative: { _, _, _ in [nil] }, spelling: .layer, edgePoints: [], adjoint: adjoint)
    }
}
