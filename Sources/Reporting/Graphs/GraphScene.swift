import Planning

/// What a picture shows of a layer graph.
package struct GraphScene: Sendable {
  /// What a layer reads: a feature or another layer, by its index.
  package enum Source: Hashable, Sendable {
    case input(Int)
    case layer(Int)
  }

  package struct Input: Sendable {
    package let name: String
    package let shape: String

    package init(name: String, shape: String) {
      self.name = name
      self.shape = shape
    }
  }

  package struct Layer: Sendable {
    /// The parts of the name, parted by dots, are the groups that the layer lies in and its label.
    package let name: String
    package let kind: String
    package let shape: String
    package let parameters: Int
    package let multiplyAdds: Int
    package let sources: [Source]
    package let role: LayerRole

    package init(
      name: String, kind: String, shape: String, parameters: Int, multiplyAdds: Int, sources: [Source], role: LayerRole
    ) {
      self.name = name
      self.kind = kind
      self.shape = shape
      self.parameters = parameters
      self.multiplyAdds = multiplyAdds
      self.sources = sources
      self.role = role
    }
  }

  package let inputs: [Input]
  /// Each behind everything that it reads.
  package let layers: [Layer]

  package init(inputs: [Input], layers: [Layer]) {
    self.inputs = inputs
    self.layers = layers
  }

  /// The scene of a model.
  package init(_ graph: LayerGraph) {
    inputs = graph.inputs.map { Input(name: $0.name, shape: $0.shape.description) }
    layers = graph.nodes.map { node in
      let sources = node.inputs.map { reference -> Source in
        switch reference {
        case .input(let index): .input(index)
        case .node(let index): .layer(index)
        }
      }
      return Layer(
        name: node.name, kind: node.kind, shape: node.outputShape.description, parameters: node.parameterCount,
        multiplyAdds: node.multiplyAdds, sources: sources, role: LayerRole(node, in: graph))
    }
  }
}
