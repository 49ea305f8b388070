import Population

extension ArchiveCell {
    /// In words that a model can follow.
    var words: String {
        func slope(_ slope: Slope) -> String {
            switch slope {
            case .falling: "a negative slope"
            case .flat: "no slope"
            case .gentle: "a slope of about a half"
            case .unit: "a slope of about 1"
            case .steep: "a slope above 1"
            }
        }
        let turns =
            switch oscillation {
            case .monotone: "no turning point"
            case .one: "one turning point"
            case .few: "two or three turning points"
            case .many: "many turning points"
            }
        let price =
            switch cost {
            case .cheap: "under 16 operations"
            case .moderate: "16 to 60 operations"
            case .dear: "over 60 operations"
            }
        return "\(slope(left)) far left, \(slope(right)) far right, \(turns), \(price)"
    }
}
