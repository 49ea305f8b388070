import Evaluation
import EvolveTypes
import Foundation

/// Fitness/NAME/reference.json: what the library's functions came to on a suite, frozen (`scripts/measure/literature`).
///
/// A run reads from it which known functions its champions are held against: the best by the search tasks' gains, over all
/// and within each family, so that held-out tasks choose nobody.
struct ReferenceTable: Decodable {
    struct Row: Decodable {
        struct Gain: Decodable { var mean: Double }

        var gain: Gain?
        var families: [String: Gain]?
        var tail: Double?
    }

    /// `SuitePolicy.measurementDigest` of the suite it belongs to.
    var suiteDigest: String
    /// Seeds per task.
    var seeds: Int
    /// By the function's name; without a gain where it could not be measured.
    var search: [String: Row]

    /// - Parameter folder: where it may lie.
    /// - Returns: nil when the suite has no table.
    static func load(in folder: URL?, _ suite: SuitePolicy, from content: ContentFolder) throws -> ReferenceTable? {
        guard let url = folder?.appendingPathComponent("reference.json"),
            FileManager.default.fileExists(atPath: url.path)
        else { return nil }
        let (text, label) = try content.text(at: url)
        guard let table = try? JSONDecoder().decode(ReferenceTable.self, from: Data(text.utf8)) else {
            throw Failure(
                .badInput, "\(label) is no table of known functions; make it anew with scripts/measure/literature")
        }
        guard table.suiteDigest == (try suite.measurementDigest) else {
            throw Failure(
                .badInput,
                "\(label) belongs to another state of its suite.yaml; make it anew with scripts/measure/literature, or "
                    + "delete it: champions are then held against the run's own literature")
        }
        return table
    }

    /// The best function over all tasks, and of each family.
    func rivals(_ suite: SuitePolicy) -> [(family: String?, name: String)] {
        let rule = suite.scoring.selection
        let families = Set(suite.taskIndices(in: .search).map { suite.tasks[$0].family }).sorted()
        let titles: [String?] = [nil] + families
        return titles.compactMap { family in
            let standings = search.compactMap { name, row -> (name: String, gain: Double)? in
                let gain: Double?
                if let family {
                    gain = row.families?[family]?.mean
                } else if let mean = row.gain?.mean, let tail = row.tail {
                    gain = rule == .mean ? mean : rule == .tail ? tail : (mean + tail) / 2
                } else {
                    gain = nil
                }
                return gain.map { (name, $0) }
            }
            return standings.min { $0.gain != $1.gain ? $0.gain > $1.gain : $0.name < $1.name }.map {
                (family, $0.name)
            }
        }
    }
}

extension SuiteChoice {
    /// Where the suite's table of known functions may lie: beside a file called suite.yaml, and nowhere else.
    func referenceFolder(_ root: URL) -> URL? {
        switch self {
        case .named(let name): root.appendingPathComponent("Fitness/\(name)")
        case .file(let url): url.lastPathComponent == "suite.yaml" ? url.deletingLastPathComponent() : nil
        case .table: nil
        }
    }
}
