import EvolveTypes

/// `Slurm`: what a cluster under Slurm is asked for: a batch script, and the programs that take it and tell of it.
///
/// A batch script is a value; its text is meant to be read, and changed by whoever wants something else of his cluster.
/// The module knows nothing of runs: what a task does is a list of words.
///
/// Each task runs its command in the background of the script and waits for it: a shell handles a signal only between two
/// commands, and Slurm sends the one before the time limit to the shell alone. The shell passes it on; when the command
/// then ends with 75 (stopped, there is more to do), the shell asks Slurm to start the task again. Any other ending is the
/// task's.
package struct BatchScript: Hashable, Sendable {
    /// A word of a command.
    package enum Word: Hashable, Sendable {
        /// Itself, whatever is in it.
        case literal(String)
        /// The value of a shell variable.
        case variable(String)
    }

    /// What stands at the top, for people: lines without `#`.
    package var title: [String]
    package var jobName: String
    /// Jobs of the array.
    package var tasks: Int
    /// As Slurm writes it; nil = the partition's.
    package var time: String?
    package var partition: String?
    package var account: String?
    package var qos: String?
    package var processors = 1
    /// As Slurm writes it; nil = the partition's.
    package var memory: String?
    /// Seconds before the time limit at which a task is told to stop.
    package var notice = 120
    /// File of what a task writes; `%A` is the array's job, `%a` the task.
    package var log: String
    /// Further options of sbatch.
    package var options: [String] = []
    /// Variables of the command, in this order.
    package var variables: [Variable] = []
    /// Lines of shell before the command.
    package var setUp: [String] = []
    package var command: [Word]

    package struct Variable: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(title: [String] = [], jobName: String, tasks: Int, log: String, command: [Word]) {
        self.title = title
        self.jobName = jobName
        self.tasks = tasks
        self.log = log
        self.command = command
    }

    /// A name that Slurm takes, as near to `text` as may be.
    package static func jobName(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" }.prefix(60))
    }
}
