import Layers
import Spec
import Syntax

/// A layer as comparisons see it: what the spec says of it, and what it comes to in the graph.
struct ComparedLayer {
  let value: SpecValue
  /// The node of the model that it belongs to.
  let node: String
  /// The name within the node, with those of the layers around it: `residual_1.conv1d`.
  let label: String
  /// The layer that this one lies in, as an index into the node's list, and in which of its lists.
  let parent: Int?
  let branch: String
  let figures: LayerFigures?
  /// Whether it has no parameters and gives out what it takes in, as activations and dropout do.
  let keepsShape: Bool
  /// Everything that is said of the layer but its label.
  let signature: String

  var kind: String { value.kind ?? "" }
  var path: String { "model.\(node).\(label)" }

  /// What the two cost in one row, whatever their labels; nil where they do not belong together.
  static func cost(_ a: ComparedLayer, _ b: ComparedLayer) -> Int? {
    if (a.parent == nil) != (b.parent == nil), !areTwins(a, b) { return nil }
    return StepLikeness.cost(a.value, b.value, areRelated: areRelated(a, b))
  }

  /// Whether nothing but labels and surroundings tells the layers apart. What came into a layer that holds others, or
  /// out of one, must be the same: else every convolution of a residual network would pass for one of a plain network.
  static func areTwins(_ a: ComparedLayer, _ b: ComparedLayer) -> Bool {
    a.signature == b.signature && a.figures?.outputShape == b.figures?.outputShape
  }

  /// Whether a layer of another kind stands in for the first: it has much the same fields, or both leave shapes alone.
  private static func areRelated(_ a: ComparedLayer, _ b: ComparedLayer) -> Bool {
    if a.keepsShape && b.keepsShape { return true }
    let (left, right) = (Set(a.value.parts.map(\.name)), Set(b.value.parts.map(\.name)))
    return !left.isEmpty && left.intersection(right).count * 2 >= max(left.count, right.count)
  }
}

/// What a layer comes to.
public struct LayerFigures: Sendable, Equatable {
  /// Of one sample.
  public let outputShape: SampleShape
  public let parameters: Int
  /// Multiply-adds of one sample of nominal length.
  public let multiplyAdds: Int
}

/// The nodes of one model with all of their layers in a row each.
struct ComparedModel {
  struct Node {
    let value: SpecValue
    let layers: [ComparedLayer]
    /// The names that feed it.
    let inputs: [String]
    /// nil where the output does not need the node.
    let figures: LayerFigures?

    var name: String { value.name }
    var path: String { "model.\(name)" }
    /// What it says beside its layers: where its input comes from and what is expected of it.
    var fields: [SpecValue] { value.parts.filter { !$0.isUnnamed } }
  }

  let nodes: [Node]

  init(_ model: SpecValue, inputs: [String: [String]], graph: LayerGraph) {
    let found = Dictionary(graph.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    nodes = model.parts.map { node in
      var listing = LayerListing(node: node.name, graph: graph, indices: found)
      listing.add(node["layers"], prefix: "", parent: nil, branch: "")
      return Node(
        value: node, layers: listing.layers, inputs: inputs[node.name] ?? [],
        figures: Self.figures(of: node.name, in: graph))
    }
  }

  /// The sums over a node's layers, and the shape that the last one gives out.
  private static func figures(of node: String, in graph: LayerGraph) -> LayerFigures? {
    let own = graph.nodes.filter { $0.name.hasPrefix(node + ".") }
    guard let last = own.last else { return nil }
    return LayerFigures(
      outputShape: last.outputShape, parameters: own.reduce(0) { $0 + $1.parameterCount },
      multiplyAdds: own.reduce(0) { $0 + $1.multiplyAdds })
  }
}

/// Puts a node's layers in a row, those within a layer behind it.
private struct LayerListing {
  let node: String
  let graph: LayerGraph
  let indices: [String: Int]
  var layers: [ComparedLayer] = []

  mutating func add(_ steps: SpecValue?, prefix: String, parent: Int?, branch: String) {
    for step in steps?.parts ?? [] where step.kind != nil {
      let label = prefix + step.name
      let index = layers.count
      layers.append(
        ComparedLayer(
          value: step, node: node, label: label, parent: parent, branch: branch, figures: figures(label),
          keepsShape: keepsShape(label), signature: StepLikeness.signature(step)))
      for part in step.parts where StepLikeness.holdsSteps(part) {
        addNested(part, prefix: label + ".", parent: index, branch: part.name)
      }
    }
  }

  private mutating func addNested(_ part: SpecValue, prefix: String, parent: Int, branch: String) {
    if part.form == .steps { return add(part, prefix: prefix, parent: parent, branch: branch) }
    for item in part.parts { addNested(item, prefix: prefix, parent: parent, branch: "\(branch).\(item.name)") }
  }

  private func figures(_ label: String) -> LayerFigures? {
    let name = "\(node).\(label)"
    if let index = indices[name] {
      let found = graph.nodes[index]
      return LayerFigures(
        outputShape: found.outputShape, parameters: found.parameterCount, multiplyAdds: found.multiplyAdds)
    }
    // A layer that is made of others comes to what the last of them gives out; their parameters are their own.
    guard let last = graph.nodes.last(where: { $0.name.hasPrefix(name + ".") }) else { return nil }
    return LayerFigures(outputShape: last.outputShape, parameters: 0, multiplyAdds: 0)
  }

  private func keepsShape(_ label: String) -> Bool {
    guard let index = indices["\(node).\(label)"] else { return false }
    let found = graph.nodes[index]
    guard found.inputs.count == 1, found.parameterCount == 0 else { return false }
    switch found.inputs[0] {
    case .input(let input): return graph.inputs[input].shape == found.outputShape
    case .node(let before): return graph.nodes[before].outputShape == found.outputShape
    }
  }
}
