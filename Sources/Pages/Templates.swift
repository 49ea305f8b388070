import EvolveTypes
import Foundation
import Mustache
import Reporting

/// The templates, compiled into the program.
struct Templates: Sendable {
    static let shared = Templates()
    static let style = String(decoding: PackageResources.style_css, as: UTF8.self)

    private let library: MustacheLibrary?

    private init() {
        let sources = [
            "page": PackageResources.page_mustache, "run": PackageResources.run_mustache,
            "search": PackageResources.search_mustache, "words": PackageResources.words_mustache,
        ]
        library = try? MustacheLibrary(
            templates: sources.mapValues { try MustacheTemplate(string: String(decoding: $0, as: UTF8.self)) })
    }

    /// The one door by which texts of others get into a page: they are escaped, and what would steer or turn the
    /// reading of what stands around them is replaced.
    func render(_ value: Any, _ name: String) throws -> String {
        guard let text = library?.render(value, withTemplate: name) else {
            throw Failure(.internalError, "the page's templates cannot be read")
        }
        return Ink.legible(text)
    }
}
