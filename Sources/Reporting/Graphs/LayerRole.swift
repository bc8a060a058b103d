import Planning

/// What a layer is for, told by what it does: pictures colour layers by it.
package enum LayerRole: CaseIterable, Sendable {
  /// Multiplies by weights.
  case weights
  /// Has parameters without multiplying many values by them, as normalisation does.
  case scale
  /// Changes the shape alone.
  case shape
  /// Keeps the shape: activations, dropout.
  case pointwise
  /// Joins several tensors.
  case join

  init(_ node: GraphNode, in graph: LayerGraph) {
    if case .combinator = node.body {
      self = .join
    } else if node.multiplyAdds > 0 {
      self = .weights
    } else if !node.parameters.isEmpty {
      self = .scale
    } else {
      let input =
        switch node.inputs.first {
        case .input(let index): graph.inputs[index].shape
        case .node(let index): graph.nodes[index].outputShape
        case nil: node.outputShape
        }
      self = input == node.outputShape ? .pointwise : .shape
    }
  }

  var colour: String {
    switch self {
    case .weights: "#0072b2"
    case .scale: "#009e73"
    case .shape: "#cc79a7"
    case .pointwise: "#e69f00"
    case .join: "#d55e00"
    }
  }

  var title: String {
    switch self {
    case .weights: "multiplies by weights"
    case .scale: "other parameters"
    case .shape: "changes the shape"
    case .pointwise: "value by value"
    case .join: "joins"
    }
  }
}
