/// A whole list on changes that it was not learned from.
package struct ListTest: Codable, Sendable {
    /// What it was tested on, in words.
    package var on: String
    /// Changes that it advises for, that it advises against, and that it says nothing about.
    package var followed: Measure
    package var defied: Measure
    package var untold: Measure
    /// What obeying the list would have gained, decibels a change.
    package var benefit: Double

    init(_ list: [Instruction], on words: String, _ siblings: Siblings) {
        on = words
        followed = siblings.measure { list.advice(on: $0) == .prefer }
        defied = siblings.measure { list.advice(on: $0) == .avoid }
        untold = siblings.measure { list.advice(on: $0) == nil }
        benefit = Revision.benefit(list, siblings)
    }
}
