// swift-tools-version: 6.2
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "evolve",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // Every module that a target imports is named: only those make it compile again when they change.
        // Libraries of the system.
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        // Without pkg-config: gsl.pc adds -lgslcblas, whose slow cblas_sgemm would hide OpenBLAS's.
        .systemLibrary(name: "CGSL", providers: [.apt(["libgsl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // Layer 0: values and mechanisms that know nothing of each other.
        .target(name: "EvolveTypes", dependencies: ["CCrypto"]),
        .target(name: "ActivationIR", dependencies: ["EvolveTypes"]),
        .target(
            name: "CTrainer", dependencies: ["COpenBLAS", "CGSL"],
            // Optimised even in a debug build: an unoptimised trainer makes the tests take hours.
            cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-Wall", "-Wextra", "-Werror"])],
            linkerSettings: [.linkedLibrary("gsl"), .linkedLibrary("m"), .linkedLibrary("dl")]),
        .target(name: "CSandbox", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])]),
        .target(name: "CHTTP", dependencies: ["CCurl"], cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),

        // Layer 1: one job each.
        .target(name: "ActivationParser", dependencies: ["EvolveTypes", "ActivationIR"]),
        .target(name: "ActivationPasses", dependencies: ["ActivationIR"]),
        .target(name: "ActivationCodegen", dependencies: ["EvolveTypes", "ActivationIR"]),
        .target(name: "Population", dependencies: ["EvolveTypes"]),
        .target(name: "LanguageModels", dependencies: ["EvolveTypes", "CHTTP", subprocess]),
        .target(name: "RunStore", dependencies: ["EvolveTypes"]),

        // Layer 2: stages of the loop, and one outside thing each.
        .target(
            name: "ActivationCompiler",
            dependencies: ["ActivationIR", "EvolveTypes", "ActivationParser", "ActivationPasses", "ActivationCodegen"]),
        .target(name: "Retrieval", dependencies: ["ActivationIR", "EvolveTypes", "COpenBLAS"]),
        .target(name: "ActivationPython", dependencies: ["EvolveTypes", "ActivationParser"]),
        .target(
            name: "Exporting", dependencies: ["ActivationIR", "EvolveTypes", "ActivationCodegen", "ActivationCompiler"]),
        .target(
            name: "Mutation",
            dependencies: [
                "ActivationIR", "ActivationParser", "ActivationPython", "EvolveTypes",
                "LanguageModels", "Population", "Retrieval", "ActivationCompiler",
            ]),
        .target(
            name: "Evaluation",
            dependencies: [
                "ActivationCodegen", "EvolveTypes", "ActivationCompiler", "CTrainer", "CSandbox", "CGSL", subprocess,
            ]),
        .target(name: "RunStoreSQLite", dependencies: ["CSQLite", "EvolveTypes", "RunStore", grdb]),
        .target(name: "RunStorePostgres", dependencies: ["EvolveTypes", "RunStore", "CLibPQ"]),
        .target(name: "Slurm", dependencies: ["EvolveTypes", subprocess]),

        // Layer 3: the loop, and its definitions.
        .target(
            name: "Engine",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "EvolveTypes", "LanguageModels", "Population", "Mutation",
                "Evaluation", "Retrieval", "RunStore",
            ]),
        .target(
            name: "Definitions",
            dependencies: [
                "ActivationCompiler", "Evaluation", "EvolveTypes", "LanguageModels", "Mutation", "Population",
                "RunStore",
                "Engine", yams,
            ]),
        .target(
            name: "Reporting",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "ActivationPasses", "Evaluation", "EvolveTypes", "Exporting",
                "LanguageModels",
                "Population", "Retrieval", "RunStore", "Engine",
            ]),

        .target(
            name: "Distillation",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "Engine", "Evaluation", "EvolveTypes", "LanguageModels",
                "Mutation", "Population", "Reporting", "Retrieval", "RunStore",
            ]),

        .target(
            name: "Simulation",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "EvolveTypes", "LanguageModels", "Population", "Mutation",
                "Evaluation", "RunStore", "Engine",
            ]),

        // Layer 4: what a person looks at.
        .target(
            name: "Pages",
            dependencies: [
                "ActivationCompiler", "EvolveTypes", "Population", "RunStore", "Engine", "Reporting", mustache,
                subprocess,
            ],
            resources: [
                .embedInCode("Templates/page.mustache"), .embedInCode("Templates/run.mustache"),
                .embedInCode("Templates/search.mustache"), .embedInCode("Templates/words.mustache"),
                .embedInCode("Templates/style.css"),
            ]),

        .target(
            name: "Serving",
            dependencies: [
                "EvolveTypes", "RunStore", "Reporting", "Pages", hummingbird, mustache, logging, nio, lifecycle,
            ],
            resources: [
                .embedInCode("Assets/live.mustache"), .embedInCode("Assets/content.mustache"),
                .embedInCode("Assets/index.mustache"), .embedInCode("Assets/list.mustache"),
                .embedInCode("Assets/live.js"),
            ]),

        // Layer 5: what a person starts.
        .executableTarget(name: "evolve-worker", dependencies: ["EvolveTypes", "Evaluation", "CTrainer", "CSandbox"]),
        .executableTarget(
            name: "evolve",
            dependencies: [
                "ActivationCodegen", "ActivationCompiler", "ActivationIR", "ActivationParser", "ActivationPasses",
                "ActivationPython", "Evaluation", "EvolveTypes", "Exporting", "Mutation", "Population", "RunStore",
                "Engine", "Definitions", "Distillation",
                "Pages", "Reporting", "Retrieval", "RunStorePostgres", "RunStoreSQLite", "Serving", "Simulation",
                "Slurm",
                "LanguageModels",
                argumentParser,
            ]),

        // Tests mirror the sources; what several of them need is a target of its own.
        .target(name: "LoopbackHTTP", path: "Tests/LoopbackHTTP"),
        .target(name: "Labs", path: "Tests/Labs", exclude: ["Browser"]),
        .target(
            name: "PlayedRuns",
            dependencies: ["Engine", "Evaluation", "EvolveTypes", "LanguageModels", "Population", "RunStore"],
            path: "Tests/PlayedRuns"),
        .testTarget(name: "EvolveTypesTests", dependencies: ["EvolveTypes"]),
        .testTarget(
            name: "ActivationTests",
            dependencies: [
                "ActivationCodegen", "ActivationIR", "ActivationParser", "ActivationPasses", "EvolveTypes",
                "ActivationCompiler",
            ]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "ActivationCodegen", "ActivationCompiler", "ActivationParser", "ActivationPasses", "CTrainer",
                "EvolveTypes", "Evaluation", "evolve-worker",
            ], exclude: ["Attacks"]),
        .testTarget(
            name: "ActivationPythonTests",
            dependencies: ["ActivationCompiler", "ActivationIR", "ActivationParser", "ActivationPython"],
            exclude: ["Ecosystems"]),
        .testTarget(
            name: "ExportingTests", dependencies: ["ActivationCompiler", "ActivationIR", "EvolveTypes", "Exporting"],
            exclude: ["Ecosystems"]),
        .testTarget(
            name: "RetrievalTests",
            dependencies: ["ActivationCompiler", "ActivationIR", "ActivationPasses", "EvolveTypes", "Retrieval"]),
        .testTarget(name: "PopulationTests", dependencies: ["EvolveTypes", "Population"]),
        .testTarget(name: "LanguageModelsTests", dependencies: ["EvolveTypes", "LanguageModels", "LoopbackHTTP"]),
        .testTarget(
            name: "RunStoreTests",
            dependencies: ["EvolveTypes", "RunStore", "RunStoreSQLite", "RunStorePostgres", "Labs"]),
        .testTarget(name: "RunStorePostgresTests", dependencies: ["EvolveTypes", "RunStorePostgres", "Labs"]),
        .testTarget(name: "SlurmTests", dependencies: ["EvolveTypes", "Slurm"], exclude: ["expected.sbatch"]),
        .testTarget(name: "LabsTests", dependencies: ["Labs"]),
        .testTarget(
            name: "DefinitionsTests",
            dependencies: [
                "Distillation", "Engine", "Evaluation", "EvolveTypes", "LanguageModels", "Mutation", "Population",
                "RunStore", "Definitions",
                yams,
            ]),
        .testTarget(
            name: "MutationTests",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "ActivationParser", "EvolveTypes", "LanguageModels", "Population",
                "Mutation", "Retrieval",
            ]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "ActivationCodegen", "ActivationCompiler", "ActivationIR", "Evaluation", "EvolveTypes",
                "LanguageModels", "Mutation", "Population", "RunStore", "Engine", "Definitions", "RunStoreSQLite",
                "LoopbackHTTP",
            ]),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "ActivationCompiler", "Engine", "Evaluation", "EvolveTypes", "LanguageModels", "Population",
                "Retrieval", "RunStore",
                "Reporting", "PlayedRuns",
            ]),
        .testTarget(
            name: "DistillationTests",
            dependencies: [
                "Distillation", "Engine", "Evaluation", "EvolveTypes", "LanguageModels", "Population", "RunStore",
            ]),
        .testTarget(
            name: "PagesTests",
            dependencies: [
                "Engine", "Evaluation", "EvolveTypes", "Population", "RunStore", "Reporting", "Pages", "PlayedRuns",
                "Labs",
            ]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "ActivationCompiler", "ActivationIR", "Engine", "Evaluation", "EvolveTypes", "LanguageModels",
                "Population",
                "Simulation",
            ]),
        .testTarget(
            name: "CommandTests", dependencies: ["EvolveTypes", "Labs", "LoopbackHTTP", "evolve", "evolve-worker"]),
    ]
)

// One place for what holds in every Swift target.
for target in package.targets where target.type != .system {
    target.swiftSettings = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
}

// Modules whose tests look at internals. Tests run in release, which leaves testability out unless told otherwise.
for target in package.targets
where [
    "ActivationCodegen", "Distillation", "Evaluation", "Exporting", "Mutation", "RunStorePostgres", "RunStoreSQLite",
    "Slurm",
]
.contains(
    target.name)
{
    target.swiftSettings?.append(.unsafeFlags(["-enable-testing"]))
}
