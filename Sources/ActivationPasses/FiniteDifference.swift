import ActivationIR

/// A slope estimated from values of the function alone.
package struct FiniteDifference: Sendable {
    package var slope: Double
    /// How far the slope may be off, judged from estimates with different steps and from both sides.
    package var uncertainty: Double

    package func agrees(with derivative: Double) -> Bool {
        abs(derivative - slope) <= uncertainty + 1e-5 * max(abs(derivative), abs(slope)) + 1e-7
    }

    /// Slopes of the program's first output at each of `points`, by the pre-activation or by one parameter; nil where
    /// the function is not smooth or not finite, or where rounding would rule the difference.
    package static func slopes(
        of program: Program, at points: [Double], parameters: [Double], parameter: Int? = nil
    ) -> [FiniteDifference?] {
        var value = program
        value.outputs = [program.outputs[0]]
        func values(_ step: Double) -> [Double] {
            var moved = parameters
            if let parameter { moved[parameter] += step }
            let inputs = parameter == nil ? points.map { $0 + step } : points
            return Interpreter.evaluate(value, inputs: inputs, parameters: moved)[0]
        }
        let step = 0x1p-14
        let (here, right, left) = (values(0), values(step), values(-step))
        let (nearRight, nearLeft) = (values(step / 2), values(-step / 2))
        let fineStep = step * 0x1p-8
        let (fineRight, fineLeft) = (values(fineStep), values(-fineStep))
        return points.indices.map { place in
            let size = max(abs(here[place]), abs(right[place]), abs(left[place]))
            return estimate(
                wide: (right[place] - left[place]) / (2 * step),
                near: (nearRight[place] - nearLeft[place]) / step,
                fine: (fineRight[place] - fineLeft[place]) / (2 * fineStep),
                sides: (
                    (nearRight[place] - here[place]) / (step / 2), (here[place] - nearLeft[place]) / (step / 2)
                ),
                // What double precision loses in a difference, with room for functions that amplify it.
                rounding: 64 * size.ulp / step)
        }
    }

    /// The slope at 0 of one number as a function of another, under the same conditions.
    package static func slope(of loss: (Double) -> Double) -> FiniteDifference? {
        let step = 0x1p-14
        let fineStep = step * 0x1p-8
        let (here, right, left) = (loss(0), loss(step), loss(-step))
        let (nearRight, nearLeft) = (loss(step / 2), loss(-step / 2))
        return estimate(
            wide: (right - left) / (2 * step), near: (nearRight - nearLeft) / step,
            fine: (loss(fineStep) - loss(-fineStep)) / (2 * fineStep),
            sides: ((nearRight - here) / (step / 2), (here - nearLeft) / (step / 2)),
            rounding: 64 * max(abs(here), abs(right), abs(left)).ulp / step)
    }

    private static func estimate(
        wide: Double, near: Double, fine: Double, sides: (Double, Double), rounding: Double
    ) -> FiniteDifference? {
        guard wide.isFinite, near.isFinite, sides.0.isFinite, sides.1.isFinite, rounding.isFinite else { return nil }
        // Richardson: the error of `near` is a third of its distance from `wide`, if the function is smooth.
        let slope = near + (near - wide) / 3
        let scale = max(abs(slope), 1)
        let isConverged = abs(near - wide) <= 1e-4 * scale
        let isSmooth = abs(sides.0 - sides.1) <= 0.02 * scale
        // Steps too many to see, as of ceil(1e6·x), look like a slope at one scale only.
        let isSlope = abs(fine - slope) <= 0.01 * scale
        guard isConverged, isSmooth, isSlope, rounding <= 1e-4 * scale else { return nil }
        return FiniteDifference(slope: slope, uncertainty: abs(near - wide) + rounding)
    }
}
