import ActivationCompiler
import ArgumentParser
import EvolveTypes
import Foundation
import Reporting
import Retrieval

/// `evolve inspect STORE… --similar FILE`: candidates that behave like a function.
struct SimilarOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Show the candidates nearest to this function instead: a file of C or Python, a known name, or STORE#ID.",
            valueName: "function"))
    var similar: String?

    @Flag(help: "Count f(x) and a·f(b·x) as the same: the weights around a layer can undo such scales.")
    var upToScale = false

    @Flag(help: "Look inside functions too, for sub-expressions that behave like it.")
    var parts = false

    @Option(help: "From 0, the nearest, to 1: how much those shown should differ from each other.")
    var diversity = 0.0

    @Option(help: "How many to show.")
    var count = 10

    func check() throws {
        if similar == nil, upToScale || parts || diversity != 0 || count != 10 {
            throw ValidationError("--up-to-scale, --parts, --diversity and --count belong to --similar FILE.")
        }
        if !(0...1).contains(diversity) { throw ValidationError("--diversity is a number from 0 to 1.") }
        if !(1...1000).contains(count) { throw ValidationError("--count is a number from 1 to 1000.") }
    }

    func search(_ stores: [String], for function: CompiledActivation) throws -> SimilarFunctions {
        let places = try stores.map { try StorePlace($0).forOthers }
        for (place, store) in stores.enumerated() where places[..<place].contains(places[place]) {
            throw Failure(.misuse, "\(store) is named twice")
        }
        let granularity: BehaviourTable.Granularity = parts ? .parts : .wholes
        let kept = KeptBehaviours(folder: try Installation().home.appending(path: "behaviours"))
        let sources = try stores.map { name in
            let store = try StorePlace(name).read()
            return SimilarFunctions.Source(
                store: name, reader: try RunReader(store), behaviours: try kept.behaviours(of: store, granularity))
        }
        let search = RetrievalIndex.Request(count: count, granularity: granularity, diversity: diversity)
        return try SimilarFunctions(
            to: function, in: sources, SimilarFunctions.Request(search: search, upToScale: upToScale))
    }
}
