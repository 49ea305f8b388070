import EvolveTypes

extension BatchScript {
    /// Throws `Failure(.misuse)` for what sbatch would refuse or, worse, misread.
    package func check() throws {
        guard tasks >= 1 else { throw Failure(.misuse, "--array is \(tasks): ask for at least 1 task") }
        guard processors >= 1 else { throw Failure(.misuse, "--cpus is \(processors): a task needs at least 1") }
        guard (1...65_535).contains(notice) else {
            throw Failure(.misuse, "--signal-seconds is \(notice): Slurm takes 1 to 65535")
        }
        for (option, value) in [
            ("the job's name", jobName), ("--partition", partition), ("--account", account), ("--qos", qos),
            ("--mem", memory), ("--log", log),
        ] as [(String, String?)] {
            guard let value else { continue }
            guard !value.isEmpty, value.allSatisfy(Self.isPlain) else {
                throw Failure(.misuse, "\(option) is \(Self.shown(value)): use letters, digits and ._-+,:@%/=[] only")
            }
        }
        if let time {
            guard let seconds = Self.seconds(time) else {
                throw Failure(
                    .misuse, "--time is \(Self.shown(time)): write MINUTES, HOURS:MINUTES:SECONDS or DAYS-HOURS")
            }
            guard seconds > notice else {
                throw Failure(
                    .misuse,
                    "--time \(time) is \(seconds) s, and --signal-seconds \(notice) would stop a task as it starts: make one "
                        + "longer or the other shorter")
            }
        }
        for option in options { try Self.check(option: option) }
        for line in setUp where line.contains(where: \.isNewline) {
            throw Failure(.misuse, "--setup is \(Self.shown(line)): give one line each, several with several --setup")
        }
        for line in title where line.contains(where: \.isNewline) {
            throw Failure(.misuse, "\(Self.shown(line)) has more than one line: use a name or an address of one")
        }
    }

    /// Options that the script itself sets, and what sets them.
    private static let own = [
        "--array": "--array", "-a": "--array", "--signal": "--signal-seconds", "--time": "--time", "-t": "--time",
        "--partition": "--partition", "-p": "--partition", "--account": "--account", "-A": "--account",
        "--qos": "--qos", "-q": "--qos", "--cpus-per-task": "--cpus", "-c": "--cpus", "--mem": "--mem",
        "--output": "--log", "-o": "--log",
    ]

    private static func check(option: String) throws {
        guard option.hasPrefix("-"), option.count > 2, !option.contains(where: \.isNewline) else {
            throw Failure(
                .misuse, "--sbatch is \(shown(option)): write one option of sbatch, as in --sbatch=--constraint=avx2")
        }
        let name = option.hasPrefix("--") ? String(option.prefix { $0 != "=" && $0 != " " }) : String(option.prefix(2))
        if let instead = own[name] {
            throw Failure(.misuse, "--sbatch \(shown(option)): say it with \(instead) of `evolve submit`")
        }
        guard !["--requeue", "--no-requeue", "--open-mode"].contains(name) else {
            throw Failure(.misuse, "--sbatch \(shown(option)): tasks are always requeued, and append to their logs")
        }
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-+,:@%/=[]".contains(character))
    }

    private static func shown(_ text: String) -> String { "'\(text.map { $0.isNewline ? "⏎" : String($0) }.joined())'" }

    /// A time limit as Slurm writes it; nil when it is none.
    static func seconds(_ text: String) -> Int? {
        if ["UNLIMITED", "INFINITE"].contains(text.uppercased()) { return .max }
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        let fields = (halves.last ?? "").split(separator: ":", omittingEmptySubsequences: false)
        let numbers = fields.compactMap { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
        guard halves.count <= 2, numbers.count == fields.count, (1...3).contains(numbers.count),
            numbers.allSatisfy({ $0 < 1_000_000 })
        else { return nil }
        let units: [Int]
        var days = 0
        if halves.count == 2 {
            guard let count = Int(halves[0]), (0..<100_000).contains(count) else { return nil }
            days = count
            units = [3600, 60, 1]
        } else {
            units = numbers.count == 3 ? [3600, 60, 1] : [60, 1]
        }
        let seconds = days * 86_400 + zip(numbers, units).map { $0 * $1 }.reduce(0, +)
        // 0 means no limit.
        return seconds == 0 ? .max : seconds
    }
}
