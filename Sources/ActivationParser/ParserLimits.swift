/// Bounds on what the front end accepts, so that no text can exhaust time, memory or stack.
package struct ParserLimits: Hashable, Sendable {
    package var sourceBytes: Int
    package var tokens: Int
    /// Depth of nested blocks, parentheses and operators; also the height of an expression's tree.
    package var nesting: Int
    /// Loop iterations over the whole program, once helpers are inlined.
    package var iterations: Int
    /// Nodes of the program, before any simplification.
    package var nodes: Int
    /// Trainable scalars.
    package var parameters: Int
    /// Elements of one array.
    package var arrayElements: Int
    /// Steps of compile-time evaluation; bounds helpers that inline helpers.
    package var steps: Int
    /// Diagnostics kept for one text.
    package var diagnostics: Int

    package init(
        sourceBytes: Int = 16_384, tokens: Int = 4_096, nesting: Int = 64, iterations: Int = 1_024, nodes: Int = 8_192,
        parameters: Int = 16, arrayElements: Int = 256, steps: Int = 100_000, diagnostics: Int = 12
    ) {
        self.sourceBytes = sourceBytes
        self.tokens = tokens
        self.nesting = nesting
        self.iterations = iterations
        self.nodes = nodes
        self.parameters = parameters
        self.arrayElements = arrayElements
        self.steps = steps
        self.diagnostics = diagnostics
    }

    package static let standard = ParserLimits()
}
