/// Which libraries a text uses, by its imports and the usual names.
struct PythonLibraries {
    /// Whose the arrays are; nil: nobody's, or those of several.
    let arrays: PythonLibrary?
    /// Whether values are arrays, and no numbers of Python.
    let usesArrays: Bool

    init(_ module: PythonModule, _ names: Set<String>) {
        let usual = PythonTranslator.modules.filter { names.contains($0.key) && module.imports[$0.key] == nil }.values
        let paths = module.imports.values + module.stars + usual
        let roots: [PythonLibrary] = paths.compactMap { path in
            switch path.split(separator: ".").first {
            case "numpy", "scipy", "cupy", "autograd": .numpy
            case "jax", "flax", "haiku": .jax
            case "torch": .torch
            case "tensorflow", "keras": .tensorflow
            default: nil
            }
        }
        let all = Set(roots)
        usesArrays = !all.isEmpty
        arrays = all.count == 1 ? all.first : nil
    }
}
