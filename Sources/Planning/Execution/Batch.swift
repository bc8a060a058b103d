import TensorRuntime

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
  /// The second class of each clip and the share of its own one, where clips were mixed.
  public let mixture: LabelMixture?

  /// Two classes a clip: the loss is `shares` times that of the clip's label, and the rest that of the other one.
  public struct LabelMixture: Sendable {
    public let labels: [Int32]
    public let shares: [Float]

    public init(labels: [Int32], shares: [Float]) {
      (self.labels, self.shares) = (labels, shares)
    }
  }

  public init(
    shapes: [[Int]], features: [[Float]], lengths: [[Int]] = [], labels: [Int32], mixture: LabelMixture? = nil
  ) {
    count = labels.count
    self.mixture = mixture
    self.shapes = shapes
    self.features = features
    self.lengths = lengths
    self.labels = labels
    precondition(
      zip(shapes, features).allSatisfy { $0.reduce(labels.count, *) == $1.count },
      "features have the size of their shapes")
    precondition(
      mixture.map { $0.labels.count == labels.count && $0.shares.count == labels.count } ?? true,
      "a mixture has a label and a share for each clip")
  }
}

extension Batch {
  /// Calls `body` with the mixture as losses take it.
  func withMixture<Result>(_ body: (SoftmaxCrossEntropy.OtherLabels?) -> Result) -> Result {
    guard let mixture else { return body(nil) }
    return mixture.labels.withUnsafeBufferPointer { labels in
      mixture.shares.withUnsafeBufferPointer { shares in
        guard let labels = labels.baseAddress, let shares = shares.baseAddress else { return body(nil) }
        return body(SoftmaxCrossEntropy.OtherLabels(labels: labels, shares: shares))
      }
    }
  }
}
