/// C and other languages' constructs that the language leaves out, and what to write instead.
enum UnsupportedSyntax {
    static let text = "text is not available; an activation only computes with numbers"
    static let pointer = "pointers are not available; pass and return float values"
    static let reference = "references are not available; pass and return float values"
    static let bits =
        "bit operators are not available; compare with && or ||, and write multiplication or powf for powers"

    static let keywords: [String: String] = [
        "goto": "'goto' is not available; use if / else, or a for loop with break",
        "switch": "'switch' is a statement, not a value",
        "case": "'case' outside a switch; write if / else if",
        "default": "'default' outside a switch; write if / else if",
        "struct": "'struct' is not available; use separate float variables",
        "union": "'union' is not available; use separate float variables",
        "enum": "'enum' is not available; use #define or const int",
        "typedef": "'typedef' is not available; use float, int or bool",
        "sizeof": "'sizeof' is not available; write the number of elements",
        "asm": asm, "__asm__": asm, "__asm": asm,
        "char": "type 'char' is not available; use float, int or bool",
        "void": "'void' is no value here; every function returns float, int or bool",
        "volatile": "'volatile' is not available; leave it out",
        "else": "'else' without an if before it; a block of several statements needs { }",
        "class": "'class' is not available; write one C function: float activation(float x)",
        "template": "'template' is not available; write one C function: float activation(float x)",
        "using": "'using' is not available; leave it out",
        "namespace": "'namespace' is not available; leave it out",
        "auto": "'auto' is not available; use float, int or bool",
        "def": python, "lambda": python, "import": python, "elif": "write 'else if' instead of 'elif'",
        "complex": "complex numbers are not available; use float",
        "_Complex": "complex numbers are not available; use float",
    ]

    private static let asm = "assembler is not available; write the mathematics in C"
    private static let python = "this is not C; write float activation(float x) { return …; }"

    /// Python's operators, as C writes them.
    static let words: [String: String] = ["and": "&&", "or": "||", "not": "!"]

    static let punctuators: [String: String] = [
        "&": "the address operator & is not available; pass and return float values (and is written &&)",
        "|": bits, "^": "'^' is no power in C; write powf(x, 2.0f) or x * x",
        "~": bits, "<<": bits, ">>": bits, "&=": bits, "|=": bits, "^=": bits, "<<=": bits, ">>=": bits,
        "->": pointer,
        ".": "members are not available; use separate float variables",
        "...": "variable arguments are not available; name each parameter",
        "::": "C++ names are not available; use the C function, for example tanhf(x)",
    ]

    /// Words that can be no name.
    static func isReserved(_ word: String) -> Bool {
        keywords[word] != nil || SpecifierWords.all.contains(word) || statements.contains(word)
    }

    private static let statements: Set<String> = [
        "if", "for", "while", "do", "return", "break", "continue", "switch", "true", "false",
    ]
}

/// The words that declarations begin with.
package enum SpecifierWords {
    static let noise: Set<String> = [
        "static", "inline", "extern", "register", "__inline", "__inline__", "__restrict", "restrict", "constexpr",
        "__restrict__", "_Noreturn", "__device__", "__host__", "__global__", "__forceinline__", "__forceinline",
        "_Thread_local",
    ]
    static let constants: Set<String> = ["const", "constexpr"]
    static let floats: Set<String> = ["float", "double", "float_t", "double_t", "float32_t"]
    static let integers: Set<String> = [
        "int", "long", "short", "signed", "unsigned", "size_t", "int32_t", "int64_t", "uint32_t", "uint64_t",
        "int8_t", "int16_t", "uint8_t", "uint16_t", "ptrdiff_t",
    ]
    static let booleans: Set<String> = ["bool", "_Bool"]
    static let types = floats.union(integers).union(booleans)
    package static let all = types.union(noise).union(constants)
}
