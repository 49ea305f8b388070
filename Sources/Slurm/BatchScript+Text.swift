import EvolveTypes

extension BatchScript {
    /// What sbatch reads. Only a checked script has one that it understands.
    package var text: String {
        var lines = ["#!/bin/bash"] + title.map { "# \($0)" } + [""]
        lines += directives.flatMap { why, option in (why.map { ["# \($0)"] } ?? []) + ["#SBATCH \(option)"] }
        lines += [
            "", "# Each process trains on one processor: more threads would only get into each other's way.",
            "export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1",
        ]
        lines += variables.map { "export \($0.name)=\(ShellWord.quoted($0.value))" }
        lines += setUp
        lines.append("")
        lines += [
            "# The worker runs in the background, because a shell handles a signal only between two commands.",
            command.map(Self.written).joined(separator: " ") + " &",
        ]
        return lines.joined(separator: "\n") + "\n" + Self.supervision
    }

    /// Options, with the reason of those that do not speak for themselves.
    private var directives: [(why: String?, option: String)] {
        let asked: [(String?, String, String?)] = [
            (nil, "partition", partition), (nil, "account", account), (nil, "qos", qos),
            ("After this time a task ends, and is started again while there is work left.", "time", time),
            ("So many workers on each node.", "cpus-per-task", "\(processors)"), (nil, "mem", memory),
        ]
        return [
            (nil, "--job-name=\(jobName)"),
            (
                "So many tasks, each a job of its own: they start as there is room, and any of them may come late or go.",
                "--array=1-\(tasks)"
            ),
        ] + asked.compactMap { why, name, value in value.map { (why, "--\(name)=\($0)") } }
            + [
                (
                    "So many seconds before its time is over, this script is told (it may be a minute earlier).",
                    "--signal=B:USR1@\(notice)"
                ),
                ("A task whose node fails, or that makes way for another job, is started again …", "--requeue"),
                ("… and goes on with its log.", "--open-mode=append"), (nil, "--output=\(log)"),
            ] + options.map { (nil, $0) }
    }

    private static let supervision = """
        worker=$!

        # Before the time limit Slurm tells this shell alone: it passes that on, and the worker hands back what it has in hand.
        trap 'signalled=yes; limit=yes; kill -USR1 "$worker" 2>/dev/null' USR1
        # At a requeue, a preemption or an scancel Slurm tells every process of the task: told twice, the worker would not wait.
        trap 'signalled=yes' TERM
        # `wait` returns early when a signal was handled.
        signalled=yes
        while [[ -n $signalled ]]; do
            signalled=
            wait "$worker"
            status=$?
        done

        # 0: the run is complete. 75: stopped, and there is more to do. Anything else is an error, which would only repeat itself.
        if [[ $status == 75 && -n ${limit:-} ]]; then
            # Not SLURM_JOB_ID, which for one of the tasks is the number of the whole array.
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}"
        fi
        exit "$status"

        """

    private static func written(_ word: Word) -> String {
        switch word {
        case .literal(let text): ShellWord.quoted(text)
        case .variable(let name): "\"$\(name)\""
        }
    }
}
