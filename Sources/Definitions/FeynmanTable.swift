import Evaluation
import EvolveTypes

/// Fitness/feynman.csv: the equations of the AI Feynman set (Udrescu and Tegmark 2020).
///
/// Columns: id; formula in Python's notation; variables, low and high, each separated by spaces and of equal number:
/// the box from which inputs are drawn uniformly. No field holds a comma or a quote.
struct FeynmanTable {
    static let file = "Fitness/feynman.csv"

    /// In the order of the file.
    private(set) var ids: [String] = []
    private var equations: [String: SuitePolicy.Equation] = [:]

    func equation(_ id: String) -> SuitePolicy.Equation? { equations[id] }

    static func load(from content: ContentFolder) throws -> FeynmanTable { try FeynmanTable(content.text(file)) }

    /// - Throws: `Failure(.badInput)` with a line for each malformed row.
    init(_ text: String) throws {
        let problems = DefinitionProblems(file: Self.file)
        let rows = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if rows.first != "id,formula,variables,low,high" {
            problems.report(line: 1, column: 1, "the first line must be 'id,formula,variables,low,high'")
        }
        for (index, row) in rows.enumerated().dropFirst() where !row.isEmpty {
            switch Self.equation(row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)) {
            case .success(let equation):
                if equations.updateValue(equation, forKey: equation.id) != nil {
                    problems.report(line: index + 1, column: 1, "the equation '\(equation.id)' is listed twice")
                }
                ids.append(equation.id)
            case .failure(let failure):
                problems.report(line: index + 1, column: 1, failure.message)
            }
        }
        try problems.throwIfAny()
    }

    private static func equation(_ fields: [String]) -> Result<SuitePolicy.Equation, Failure> {
        guard fields.count == 5, !fields[0].isEmpty, !fields[1].isEmpty else {
            return .failure(Failure(.badInput, "a row needs 5 fields (id, formula, variables, low, high)"))
        }
        let variables = fields[2].split(separator: " ").map(String.init)
        let low = fields[3].split(separator: " ").compactMap { Double($0) }
        let high = fields[4].split(separator: " ").compactMap { Double($0) }
        guard !variables.isEmpty, low.count == variables.count, high.count == variables.count else {
            return .failure(
                Failure(.badInput, "'\(fields[0])' needs one low and one high number for each of its variables"))
        }
        guard zip(low, high).allSatisfy({ $0.isFinite && $1.isFinite && $0 < $1 }) else {
            return .failure(Failure(.badInput, "'\(fields[0])' has a low that is not below its high"))
        }
        return .success(
            SuitePolicy.Equation(id: fields[0], formula: fields[1], variables: variables, low: low, high: high))
    }
}
