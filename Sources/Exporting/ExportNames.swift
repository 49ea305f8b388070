import ActivationIR

/// What things are called in an exported file: the one place that hands out names, each once.
///
/// In the order of precedence: the words of the language and of the file itself, the function and what is called after
/// it, helpers, parameters and what is called after them, values of listings. Who comes later gives way.
struct ExportNames: Sendable {
    /// Of the function, in the style of C and Python: swish_2.
    let function: String
    /// Of the type: Swish2.
    let type: String
    /// Of each parameter.
    let parameters: [String]
    /// What is called after x and after each parameter, if the language has such: tangents, pointers.
    let companions: [String]
    private let helpers: [String: String]
    private let stem: String

    init(_ name: String, parameters: [Parameter], language: Language) {
        let words = language.reserved.union(language.functions.values.flatMap { Self.words($0) })
            .union((language.setting + [language.broadcast]).flatMap { Self.words($0) })
        let helperNames = language.helpers.map(\.name)
        // A helper that others share, C's, keeps its name: then the function gives way.
        let fixed = language.sharesHelpers ? words : words.subtracting(helperNames)
        let outside = fixed.union(language.globals)
        let (function, functionForms) = Self.free(name, outside) { own in
            language.forms.map {
                $0.replacing("{name}", with: own).replacing("{NAME}", with: own.uppercased())
            }
        }
        let capitals = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let (type, typeForms) = Self.free(capitals, outside.union(functionForms)) { own in
            language.typeForms.map { $0.replacing("{type}", with: own) }
        }
        (self.function, self.type) = (function, type)
        var taken = outside.union(functionForms).union(typeForms)
        var helpers: [String: String] = [:]
        for helper in helperNames {
            let own = language.sharesHelpers ? helper : Self.free(helper, taken) { [$0] }.name
            helpers[helper] = own
            taken.insert(own)
        }
        self.helpers = helpers
        taken.formUnion(language.fields)
        let companion = language.companion
        var companions = companion.map { [$0.replacing("{0}", with: "x")] } ?? []
        taken.formUnion(companions)
        self.parameters = parameters.map { parameter in
            // What begins with _ is private in Python, and its classes spell __ in their own way.
            let bare = String(parameter.name.drop { $0 == "_" })
            let first = bare.first.map { $0.isLetter } == true ? bare : "p" + bare
            let (own, forms) = Self.free(first, taken) { [$0] + (companion.map { [$0] } ?? []).withOwn($0) }
            taken.formUnion(forms)
            companions += forms.dropFirst()
            return own
        }
        self.companions = companions
        var stem = "t"
        while taken.contains(where: { $0.hasPrefix(stem) && Int($0.dropFirst(stem.count)) != nil }) { stem += "_" }
        self.stem = stem
    }

    /// The n-th value of a listing that gets a name.
    func temporary(_ number: Int) -> String { "\(stem)\(number)" }

    /// What a helper goes by in this file.
    func helper(_ name: String) -> String { helpers[name] ?? name }

    /// A text of the language, with helpers called as in this file.
    func spelled(_ text: String) -> String {
        var result = ""
        Self.scan(text) { piece, isWord in result += isWord ? helper(piece) : piece }
        return result
    }

    /// The wish, or the wish with as many _ behind it as it takes for all forms to be free.
    private static func free(
        _ wish: String, _ taken: Set<String>, _ forms: (String) -> [String]
    ) -> (name: String, forms: [String]) {
        var name = wish
        while !taken.isDisjoint(with: forms(name) + [name]) { name += "_" }
        return (name, forms(name))
    }

    /// The words of a text that stand for themselves, without members of something (np.sin).
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        scan(text) { piece, isWord in if isWord { words.append(piece) } }
        return words
    }

    private static func scan(_ text: String, _ take: (_ piece: String, _ isWord: Bool) -> Void) {
        var (rest, before) = (text[...], Character(" "))
        while let first = rest.first {
            let isIdentifier = first.isLetter || first == "_" || first.isNumber
            let piece = rest.prefix { ($0.isLetter || $0 == "_" || $0.isNumber) == isIdentifier }
            let isPlace = before == "{"
            take(String(piece), isIdentifier && !first.isNumber && before != "." && !isPlace)
            before = piece.last ?? " "
            rest = rest.dropFirst(piece.count)
        }
    }
}

extension [String] {
    /// Templates, with {0} filled in.
    fileprivate func withOwn(_ name: String) -> [String] { map { $0.replacing("{0}", with: name) } }
}
