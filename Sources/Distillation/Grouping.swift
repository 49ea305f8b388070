import Foundation

/// Groups of examples of which the same is said.
///
/// What is said is a set of words; words weigh more the rarer they are (idf), vectors have unit length. Groups are dense
/// regions under cosine distance (DBSCAN: Ester, Kriegel, Sander and Xu 1996); what lies in none is noise.
struct Grouping: Sendable {
    /// Indices of the texts, ascending; the largest group first.
    private(set) var groups: [[Int]] = []
    private(set) var noise: [Int] = []

    /// - Parameters:
    ///   - texts: the words of each.
    ///   - reach: cosine distance of neighbours.
    ///   - least: neighbours, itself among them, that a dense place has.
    init(_ texts: [Set<String>], reach: Double, least: Int) {
        let vectors = Self.vectors(texts)
        let neighbours = vectors.indices.map { place in
            vectors.indices.filter { $0 == place || Self.distance(vectors[place], vectors[$0]) <= reach }
        }
        var group = [Int?](repeating: nil, count: texts.count)
        var count = 0
        for start in texts.indices where group[start] == nil && neighbours[start].count >= least {
            var open = [start]
            group[start] = count
            while let place = open.popLast() {
                // A border takes part, and leads nowhere.
                guard neighbours[place].count >= least else { continue }
                for next in neighbours[place] where group[next] == nil {
                    group[next] = count
                    open.append(next)
                }
            }
            count += 1
        }
        let members = Dictionary(grouping: texts.indices.filter { group[$0] != nil }) { group[$0] ?? 0 }
        groups = members.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map(\.value)
        noise = texts.indices.filter { group[$0] == nil }
    }

    /// Sparse, by words in a fixed order.
    private static func vectors(_ texts: [Set<String>]) -> [[(word: Int, weight: Double)]] {
        var counts: [String: Int] = [:]
        for word in texts.joined() { counts[word, default: 0] += 1 }
        let words = counts.keys.sorted()
        let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
        return texts.map { text in
            let entries = text.compactMap { word in
                places[word].map { place in
                    (word: place, weight: log(1 + Double(texts.count) / Double(counts[word] ?? 1)))
                }
            }.sorted { $0.word < $1.word }
            let length = entries.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            return entries.map { ($0.word, $0.weight / max(length, 1e-12)) }
        }
    }

    private static func distance(_ a: [(word: Int, weight: Double)], _ b: [(word: Int, weight: Double)]) -> Double {
        var (i, j, sum) = (0, 0, 0.0)
        while i < a.count, j < b.count {
            if a[i].word == b[j].word {
                sum += a[i].weight * b[j].weight
                (i, j) = (i + 1, j + 1)
            } else if a[i].word < b[j].word {
                i += 1
            } else {
                j += 1
            }
        }
        return 1 - sum
    }
}

/// The words of sentences that say something.
enum Words {
    private static let silent: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "by", "change", "changed", "for", "from", "function", "has", "in",
        "is",
        "it", "its", "made", "makes", "of", "on", "or", "that", "the", "this", "to", "was", "which", "with",
    ]

    static func of(_ sentence: String) -> Set<String> {
        let words = sentence.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return Set(words).subtracting(silent)
    }
}
