import Foundation

/// Where a suite comes from.
package enum SuiteChoice: Sendable {
    /// Fitness/NAME/suite.yaml.
    case named(String)
    case file(URL)
    /// Made from a table of the user's.
    case table(CSVSuite)

    /// What a person gives as --suite: a file if it ends with .yaml.
    package init(nameOrFile text: String) {
        self = text.hasSuffix(".yaml") ? .file(URL(fileURLWithPath: text)) : .named(text)
    }

    init(_ source: RunDefinition.SuiteSource) {
        switch source {
        case .named(let name): self = .named(name)
        case .file(let url): self = .file(url)
        }
    }
}
