import LanguageModels

/// The same question in ever fewer words. Each is made when it is wanted: mostly the first is, and no other.
package struct RequestLadder: RandomAccessCollection, Sendable {
    package let count: Int
    private let make: @Sendable (Int) -> ModelRequest

    /// - Parameter make: the request that leaves out so many inspirations.
    package init(count: Int, _ make: @escaping @Sendable (Int) -> ModelRequest) {
        self.count = count
        self.make = make
    }

    package init(_ request: ModelRequest) { self.init(count: 1) { _ in request } }

    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(dropped: Int) -> ModelRequest { make(dropped) }
}
