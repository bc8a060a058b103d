import Spec

/// A layer that consists of others: branches that all read its input, and what joins their outputs.
///
/// The planner lays its branches out as layers of their own; only the joint becomes an operation of the composite's.
public protocol Composite: Sendable {
  static var kind: Kind { get }
  init(_ values: FieldValues)
  var branches: [Branch] { get }
  /// Takes one input a branch.
  var joint: any Combinator { get }
}

/// Layers that are applied one after the other; none pass the input on.
public struct Branch: Sendable {
  /// Stands between the names of the composite and of a layer; empty for none.
  public let name: String
  public let layers: [Step]

  public init(name: String, layers: [Step]) {
    self.name = name
    self.layers = layers
  }
}
