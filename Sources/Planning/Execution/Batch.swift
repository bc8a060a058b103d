/// The features and labels of some clips, ready for the executor.
public struct Batch: Sendable {
  /// The number of clips.
  public let count: Int
  /// The features' shapes without the batch axis, in the order of the graph's inputs.
  public let shapes: [[Int]]
  /// For each input the values of all clips, one clip behind the other, each row-major in PyTorch's order.
  public let features: [[Float]]
  /// For each masked input of the graph, in its order, how many positions of the last axis belong to each clip.
  public let lengths: [[Int]]
  /// Class indices, one a clip.
  public let labels: [Int32]

  public init(shapes: [[Int]], features: [[Float]], lengths: [[Int]] = [], labels: [Int32]) {
    count = labels.count
    self.shapes = shapes
    self.features = features
    self.lengths = lengths
    self.labels = labels
    precondition(
      zip(shapes, features).allSatisfy { $0.reduce(labels.count, *) == $1.count },
      "features have the size of their shapes")
  }
}
