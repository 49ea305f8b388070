import Evaluation
import EvolveTypes
import Foundation
import Reporting
import Retrieval
import RunStore

/// `$EVOLVE_HOME/behaviours`: how runs' functions behave, a file for each run, so that a second search reads none of them
/// again. May be deleted at any time; a folder that cannot be written to costs time, nothing else.
struct KeptBehaviours {
    let folder: URL

    /// Bytes of all files; the least recently used go first.
    private static let most = 1 << 30
    /// A run whose reading takes longer than a glance is announced.
    private static let long = 20_000

    func behaviours(of store: any RunStore, _ granularity: BehaviourTable.Granularity) throws -> RunBehaviours {
        let name = Digest.hex(try CanonicalJSON.encode(store.manifest()))
        let file = folder.appending(path: "\(name)-\(granularity)")
        let known = (try? Data(contentsOf: file)).flatMap { RunBehaviours(decoding: $0, granularity) }
        var behaviours = known ?? RunBehaviours(granularity)
        let count = try store.slotCount()
        if count - behaviours.read > Self.long {
            Output.note("reading \(Figures.count(count - behaviours.read)) functions, this once …")
        }
        if try behaviours.update(from: store) {
            keep(try behaviours.encoded(), in: file)
        } else {
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
        }
        return behaviours
    }

    private func keep(_ data: Data, in file: URL) {
        guard data.count <= Self.most else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: file, options: .atomic)
        BoundedFolder.trim(folder, to: Self.most)
    }
}
