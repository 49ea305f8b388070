import Foundation
import Synchronization

extension Array where Element: Sendable {
    /// What `body` makes of each element, in their order, on all cores: for functions that are read and evaluated by thousands.
    package func sideBySide<Value: Sendable>(_ body: @Sendable (Element) -> Value?) -> [Value?] {
        let made = Mutex([Value?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { place in
            guard let value = body(self[place]) else { return }
            made.withLock { $0[place] = value }
        }
        return made.withLock(\.self)
    }
}
