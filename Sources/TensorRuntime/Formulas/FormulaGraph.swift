/// Expressions as a graph in which equal parts are one node.
///
/// Nodes come after their operands, so that their order is an order of evaluation.
struct FormulaGraph {
  /// A node by its place.
  typealias Index = Int

  enum Node: Hashable {
    case input
    case parameter(Int)
    case constant(Double)
    /// The gradient of the output.
    case outputGradient
    /// What the result is added to.
    case previous
    case unary(FormulaFunction, Index)
    case binary(FormulaOperator, Index, Index)
    case select(FormulaComparison, Index, Index, Index, Index)

    var operands: [Index] {
      switch self {
      case .input, .parameter, .constant, .outputGradient, .previous: []
      case .unary(_, let a): [a]
      case .binary(_, let a, let b): [a, b]
      case .select(_, let a, let b, let c, let d): [a, b, c, d]
      }
    }
  }

  private(set) var nodes: [Node] = []
  private var places: [Node: Index] = [:]

  /// The node as it is, without simplification.
  mutating func intern(_ node: Node) -> Index {
    if let place = places[node] { return place }
    nodes.append(node)
    places[node] = nodes.count - 1
    return nodes.count - 1
  }

  mutating func constant(_ value: Double) -> Index { intern(.constant(value == 0 ? 0 : value)) }

  /// The value of a node that is a number.
  func number(_ index: Index) -> Double? {
    if case .constant(let value) = nodes[index] { value } else { nil }
  }

  /// Adds an expression; `parameters` are the names by place.
  mutating func add(_ expression: FormulaExpression, parameters: [String]) -> Index {
    switch expression {
    case .input: return intern(.input)
    case .parameter(let name): return intern(.parameter(parameters.firstIndex(of: name) ?? 0))
    case .constant(let value): return constant(value)
    case .unary(let function, let a): return unary(function, add(a, parameters: parameters))
    case .binary(let operation, let a, let b):
      let left = add(a, parameters: parameters)
      return binary(operation, left, add(b, parameters: parameters))
    case .select(let comparison, let a, let b, let then, let otherwise):
      let (left, right) = (add(a, parameters: parameters), add(b, parameters: parameters))
      let then = add(then, parameters: parameters)
      return select(comparison, left, right, then, add(otherwise, parameters: parameters))
    }
  }

  // Short forms, for derivatives.
  mutating func sum(_ a: Index, _ b: Index) -> Index { binary(.add, a, b) }
  mutating func difference(_ a: Index, _ b: Index) -> Index { binary(.subtract, a, b) }
  mutating func product(_ a: Index, _ b: Index) -> Index { binary(.multiply, a, b) }
  mutating func quotient(_ a: Index, _ b: Index) -> Index { binary(.divide, a, b) }
}
