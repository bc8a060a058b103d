import Diagnostics
import Syntax

/// What became of a value or a layer from one spec to another.
public enum ChangeKind: String, Sendable, CaseIterable {
  case added, removed, moved, changed, renamed
}

/// The parts of a spec that changes are grouped by.
public enum SpecArea: String, Sendable, CaseIterable {
  case corpus, audio, features, length, augment, split, model, train, track

  /// The area of a top-level key.
  public init(key: String) {
    switch key {
    case "on_bad_clip": self = .corpus
    case "seed": self = .train
    default: self = SpecArea(rawValue: key) ?? .model
    }
  }
}

/// One difference between the values of two resolved specs.
public struct ValueChange: Sendable {
  /// A value in one of the specs.
  public struct Side: Sendable {
    /// `train.optimizer.adam.lr`
    public let path: String
    public let node: Node
    /// The position in its list, for steps and names whose order matters.
    public let index: Int?

    public init(path: String, node: Node, index: Int? = nil) {
      self.path = path
      self.node = node
      self.index = index
    }
  }

  public let kind: ChangeKind
  public let area: SpecArea
  /// nil for what was added.
  public let before: Side?
  /// nil for what was removed.
  public let after: Side?

  public init(_ kind: ChangeKind, in area: SpecArea, before: Side?, after: Side?) {
    self.kind = kind
    self.area = area
    self.before = before
    self.after = after
  }

  /// Where it is now, or was.
  public var path: String { after?.path ?? before?.path ?? "" }
}
