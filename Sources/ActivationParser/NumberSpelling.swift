/// Reads the spelling of a C number: decimal or hexadecimal, with or without a suffix.
enum NumberSpelling {
    struct Problem: Error { var message: String }

    static func read(_ spelling: String) -> Result<Token.Kind, Problem> {
        let lower = spelling.lowercased()
        let isHexadecimal = lower.hasPrefix("0x")
        let isReal = lower.contains(".") || lower.contains(isHexadecimal ? "p" : "e")
        return isReal ? real(lower, spelling, isHexadecimal) : integer(lower, spelling, isHexadecimal)
    }

    private static func real(_ lower: String, _ spelling: String, _ isHexadecimal: Bool) -> Result<Token.Kind, Problem>
    {
        var digits = lower
        // In 0x1.8p3f the f is a suffix, but in 0x1.f it is a digit: a hexadecimal real has its exponent first.
        if !isHexadecimal || lower.contains("p"), let last = digits.last, last == "f" || last == "l" {
            digits.removeLast()
        }
        if digits.hasSuffix(".") { digits += "0" }
        if digits.hasPrefix(".") { digits = "0" + digits }
        digits = digits.replacing(".e", with: ".0e").replacing(".p", with: ".0p")
        guard let value = Double(digits) else {
            return .failure(Problem(message: "'\(spelling)' is no number; write it like 0.5f or 1e-3f"))
        }
        guard Float(value).isFinite else {
            return .failure(Problem(message: "'\(spelling)' is too large for float; the largest is 3.4e38f"))
        }
        return .success(.real(value))
    }

    private static func integer(
        _ lower: String, _ spelling: String, _ isHexadecimal: Bool
    ) -> Result<Token.Kind, Problem> {
        var digits = Substring(lower)
        while let last = digits.last, last == "u" || last == "l" { digits.removeLast() }
        if !isHexadecimal, digits.last == "f", Int(digits.dropLast()) != nil {
            return .failure(
                Problem(message: "'\(spelling)' needs a decimal point before the f: \(digits.dropLast()).0f"))
        }
        let isOctal = !isHexadecimal && digits.count > 1 && digits.first == "0"
        let radix = isHexadecimal ? 16 : isOctal ? 8 : 10
        if isHexadecimal { digits = digits.dropFirst(2) }
        guard digits.allSatisfy({ $0.isHexDigit }), !digits.isEmpty, isHexadecimal || digits.allSatisfy(\.isNumber)
        else {
            return .failure(Problem(message: "'\(spelling)' is no number; write it like 3, 0.5f or 1e-3f"))
        }
        guard let value = Int(digits, radix: radix), value <= Int(Int32.max) else {
            return .failure(Problem(message: "'\(spelling)' does not fit in int; write it as float, like \(digits).0f"))
        }
        return .success(.integer(Double(value)))
    }
}
