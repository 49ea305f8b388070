/// The constants of <math.h>, <float.h> and <limits.h> that mean something to float32.
enum NamedConstants {
    static func value(_ name: String) -> Double? { table[name] }

    static let names: [String] = mathematics.map(\.0) + machine.map(\.0)

    private static let mathematics: [(String, Double)] = [
        ("M_PI", Double.pi), ("M_PI_2", Double.pi / 2), ("M_PI_4", Double.pi / 4), ("M_1_PI", 1 / Double.pi),
        ("M_2_PI", 2 / Double.pi), ("M_2_SQRTPI", 2 / Double.pi.squareRoot()), ("M_SQRT2", 2.0.squareRoot()),
        ("M_SQRT1_2", 0.5.squareRoot()), ("M_E", 2.718281828459045), ("M_LOG2E", 1.4426950408889634),
        ("M_LOG10E", 0.4342944819032518), ("M_LN2", 0.6931471805599453), ("M_LN10", 2.302585092994046),
    ]

    private static let machine: [(String, Double)] = [
        ("INFINITY", .infinity), ("HUGE_VALF", .infinity), ("HUGE_VAL", .infinity),
        ("FLT_MAX", Double(Float.greatestFiniteMagnitude)), ("FLT_MIN", Double(Float.leastNormalMagnitude)),
        ("FLT_EPSILON", Double(Float.ulpOfOne)),
        // double reads as float, and so do its limits.
        ("DBL_MAX", Double(Float.greatestFiniteMagnitude)), ("DBL_MIN", Double(Float.leastNormalMagnitude)),
        ("DBL_EPSILON", Double(Float.ulpOfOne)),
    ]

    private static let table: [String: Double] = {
        var table = Dictionary(uniqueKeysWithValues: mathematics + machine)
        // GNU's float spelling: M_PIf.
        for (name, value) in mathematics { table[name + "f"] = value }
        return table
    }()
}
