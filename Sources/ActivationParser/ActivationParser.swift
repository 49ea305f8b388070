import ActivationIR
import EvolveTypes

/// `ActivationParser`: the text of a candidate, a small subset of C99, becomes a `Program` or located diagnostics.
///
/// Steps: `Lexer` (text → tokens; the first comment is the candidate's idea) → `Preprocessor` (macros, conditions) →
/// `Parser` (tokens → `TranslationUnit`, resuming after each error; `switch` becomes if / else) → `Checker` (names, arities, types, recursion, entry; all its errors at once) →
/// `Lowering` (evaluates the tree at compile time: loops unroll, helpers inline, branches become selects).
///
/// Beside them: `BuiltinTable` (what may be called, the one list), `SourcePrinter` (tree → text), `Grammar` (what a
/// constrained model may write, built from the same table), `AnswerExtractor` (C out of a model's answer).
///
/// Invariants:
/// - No text, however broken, crashes, hangs or overflows the stack: `ParserLimits` bounds every growth.
/// - `program` is nil exactly when an error was reported; a warning never refuses a candidate.
/// - Numbers are float32: every constant of the program is representable as float, as a C compiler would have it.
///
/// Not here: optimisation (ActivationPasses). The program may hold dead nodes; its constants are folded only where
/// the language needs to know them (loop bounds, indices, initial values).
package enum SourceParser {
    package static func parse(_ text: String, limits: ParserLimits = .standard) -> ParseResult {
        guard text.utf8.count <= limits.sourceBytes else {
            let message = "the source has \(text.utf8.count) bytes; write at most \(limits.sourceBytes)"
            return ParseResult(diagnostics: [Diagnostic(line: 0, column: 0, message)])
        }
        var report = DiagnosticReport(limit: limits.diagnostics)
        let lexed = Lexer.run(text, report: &report)
        guard lexed.tokens.count <= limits.tokens else {
            report.error(
                lexed.tokens[limits.tokens].position,
                "the source has \(lexed.tokens.count) tokens; write at most \(limits.tokens)")
            return ParseResult(idea: lexed.idea, diagnostics: report.sorted)
        }

        var preprocessor = Preprocessor(limits: limits, report: report)
        preprocessor.run(lexed.tokens)
        guard !preprocessor.isExhausted else {
            return ParseResult(idea: lexed.idea, diagnostics: preprocessor.report.sorted)
        }

        var parser = Parser(tokens: preprocessor.tokens, limits: limits, report: preprocessor.report)
        parser.tainted = preprocessor.tainted
        var tree = parser.translationUnit()
        tree.idea = lexed.idea
        let hasSyntaxErrors = parser.report.hasErrors

        var checker = Checker(parser: parser)
        checker.check(tree)
        report = checker.report
        guard !report.hasErrors else {
            if !hasSyntaxErrors, checker.isEvaluable {
                // What only evaluation finds is told together with the rest, as far as evaluation gets.
                var lowering = Lowering(tree: tree, limits: limits, report: report)
                _ = lowering.run(isTentative: true)
                report = lowering.report
            }
            return ParseResult(idea: lexed.idea, diagnostics: report.sorted)
        }

        var lowering = Lowering(tree: tree, limits: limits, report: report)
        let program = lowering.run()
        return ParseResult(program: program, tree: tree, idea: lexed.idea, diagnostics: lowering.report.sorted)
    }
}

/// What the front end found in a text.
package struct ParseResult: Sendable {
    /// Nil exactly when `diagnostics` holds an error.
    package var program: Program?
    /// The syntax tree; nil when syntax, a name or a type was wrong.
    package var tree: TranslationUnit?
    /// The first comment of the text, on one line; nil without one.
    package var idea: String?
    /// In the order of the text.
    package var diagnostics: [Diagnostic]

    package init(
        program: Program? = nil, tree: TranslationUnit? = nil, idea: String? = nil, diagnostics: [Diagnostic] = []
    ) {
        self.program = program
        self.tree = tree
        self.idea = idea
        self.diagnostics = diagnostics
    }
}
