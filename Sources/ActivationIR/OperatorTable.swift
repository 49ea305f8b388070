/// The one place that knows what each operator is, costs and does; its rows stand in the files beside this one.
///
/// Costs are in additions. A transcendental's cost is its measured throughput: time per element of a float32 loop with 512-bit
/// registers (our own functions, else libmvec of glibc 2.36; AMD Zen 4 and 5, without the loop's own memory traffic), in
/// units of one addition in such a loop (0.01 ns), rounded; what shares its work with its derivative (sin and cos, erf,
/// softplus) and division are set by the ranks of whole kernels (scripts/bench/cost). They are part of the language:
/// changing one changes which candidates a cost limit admits.
///
/// Conventions where a function has no derivative:
/// - |a| at 0: 0. So a ReLU written with |a| passes half its slope, one written as maximum(a, 0) passes 0.
/// - maximum and minimum at a tie: half to each operand, except that a constant operand takes all, so that the
///   derivative of maximum(a, 0) at 0 is 0. The rule is symmetric: exchanging operands never changes a gradient.
/// - floor, ceiling, truncate, roundEven, comparisons and logic: 0 everywhere.
/// - the largest of many (batch_max, unit_max, tensor_max): ties share the slope equally.
/// - select: the derivative of the arm taken; exactly 0 to the other.
package enum OperatorTable {
    package static let rows: [OperatorInfo] =
        leafRows + arithmeticRows + extremumRows + roundingRows + logicRows + powerRows + exponentialRows
        + trigonometricRows + hyperbolicRows + sigmoidalRows + layerRows

    /// By the operator's raw value.
    private static let byOperator: [OperatorInfo] = Operator.allCases.map { op in
        guard let row = rows.first(where: { $0.op == op }) else {
            preconditionFailure("operator \(op) has no row in the table")
        }
        return row
    }

    package static subscript(op: Operator) -> OperatorInfo { byOperator[Int(op.rawValue)] }

    private static let leafRows: [OperatorInfo] = [
        .leaf(.input), .leaf(.constant), .leaf(.parameter), .leaf(.unitIndex), .leaf(.unitCount), .leaf(.cotangent),
    ]
}
