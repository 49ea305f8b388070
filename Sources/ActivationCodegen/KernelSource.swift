import EvolveTypes

/// One activation as C text, ready to compile. Carries no machine or compiler state.
package struct KernelSource: Codable, Hashable, Sendable {
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
