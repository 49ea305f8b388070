/// Names with Greek letters, in the letters of C: "α" is "alpha", "β1" is "beta1".
enum GreekNames {
    static func spelled(_ name: String) -> String {
        guard !name.allSatisfy(\.isASCII) else { return name }
        let spelled = name.map { letters[$0] ?? String($0) }.joined()
        // λ is no lambda.
        return spelled == "lambda" ? "lambda_" : spelled
    }

    private static let letters: [Character: String] = [
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
        "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
        "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
        "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
        "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
    ]
}
