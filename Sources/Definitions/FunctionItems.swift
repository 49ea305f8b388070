import Evaluation

/// Readers of the items of `TaskDefinitions`, but for tables. nil: what was wrong has been reported.
enum FunctionItems {
    typealias Item = TaskDefinitions.Item

    static func polynomial(_ keys: YAMLMapping) -> Item? {
        let inputs = keys.required("inputs").int(1...10)
        let degree = keys.required("degree").int(1...12)
        let seed = keys.required("seed").seed()
        return (
            "inputs\(inputs)-degree\(degree)-seed\(seed)", .polynomial(inputs: inputs, degree: degree, seed: seed)
        )
    }

    static func harmonic(_ keys: YAMLMapping) -> Item? {
        let fourier = keys.optional("fourier")
        let sphere = keys.optional("sphere")
        let seed = keys.required("seed").seed()
        switch (fourier, sphere) {
        case (let node?, nil):
            let terms = node.int(1...100)
            return ("fourier\(terms)-seed\(seed)", .fourier(terms: terms, seed: seed))
        case (nil, let node?):
            let degree = node.int(1...20)
            return ("sphere\(degree)-seed\(seed)", .sphericalHarmonics(degree: degree, seed: seed))
        default:
            keys.reject("an item of 'harmonics' has either 'fourier' (terms) or 'sphere' (degree)")
            return nil
        }
    }

    static func equation(_ node: YAMLNode, of table: FeynmanTable) -> Item? {
        node.name(among: table.ids, noun: "Feynman equation", plural: "equations").flatMap { id in
            table.equation(id).map { (id, .feynman($0)) }
        }
    }

    private enum Map: String, CaseIterable { case logistic, henon }

    static func chaotic(_ keys: YAMLMapping) -> Item? {
        let map: Map = keys.required("map").choice(standIn: .logistic)
        let steps = keys.required("steps").int(1...16)
        switch map {
        case .logistic:
            let rate = keys.required("rate").double(0.1...4)
            return ("logistic\(rate)-steps\(steps)", .chaotic(ChaoticMap(.logistic(rate: rate), steps: steps)))
        case .henon:
            let (a, b) = (keys.required("a").double(0.1...2), keys.required("b").double(-1...1))
            return ("henon\(a)-\(b)-steps\(steps)", .chaotic(ChaoticMap(.henon(a: a, b: b), steps: steps)))
        }
    }

    static func piecewise(_ keys: YAMLMapping) -> Item? {
        let form: Piecewise.Form = keys.required("form").choice(standIn: .constant)
        let inputs = keys.required("inputs").int(1...10)
        let pieces = keys.required("pieces").int(2...1_000)
        let jumps = form == .linear ? keys.required("jumps").int(0...(pieces - 1)) : pieces - 1
        let seed = keys.required("seed").seed()
        return (
            "\(form.rawValue)-inputs\(inputs)-pieces\(pieces)" + (form == .linear ? "-jumps\(jumps)" : "")
                + "-seed\(seed)",
            .piecewise(Piecewise(form: form, inputs: inputs, pieces: pieces, jumps: jumps, seed: seed))
        )
    }

    static func longTail(_ keys: YAMLMapping) -> Item? {
        let shape: LongTail.Shape = keys.required("shape").choice(standIn: .clusters)
        let classes = keys.required("classes").int(2...100)
        let inputs = shape == .clusters ? keys.required("inputs").int(1...40) : 2
        let exponent = keys.required("exponent").double(0...10)
        let spread = keys.required("spread").double(1e-6...10)
        let seed = keys.required("seed").seed()
        return (
            "\(shape.rawValue)\(classes)-inputs\(inputs)-exponent\(exponent)-spread\(spread)-seed\(seed)",
            .longTail(
                LongTail(
                    shape: shape, classes: classes, inputs: inputs, exponent: exponent, spread: spread, seed: seed))
        )
    }
}
