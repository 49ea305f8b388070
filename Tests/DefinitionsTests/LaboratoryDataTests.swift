import Definitions
import Evaluation
import EvolveTypes
import Foundation
import Testing

/// What has been published about the laboratory suite rests on these very numbers. Whoever means to change them gives
/// the suite another name.
@Suite struct LaboratoryDataTests {
    private let loader = DefinitionLoader(
        root: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    @Test("what the laboratory measures, and how, is what it has always been")
    func policy() throws {
        let suite = try loader.suite(named: "lab")
        #expect(
            try suite.measurementDigest
                == "9e74cfa28bf1cfde185b91f4163ff8ee5ad1ceb4deeb2c85877b250a856f4a2d")
    }

    @Test("the laboratory's data sets are, bit for bit, what they have always been")
    func data() throws {
        let suite = try loader.suite(named: "lab")
        var bytes: [UInt8] = []
        for task in suite.tasks {
            let data = try TaskData(task, points: suite.points)
            for set in [data.train, data.inDistribution, data.outOfDistribution] {
                for value in set.inputs + set.targets {
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
                }
            }
        }
        #expect(Digest.hex(bytes) == "5587c0fa2eaef6eb808c812146aa267c618df06d86d60baeb0cf3e90ae9fe655")
    }
}
