/// Index of a node in its program.
package typealias ValueID = Int

package enum ValueType: String, Codable, Sendable {
    /// A number. Integers of the source are reals that hold whole numbers.
    case real
    case boolean
}

/// One operation of a straight-line program.
package struct Node: Hashable, Sendable {
    package var op: Operator
    /// Earlier nodes, as many as the operator's arity (at most three).
    package var operands: [ValueID]
    /// The value of a `constant`; the index of a `parameter`; the places of a `unitShift`; 0 for every other operator.
    package var payload: Double
    /// 1-based source line the operation came from; 0 when a pass made it. Not part of the node's identity in hashes.
    package var line: Int

    package init(_ op: Operator, _ operands: [ValueID] = [], payload: Double = 0, line: Int = 0) {
        self.op = op
        self.operands = operands
        self.payload = payload
        self.line = line
    }
}

/// A scalar that is trained with the weights, one copy per layer.
package struct Parameter: Hashable, Sendable {
    package var name: String
    package var initial: Double

    package init(name: String, initial: Double) {
        self.name = name
        self.initial = initial
    }
}

/// A typed straight-line program over one element.
package struct Program: Hashable, Sendable {
    package var nodes: [Node]
    package var parameters: [Parameter]
    /// What the program yields. An activation has one output, y. After the gradient pass: y, dy/dx, then dy/dp for each
    /// parameter in order; of a program that reads its layer: y, dL/dx, then each element's part of dL/dp.
    package var outputs: [ValueID]

    package init(nodes: [Node], parameters: [Parameter], outputs: [ValueID]) {
        self.nodes = nodes
        self.parameters = parameters
        self.outputs = outputs
    }
}
