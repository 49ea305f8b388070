import EvolveTypes
import Foundation

/// Evidence as a plan has it: as bytes, in which the names that several have in common are there once.
@propertyWrapper
package struct PackedEvidence: Codable, Hashable, Sendable {
    package var wrappedValue: [Evidence]

    package init(wrappedValue: [Evidence]) { self.wrappedValue = wrappedValue }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Plans of earlier versions have it written out.
        guard let data = try? container.decode(Data.self) else {
            wrappedValue = try container.decode([Evidence].self)
            return
        }
        var reader = PackedReader(data)
        wrappedValue = []
        while !reader.isAtEnd { wrappedValue.append(try Evidence(&reader)) }
    }

    package func encode(to encoder: any Encoder) throws {
        var writer = PackedWriter()
        for evidence in wrappedValue { evidence.pack(&writer) }
        var container = encoder.singleValueContainer()
        try container.encode(writer.data)
    }
}

extension Evidence {
    init(_ reader: inout PackedReader) throws {
        let tasks = try (0..<reader.count()).map { _ in
            let (name, family) = (try reader.text(), try reader.text())
            return Evidence.Task(
                name: name, family: family, gains: try (0..<reader.count()).map { _ in try reader.double() })
        }
        self.init(tasks)
    }

    func pack(_ writer: inout PackedWriter) {
        writer.put(tasks.count)
        for task in tasks {
            writer.put(task.name)
            writer.put(task.family)
            writer.put(task.gains.count)
            for gain in task.gains { writer.put(gain) }
        }
    }
}
