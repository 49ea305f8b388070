import EvolveTypes

/// One activation as C text, ready to compile. Carries no machine or compiler state.
package struct KernelSource: Codable, Hashable, Sendable {
    /// How the text is to be compiled to mean what it says: IEEE arithmetic, so that NaN and infinities are what they are.
    ///
    /// The first level of optimisation with what makes the loops good: the second takes a third longer to compile and gives
    /// no faster loop. Vectors without a rest: loops run over whole vectors. Two passes are left out that put the computation of
    /// values, with their calls, under a condition on which they are chosen: such a loop is not vectorised.
    package static let compilerFlags = [
        "-std=gnu11", "-O1", "-fexpensive-optimizations", "-ftree-vectorize", "-fno-tree-slp-vectorize",
        "--param=vect-epilogues-nomask=0", "-march=native", "-mprefer-vector-width=512", "-fno-math-errno",
        "-fno-trapping-math", "-fopenmp-simd", "-fno-thread-jumps", "-fno-tree-sink",
    ]

    /// Self-contained C11 with GNU extensions.
    package var text: String
    /// The trainables' initial values, in the order of the kernel's `p`.
    package var initials: [Float]
    /// Lower-case hexadecimal SHA-256 of `text`.
    package var hash: String

    package init(text: String, initials: [Float]) {
        self.text = text
        self.initials = initials
        hash = Digest.hex(text)
    }
}
