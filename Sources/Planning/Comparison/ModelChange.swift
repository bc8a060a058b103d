import Diagnostics
import Spec
import Syntax

/// One difference between two models: of a node, or of a layer.
public struct ModelChange: Sendable {
  public enum Subject: String, Sendable { case node, layer }

  /// A node or a layer in one of the models.
  public struct Side: Sendable {
    /// `model.time_path.conv_block_1.conv1d`
    public let path: String
    /// `time_path`
    public let node: String
    /// The layer's name in its node; empty for nodes.
    public let label: String
    /// The layer's kind; empty for nodes.
    public let kind: String
    /// The layer with its fields, or what a node says beside its layers.
    public let value: Syntax.Node
    /// nil where the output does not need it.
    public let figures: LayerFigures?
    /// The layers within: all of a node's that came or went, or those of a layer that is made of others.
    public let layers: [String]
    /// The position among the nodes, or in the node's row of layers.
    public let index: Int
  }

  /// A field that says something else.
  public struct Field: Sendable {
    public let name: String
    /// nil where it is not said.
    public let before: Syntax.Node?
    public let after: Syntax.Node?
  }

  public let kind: ChangeKind
  public let subject: Subject
  /// nil for what was added.
  public let before: Side?
  /// nil for what was removed.
  public let after: Side?
  /// For `changed`: what differs; empty where the layer's kind says it all.
  public let fields: [Field]

  /// Where it is now, or was.
  public var path: String { after?.path ?? before?.path ?? "" }
}

/// A layer that says the same in both models but comes to something else, since what feeds it changed.
public struct AffectedLayer: Sendable {
  public let path: String
  public let before: LayerFigures
  public let after: LayerFigures
}

extension ModelChange.Side {
  init(_ layer: ComparedLayer, index: Int, inner: [String] = []) {
    self.init(
      path: layer.path, node: layer.node, label: layer.label, kind: layer.kind, value: layer.value.node,
      figures: layer.figures, layers: inner, index: index)
  }

  init(_ node: ComparedModel.Node, index: Int, withLayers: Bool) {
    let entries = node.fields.filter { !$0.node.isNull }.map { field in
      Entry(key: Located(field.name, at: field.node.span), value: field.node)
    }
    self.init(
      path: node.path, node: node.name, label: "", kind: "",
      value: Syntax.Node(.mapping(entries), at: node.value.node.span),
      figures: node.figures, layers: withLayers ? node.layers.map(\.label) : [], index: index)
  }
}
