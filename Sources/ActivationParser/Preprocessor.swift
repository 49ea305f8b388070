/// Tokens → tokens: what a C preprocessor does, as far as candidates use it.
///
/// Replaced where they are used, as C has it: macros with parameters, macros whose text is no closed constant, and the
/// names that `typedef` gives to a number type. `#ifdef`, `#ifndef`, `#if 0`, `#else` and `#endif` choose lines.
/// Attributes are left out. The `#define` of a plain constant stays for the parser: tree operators may tune it.
///
/// A replaced token keeps its place in the text of the macro, where a mistake is to be mended.
struct Preprocessor {
    struct Definition {
        /// Nil: used without parentheses.
        var parameters: [String]?
        var body: [Token]
    }

    let limits: ParserLimits
    var report: DiagnosticReport
    /// Names of macros that were refused: nothing more is said about them.
    var tainted: Set<String> = []
    var tokens: [Token] = []
    var definitions: [String: Definition] = [:]
    var constants: Set<String> = []
    /// One entry for each open `#if`: whether its lines count, and whether one of its parts has counted.
    var conditions: [(isActive: Bool, wasActive: Bool)] = []
    /// Bounds the work where macros make many macros and few tokens.
    var replacements = 0
    /// Macros grew beyond the limits; the tokens are not all there.
    var isExhausted = false

    init(limits: ParserLimits, report: DiagnosticReport) {
        self.limits = limits
        self.report = report
    }

    mutating func run(_ input: [Token]) {
        var index = 0
        while index < input.count, input[index].kind != .end, !isExhausted {
            let token = input[index]
            if token.text == "#", token.kind == .punctuator, token.startsLine {
                let line = Self.line(of: input, from: index)
                directive(Array(line))
                index += line.count
            } else if !isActive {
                index += 1
            } else if token.text == "typedef", let (name, type, next) = Self.typeName(input, index) {
                definitions[name] = Definition(parameters: nil, body: type)
                index = next
            } else {
                var replaced: [Token] = []
                index = expand(input, index, hidden: [], into: &replaced)
                tokens += replaced
            }
            if isExhausted {
                let name = token.text == "#" ? "this macro" : "macro '\(token.text)'"
                report.error(token.position, "\(name) grows too large; write it as a helper function")
            }
        }
        if let end = input.last { tokens.append(end) }
    }

    var isActive: Bool { conditions.last?.isActive ?? true }

    private static func line(of input: [Token], from start: Int) -> ArraySlice<Token> {
        let end = input[(start + 1)...].firstIndex { $0.startsLine || $0.kind == .end } ?? input.count
        return input[start..<end]
    }

    /// `typedef float real;`
    private static func typeName(_ input: [Token], _ start: Int) -> (String, [Token], next: Int)? {
        let type = input[(start + 1)...].prefix { SpecifierWords.all.contains($0.text) }
        let name = start + 1 + type.count
        guard !type.isEmpty, name + 1 < input.count, case .identifier = input[name].kind, input[name + 1].text == ";"
        else { return nil }
        return (input[name].text, Array(type), name + 2)
    }
}
