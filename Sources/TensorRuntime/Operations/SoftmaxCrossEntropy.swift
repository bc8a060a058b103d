/// Softmax and cross entropy, the mean over the batch: `-1/N sum over n of log softmax(logits[n])[label[n]]`, with its gradient.
public struct SoftmaxCrossEntropy: Sendable {
  public let batch: Int
  public let classes: Int

  public init(batch: Int, classes: Int) {
    self.batch = batch
    self.classes = classes
  }

  /// Writes the mean loss and `gradient` [batch, classes], the loss's gradient by `logits` [batch, classes]. Labels are in 0..<classes.
  public func forwardBackward(
    logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, lossOut: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) {}

  /// Writes `probabilities` [batch, classes] and returns the mean loss.
  public func forward(
    logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, probabilities: UnsafeMutablePointer<Float>
  ) -> Float { 0 }

  /// Writes `probabilities` [batch, classes] of logits without labels.
  public func probabilities(logits: UnsafePointer<Float>, probabilities: UnsafeMutablePointer<Float>) {}
}
