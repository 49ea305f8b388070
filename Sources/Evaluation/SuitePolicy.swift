import ActivationCompiler
import EvolveTypes

/// What is measured: the content of `Fitness/<name>/suite.yaml`, fully resolved. The worker process gets exactly this.
package struct SuitePolicy: Codable, Hashable, Sendable {
    package var name: String
    /// Highest static cost a candidate may have, in operations per element.
    package var costLimit: Double
    /// What a candidate may look at; nil means its own element alone, as in every suite stored before there was a choice.
    package var allow: AllowedReach?
    package var points: Points
    package var network: Network
    package var training: Training
    package var scoring: Scoring
    package var racing: Racing
    package var tasks: [Task]
    /// What the tasks on tables read; nil when there is none.
    package var tables: [Table]?

    package init(
        name: String, costLimit: Double, allow: AllowedReach? = nil, points: Points, network: Network,
        training: Training, scoring: Scoring,
        racing: Racing, tasks: [Task], tables: [Table]? = nil
    ) {
        self.name = name
        self.costLimit = costLimit
        self.allow = allow
        self.points = points
        self.network = network
        self.training = training
        self.scoring = scoring
        self.racing = racing
        self.tasks = tasks
        self.tables = tables
    }

    /// A comma-separated file as it was when the suite was loaded, so that a stored run needs it no more.
    package struct Table: Codable, Hashable, Sendable {
        package var path: String
        package var text: String

        package init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// Points of each data set of a task.
    package struct Points: Codable, Hashable, Sendable {
        package var train: Int
        package var inDistribution: Int
        package var outOfDistribution: Int

        package init(train: Int, inDistribution: Int, outOfDistribution: Int) {
            self.train = train
            self.inDistribution = inDistribution
            self.outOfDistribution = outOfDistribution
        }
    }

    /// A multi-layer perceptron; inputs and outputs come from the task.
    package struct Network: Codable, Hashable, Sendable {
        /// Units of each hidden layer, for example [32, 32].
        package var hidden: [Int]

        package init(hidden: [Int]) { self.hidden = hidden }
    }

    package struct Training: Codable, Hashable, Sendable {
        package enum Optimiser: String, Codable, CaseIterable, Sendable { case adam, sgd }
        package enum Schedule: String, Codable, CaseIterable, Sendable { case constant, cosine }

        package var optimiser: Optimiser
        /// Learning rate at the first step.
        package var rate: Double
        package var schedule: Schedule
        /// Samples per step.
        package var batch: Int
        package var steps: Int

        package init(optimiser: Optimiser, rate: Double, schedule: Schedule, batch: Int, steps: Int) {
            self.optimiser = optimiser
            self.rate = rate
            self.schedule = schedule
            self.batch = batch
            self.steps = steps
        }
    }

    package struct Scoring: Codable, Hashable, Sendable {
        /// Seeds per task in a full evaluation.
        package var seeds: Int
        /// A single gain is clipped to ± this many decibels.
        package var clip: Double
        /// What candidates are ranked by.
        package var selection: SelectionRule
        /// Which candidates of an archive cell are its elites.
        package var cells: CellRule

        package init(seeds: Int, clip: Double, selection: SelectionRule = .mean, cells: CellRule = .best) {
            self.seeds = seeds
            self.clip = clip
            self.selection = selection
            self.cells = cells
        }
    }

    /// A candidate is trained in stages, each on more networks; who has fallen behind after one is not trained further. The
    /// last stage, not among these, is all search tasks with all seeds.
    package struct Racing: Codable, Hashable, Sendable {
        package struct Stage: Codable, Hashable, Sendable {
            /// Search tasks, spread evenly over the families; those of the stages before are among them.
            package var tasks: Int
            /// Seeds of each.
            package var seeds: Int
            /// Out, who after this stage is so many decibels behind the reference on average. The fewer networks, the more
            /// luck there is in their mean, and the wider it should be.
            package var margin: Double

            package init(tasks: Int, seeds: Int, margin: Double) {
                self.tasks = tasks
                self.seeds = seeds
                self.margin = margin
            }
        }

        package var stages: [Stage]
        /// Out, who is surely behind so many elites of its island; 0 = elites do not count.
        package var rivals: Int
        /// How sure: one-sided confidence, 0.5 ... 1.
        package var confidence: Double

        package init(stages: [Stage], rivals: Int = 0, confidence: Double = 0.9) {
            self.stages = stages
            self.rivals = rivals
            self.confidence = confidence
        }
    }

    package enum Split: String, Codable, CaseIterable, Sendable {
        /// Seen by selection.
        case search
        /// Sealed from selection; used only to verify champions.
        case heldout
    }

    package struct Task: Codable, Hashable, Sendable {
        /// Unique in the suite, for example "feynman/I.6.2".
        package var name: String
        package var family: String
        package var split: Split
        package var target: Target
        /// nil = extrapolation, as in every suite stored before there was a choice.
        package var shift: TaskShift?

        package init(name: String, family: String, split: Split, target: Target, shift: TaskShift? = nil) {
            self.name = name
            self.family = family
            self.split = split
            self.target = target
            self.shift = shift
        }
    }

    /// The function a network has to learn, and with it the training box and the OOD region.
    package enum Target: Codable, Hashable, Sendable {
        /// Random polynomial of total degree `degree` in `inputs` variables; coefficients from `seed`.
        case polynomial(inputs: Int, degree: Int, seed: UInt64)
        /// Sum of `terms` sines of one variable with random frequencies, amplitudes and phases.
        case fourier(terms: Int, seed: UInt64)
        /// Random real combination of the spherical harmonics up to `degree`, on points of the unit sphere (3 inputs).
        case sphericalHarmonics(degree: Int, seed: UInt64)
        /// A row of the AI Feynman table (Udrescu and Tegmark 2020).
        case feynman(Equation)
        case chaotic(ChaoticMap)
        case piecewise(Piecewise)
        case longTail(LongTail)
        case table(TableTask)
    }

    package struct Equation: Codable, Hashable, Sendable {
        package var id: String
        package var formula: String
        package var variables: [String]
        package var low: [Double]
        package var high: [Double]

        package init(id: String, formula: String, variables: [String], low: [Double], high: [Double]) {
            self.id = id
            self.formula = formula
            self.variables = variables
            self.low = low
            self.high = high
        }
    }
}
