/// Whose function a path names: the same name may mean different things.
enum PythonLibrary {
    /// Python's own, `math`; an array's method, whose library the text does not say.
    case python, numpy, jax, torch, tensorflow, keras, method

    init(_ path: String) {
        let parts = path.split(separator: ".")
        switch parts.first {
        case "builtins", "math": self = .python
        case "method": self = .method
        case "jax", "flax", "haiku": self = .jax
        case "torch": self = .torch
        case "keras": self = .keras
        case "tensorflow": self = parts.dropFirst().first == "keras" ? .keras : .tensorflow
        default: self = .numpy
        }
    }

    /// Modules whose functions work element by element, or over a layer.
    private static let modules: Set<String> = [
        "builtins", "method", "math", "numpy", "numpy.lib.scimath", "cupy", "autograd.numpy", "scipy.special",
        "scipy.stats.norm", "jax", "jax.numpy", "jax.nn", "jax.lax", "jax.scipy.special", "jax.scipy.stats.norm",
        "flax.linen", "flax.linen.activation", "flax.nnx", "haiku", "torch", "torch.nn", "torch.nn.functional",
        "torch.special", "torch.Tensor", "torch.nn.modules.activation", "tensorflow", "tensorflow.math",
        "tensorflow.nn", "tensorflow.keras.activations", "tensorflow.keras.layers", "tensorflow.keras.ops",
        "tensorflow.keras.backend", "tensorflow.experimental.numpy", "keras.activations", "keras.layers", "keras.ops",
        "keras.backend",
    ]

    static func isRead(_ path: String) -> Bool {
        guard let end = path.lastIndex(of: ".") else { return false }
        return modules.contains(String(path[..<end]))
    }

    /// Whether a module of this name may have such functions: `from math import *`.
    static func isModule(_ path: String) -> Bool { modules.contains(path) }
}
