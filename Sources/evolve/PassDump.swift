import ActivationIR
import ActivationPasses
import EvolveTypes

/// The programs that `check --dump-after` asks for, in the order they were made.
struct PassDump: Encodable {
    /// One of `FrontEndPass.names`, or `all`.
    var wanted: String
    private(set) var records: [Record] = []

    static let all = "all"

    struct Record: Encodable {
        var pass: String
        /// "function", or "gradient" for the function together with its derivatives.
        var stage: String
        /// Of the simplifier, from 1; 0 outside it.
        var round: Int
        var program: String

        var heading: String {
            "after \(pass)" + (round > 0 ? ", \(stage), round \(round)" : "") + ":"
        }
    }

    init(_ wanted: String) throws {
        guard wanted == Self.all || FrontEndPass.names.contains(wanted) else {
            throw Failure(
                .misuse,
                "--dump-after: there is no pass \"\(wanted)\"; write \(Self.all) or one of "
                    + FrontEndPass.names.joined(separator: ", "))
        }
        self.wanted = wanted
    }

    func encode(to encoder: any Encoder) throws { try records.encode(to: encoder) }

    mutating func note(_ record: PassRecord) {
        guard wanted == Self.all || wanted == record.pass else { return }
        records.append(
            Record(
                pass: record.pass, stage: record.stage.rawValue, round: record.round,
                program: ProgramText.print(record.program)))
    }

    var lines: [String] {
        if records.isEmpty { return ["\(wanted) changed nothing"] }
        return records.flatMap { record in
            [record.heading] + record.program.split(separator: "\n").map { "  " + $0 } + [""]
        }.dropLast()
    }
}
