import ActivationIR

/// One function of a layer kernel, as C: its stages, loop by loop.
///
/// Rows of arrays lie `pitch` apart, the units rounded up to whole vectors, and loops over units run to the pitch: they are
/// vectorised without a rest. What is computed behind the last unit enters no sum, maximum or shift.
struct LayerFunction {
    /// What becomes of an output.
    enum Target {
        /// An array [batch × units].
        case array(String)
        /// A sum over the layer.
        case sum(String)
    }

    private let schedule: LayerSchedule
    private let targets: [Target]
    private var lines: [String] = []
    /// Buffers taken from the workspace so far.
    private(set) var room = Room()

    /// A workspace in pieces of the layer's, a row's or a column's size, each a multiple of 16 floats.
    struct Room {
        var elements = 0
        var units = 0
        var batch = 0

        mutating func take(_ scope: LayerExtent, times: Int = 1) -> String {
            let offset = text
            if scope == .element { elements += times } else if scope == .unit { units += times } else { batch += times }
            return "workspace + \(offset)"
        }

        var text: String { "\(elements) * room_elements + \(units) * room_units + \(batch) * room_batch" }
    }

    static let sizes = [
        "const int32_t count = (int32_t)units;",
        "const int32_t pitch = (count + 15) & ~15;",
        "const int64_t room_elements = batch * pitch;",
        "const int64_t room_units = pitch;",
        "const int64_t room_batch = (batch + 15) & ~(int64_t)15;",
        "(void)count; (void)room_elements; (void)room_units; (void)room_batch;",
    ]

    /// - Parameter targets: of each output of `program`.
    init(_ program: Program, targets: [Target]) {
        schedule = LayerSchedule(program)
        self.targets = targets
    }

    private var program: Program { schedule.program }

    mutating func body() -> [String] {
        declareLeaves()
        declareBuffers()
        for stage in 0..<schedule.stages { print(stage) }
        return lines
    }

    // MARK: Declarations

    private mutating func declareLeaves() {
        for (id, node) in program.nodes.enumerated() where schedule.live[id] {
            if node.op == .parameter { add(1, "const float v\(id) = p[\(Int(node.payload))];") }
            if node.op == .unitCount { add(1, "const float v\(id) = (float)(int32_t)units;") }
        }
    }

    private mutating func declareBuffers() {
        for (id, node) in program.nodes.enumerated() where schedule.live[id] {
            if schedule.isKept[id] { declare("float", "b\(id)", room.take(schedule.scope[id])) }
            switch OperatorTable[node.op].value {
            case .reduction(.max, .batch): break
            // Doubles.
            case .reduction(_, .batch): declare("double", "a\(id)", "(void *)(\(room.take(.unit, times: 2)))")
            // One row of what is shifted, or looked through for its largest.
            case .shift, .reduction(.max, .unit), .reduction(.max, .tensor):
                declare("float", "r\(id)", room.take(.unit))
            default: break
            }
        }
    }

    private mutating func declare(_ type: String, _ name: String, _ value: String) {
        add(1, "\(type) *restrict \(name) = \(value);")
    }

    // MARK: Stages

    private mutating func print(_ stage: Int) {
        let crossings = schedule.crossings(stage)
        let outputs = zip(program.outputs, targets).filter { schedule.stage[$0.0] == stage }
        add(1, "// Stage \(stage).")
        for id in schedule.computed(stage, []) { add(1, statement(id)) }
        let ofUnits = schedule.computed(stage, .unit)
        if !ofUnits.isEmpty {
            loop(1) { body in
                body.addLoads(2, ofUnits.flatMap { body.program.nodes[$0].operands }, excluding: Set(ofUnits), [.unit])
                for id in ofUnits {
                    body.add(2, body.statement(id))
                    body.add(2, "b\(id)[unit] = v\(id);")
                }
            }
        }
        let ofSamples = schedule.computed(stage, .batch)
        let ofElements = schedule.computed(stage, .element)
        guard
            !crossings.isEmpty || !outputs.isEmpty || ofSamples.contains(where: { schedule.isKept[$0] })
                || !ofElements.isEmpty
        else { return }
        for id in crossings { begin(id) }
        for (_, target) in outputs { if case .sum(let name) = target { add(1, "double \(name)_sum = 0.0;") } }
        add(1, "for (int64_t sample = 0; sample < batch; sample++) {")
        add(2, "const int64_t row = sample * pitch;")
        add(2, "(void)row;")
        let read =
            ofElements.flatMap { program.nodes[$0].operands } + crossings.map { program.nodes[$0].operands[0] }
            + outputs.map(\.0)
        addLoads(
            2, read + ofSamples.flatMap { program.nodes[$0].operands }, excluding: Set(ofSamples), [.batch])
        for id in ofSamples {
            add(2, statement(id))
            if schedule.isKept[id] { add(2, "b\(id)[sample] = v\(id);") }
        }
        var sums: [String] = []
        for id in crossings where isRowSum(id) { sums.append("s\(id)") }
        for (_, target) in outputs { if case .sum(let name) = target { sums.append("\(name)_row") } }
        for sum in sums { add(2, "double \(sum) = 0.0;") }
        if !ofElements.isEmpty || !crossings.isEmpty || !outputs.isEmpty {
            loop(2, reduction: sums) { body in
                body.addLoads(3, read, excluding: Set(ofElements), [.element, .unit])
                for id in ofElements {
                    body.add(3, body.statement(id))
                    if body.schedule.isKept[id] { body.add(3, "b\(id)[row + unit] = v\(id);") }
                }
                for id in crossings { body.pass(id) }
                for (output, target) in outputs {
                    switch target {
                    case .array(let name): body.add(3, "\(name)[row + unit] = \(body.name(output));")
                    case .sum(let name):
                        body.add(3, "\(name)_row += (double)evt_select(unit < count, \(body.name(output)), 0.0f);")
                    }
                }
            }
        }
        for id in crossings { endRow(id) }
        for (_, target) in outputs { if case .sum(let name) = target { add(2, "\(name)_sum += \(name)_row;") } }
        add(1, "}")
        for id in crossings { end(id) }
        for (_, target) in outputs { if case .sum(let name) = target { add(1, "\(name) = (float)\(name)_sum;") } }
    }

    // MARK: Statistics and shifts: before the layer, at an element, after a row, after the layer

    private func isRowSum(_ id: ValueID) -> Bool {
        switch OperatorTable[program.nodes[id].op].value {
        case .reduction(.max, _), .reduction(_, .batch): false
        case .reduction: true
        default: false
        }
    }

    private mutating func begin(_ id: ValueID) {
        switch OperatorTable[program.nodes[id].op].value {
        case .reduction(.max, .batch):
            loop(1) { $0.add(2, "b\(id)[unit] = -__builtin_inff();") }
        case .reduction(_, .batch): add(1, "__builtin_memset(a\(id), 0, (uint64_t)pitch * sizeof(double));")
        case .reduction(.max, .tensor): add(1, "float m\(id) = -__builtin_inff();")
        case .reduction(_, .tensor): add(1, "double t\(id) = 0.0;")
        default: break
        }
    }

    private mutating func pass(_ id: ValueID) {
        let value = name(program.nodes[id].operands[0])
        switch OperatorTable[program.nodes[id].op].value {
        case .reduction(.max, .batch):
            add(3, "b\(id)[unit] = evt_select(b\(id)[unit] < \(value), \(value), b\(id)[unit]);")
        case .reduction(_, .batch): add(3, "a\(id)[unit] += (double)\(value);")
        case .reduction(.max, _), .shift: add(3, "r\(id)[unit] = \(value);")
        case .reduction: add(3, "s\(id) += (double)evt_select(unit < count, \(value), 0.0f);")
        default: break
        }
    }

    private mutating func endRow(_ id: ValueID) {
        switch OperatorTable[program.nodes[id].op].value {
        case .reduction(.max, .unit): add(2, "b\(id)[sample] = evt_largest(r\(id), units, -__builtin_inff());")
        case .reduction(.max, .tensor): add(2, "m\(id) = evt_largest(r\(id), units, m\(id));")
        case .reduction(.mean, .unit): add(2, "b\(id)[sample] = (float)(s\(id) / (double)units);")
        case .reduction(.sum, .unit): add(2, "b\(id)[sample] = (float)s\(id);")
        case .reduction(_, .tensor): add(2, "t\(id) += s\(id);")
        case .shift: add(2, "evt_shift(b\(id) + row, r\(id), units, \(Int(program.nodes[id].payload)));")
        default: break
        }
    }

    private mutating func end(_ id: ValueID) {
        switch OperatorTable[program.nodes[id].op].value {
        case .reduction(.mean, .batch):
            // Before AVX-512 no instruction makes doubles of 64-bit integers, and the loop would not be vectorised.
            loop(1) { $0.add(2, "b\(id)[unit] = (float)(a\(id)[unit] / (double)(int32_t)batch);") }
        case .reduction(.sum, .batch): loop(1) { $0.add(2, "b\(id)[unit] = (float)a\(id)[unit];") }
        case .reduction(.max, .tensor): add(1, "const float v\(id) = m\(id);")
        case .reduction(.mean, .tensor): add(1, "const float v\(id) = (float)(t\(id) / (double)(batch * units));")
        case .reduction(.sum, .tensor): add(1, "const float v\(id) = (float)t\(id);")
        default: break
        }
    }

    // MARK: Text

    private func name(_ id: ValueID) -> String {
        let node = program.nodes[id]
        return switch node.op {
        case .constant: CExpression.literal(node.payload)
        case .input: "x"
        case .unitIndex: "(float)unit"
        default: "v\(id)"
        }
    }

    private func statement(_ id: ValueID) -> String {
        let type = schedule.types[id]
        let value = CExpression.text(of: program.nodes[id], type: type, reach: .all) { name($0) }
        return "const \(type == .boolean ? "int" : "float") v\(id) = \(value);"
    }

    /// Brings what `read` names and other loops computed into a loop, for values of these scopes.
    private mutating func addLoads(
        _ depth: Int, _ read: [ValueID], excluding computed: Set<ValueID>, _ scopes: [LayerExtent]
    ) {
        for id in Set(read).subtracting(computed).sorted() {
            let node = program.nodes[id]
            let scope = schedule.scope[id]
            guard scopes.contains(scope) else { continue }
            let place = scope == .element ? "row + unit" : scope == .unit ? "unit" : "sample"
            switch node.op {
            case .input: add(depth, "const float x = z[\(place)] + bias[unit];")
            case .cotangent: add(depth, "const float v\(id) = cotangent[\(place)];")
            default:
                guard !node.isLeaf else { continue }
                let isBoolean = schedule.types[id] == .boolean
                add(
                    depth,
                    "const \(isBoolean ? "int" : "float") v\(id) = b\(id)[\(place)]\(isBoolean ? " != 0.0f" : "");"
                )
            }
        }
    }

    private mutating func loop(
        _ depth: Int, reduction: [String] = [], _ body: (inout LayerFunction) -> Void
    ) {
        lines.append(
            "#pragma omp simd" + (reduction.isEmpty ? "" : " reduction(+:\(reduction.joined(separator: ",")))"))
        add(depth, "for (int32_t unit = 0; unit < pitch; unit++) {")
        body(&self)
        add(depth, "}")
    }

    private mutating func add(_ depth: Int, _ line: String) {
        lines.append(String(repeating: "    ", count: depth) + line)
    }
}
