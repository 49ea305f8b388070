import ActivationIR

/// What things are called in an exported file.
struct ExportNames: Sendable {
    /// Of the function, in the style of C and Python: swish_2.
    let function: String
    /// Of the type: Swish2.
    let type: String
    /// Of each parameter, different from all words of the language.
    let parameters: [String]

    init(_ name: String, parameters: [Parameter], reserved: Set<String>) {
        function = reserved.contains(name) ? name + "_" : name
        type = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        var taken = reserved.union([name])
        self.parameters = parameters.map { parameter in
            let isTemporary = parameter.name.first == "t" && parameter.name.dropFirst().allSatisfy(\.isNumber)
            var own = isTemporary ? parameter.name + "_" : parameter.name
            while !taken.insert(own).inserted { own += "_" }
            return own
        }
    }

    /// The n-th value of a listing that gets a name.
    func temporary(_ number: Int) -> String { "t\(number)" }
}
