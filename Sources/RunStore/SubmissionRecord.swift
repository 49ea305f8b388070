import Foundation

/// That a scheduler of jobs was asked for workers: for people, and no part of the run.
package struct SubmissionRecord: Codable, Hashable, Sendable {
    /// What the scheduler is called: "slurm".
    package var scheduler: String
    /// As the scheduler names it. It may give the number to another job one day.
    package var job: String
    package var jobName: String
    /// Workers asked for.
    package var tasks: Int
    /// What was submitted.
    package var script: String
    /// Wall clock.
    package var submittedAt: Date

    package init(scheduler: String, job: String, jobName: String, tasks: Int, script: String, submittedAt: Date) {
        self.scheduler = scheduler
        self.job = job
        self.jobName = jobName
        self.tasks = tasks
        self.script = script
        self.submittedAt = submittedAt
    }
}

/// Submissions, in the order in which they were made. Like workers, they can be lost without harm to the run.
package protocol SubmissionStore: Sendable {
    func record(_ submission: SubmissionRecord) throws
    func submissions() throws -> [SubmissionRecord]
}
