import EvolveTypes
import Population
import Reporting

/// Who holds an island's archive, and where they come from.
struct IslandPart {
    var name: String
    var slots: String
    var cells: String
    var seeds: String
    var own: String
    var others: String
    var best: String
    var holder: CandidateLink?

    init(_ island: RunSummary.IslandSummary, links: CandidateLinks) {
        name = island.name
        slots = Figures.count(island.slots)
        cells = "\(Figures.count(island.cells)) of \(Figures.count(island.capacity))"
        seeds = Figures.count(island.origins.seeds)
        own = Figures.count(island.origins.own)
        others = Figures.count(island.origins.others)
        best = island.best.map { Figures.belief($0.believed).typeset } ?? "no new candidate yet"
        holder = island.best.map { links.link($0.id) }
    }
}

/// What migrations from one island to another have brought.
struct MigrationPart {
    var from: String
    var to: String
    var came: String
    var settled: String

    static func parts(_ islands: [RunSummary.IslandSummary]) -> [MigrationPart] {
        islands.flatMap { island in
            island.arrivals.map {
                MigrationPart(
                    from: $0.from, to: island.name, came: Figures.count($0.came), settled: Figures.count($0.settled))
            }
        }
    }
}

/// An island's archive: slope far left by slope far right.
struct ArchivePart {
    struct Row {
        var left: String
        var cells: [Cell]
    }

    struct Cell {
        var text: String
        var holder: CandidateLink?
        var held: String
        var shade: String
    }

    var island: String
    var right: [String]
    var rows: [Row]

    init(_ island: ArchiveMap.Island, links: CandidateLinks) {
        self.island = island.name
        let slopes = ArchiveCell.Slope.allCases
        right = slopes.map(\.rawValue)
        rows = slopes.map { left in
            Row(
                left: left.rawValue,
                cells: slopes.map { right in
                    guard let field = island.field(left: left, right: right) else {
                        return Cell(text: "·", holder: nil, held: "", shade: "none")
                    }
                    let (best, held) = field
                    return Cell(
                        text: Figures.belief(best.believed).replacing(" dB", with: "").typeset,
                        holder: links.link(best.id),
                        held: "\(best.isSeed ? " (seed)" : ""), \(held) held",
                        shade: Self.shade(best.believed.mean))
                })
        }
    }

    /// By what is believed, sure or not.
    private static func shade(_ gain: Double) -> String { "a\([0.25, 1, 3].count { gain >= $0 })" }
}

/// Those of which no cheaper one is believed to gain more.
struct FrontPart {
    struct Row {
        var cost: String
        var candidate: CandidateLink
        var isSeed: Bool
        var isChampion: Bool
        var believed: String
        var formula: String?
    }

    var figure: RunPage.Figure?
    var rows: [Row]

    init(_ front: GainCostFront, figure: RunPage.Figure?, champion: CandidateID?, links: CandidateLinks) {
        self.figure = figure
        rows = front.points.map {
            Row(
                cost: Figures.cost($0.cost), candidate: links.link($0.id), isSeed: $0.isSeed,
                isChampion: $0.id == champion, believed: Figures.belief($0.believed).typeset, formula: $0.formula)
        }
    }
}
