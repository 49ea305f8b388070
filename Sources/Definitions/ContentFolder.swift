import EvolveTypes
import Foundation
import RunStore

/// The folder that holds Islands, Fitness and Runs, for the length of one loading: every file read is remembered.
final class ContentFolder {
    private let root: URL
    private(set) var files: [DefinitionFile] = []

    init(root: URL) { self.root = root.standardizedFileURL }

    /// The text of the file at `path`, relative to the root.
    func text(_ path: String) throws -> String { try text(at: root.appendingPathComponent(path)).text }

    /// The text of any file, and the name it is known by: its path from the root, or its last component if outside.
    func text(at url: URL) throws -> (text: String, label: String) {
        let url = url.standardizedFileURL
        let prefix = root.path.hasSuffix("/") ? root.path : root.path + "/"
        let isInside = url.path.hasPrefix(prefix)
        let label = isInside ? String(url.path.dropFirst(prefix.count)) : url.lastPathComponent
        let bytes: Data
        do {
            bytes = try Data(contentsOf: url)
        } catch {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
            if isThere, isFolder.boolValue { throw Failure(.badInput, "\(label) is a folder; give a file") }
            throw Failure(
                .badInput, isThere ? "\(label) cannot be read: check its permissions" : "there is no file \(label)")
        }
        guard let text = String(validatingUTF8: bytes) else {
            throw Failure(.badInput, "\(label) is not UTF-8 text: save it as UTF-8")
        }
        keep(bytes, of: url, as: label)
        return (text, label)
    }

    /// Remembers a text that was made and not read.
    func keep(_ text: String, as label: String) {
        keep(Data(text.utf8), of: root.appendingPathComponent(label), as: label)
    }

    /// Files from outside may share a name; then more of their paths is kept.
    private func keep(_ bytes: Data, of url: URL, as label: String) {
        guard let known = files.first(where: { $0.path == label }) else {
            files.append(DefinitionFile(path: label, bytes: bytes))
            return
        }
        let parents = url.pathComponents.dropLast(label.split(separator: "/").count)
        if known.bytes != bytes, let parent = parents.last, parents.count > 1 {
            keep(bytes, of: url, as: "\(parent)/\(label)")
        }
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// Names in a folder without what is hidden, sorted; only those with the ending, which is cut off.
    func names(in folder: String, ending: String = "") -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? []
        return all.filter { !$0.hasPrefix(".") && $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
            .sorted()
    }

    /// Folders in `folder` that hold a file called `file`, sorted.
    func folders(in folder: String, with file: String) -> [String] {
        names(in: folder).filter { exists("\(folder)/\($0)/\(file)") }
    }
}

extension String {
    fileprivate init?(validatingUTF8 bytes: Data) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self = text
    }
}
