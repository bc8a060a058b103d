/// Softmax and cross entropy, the mean over the batch: `-1/N sum over n of log softmax(logits[n])[label[n]]`, with its
/// gradient.
public struct SoftmaxCrossEntropy: Sendable {
  public let batch: Int
  public let classes: Int

  public init(batch: Int, classes: Int) {
    self.batch = batch
    self.classes = classes
  }

  /// Second labels, where each sample is of two classes: its loss is `share` times that of its own label, and the rest that of the
  /// other. One label and share a sample.
  public struct OtherLabels {
    let labels: UnsafePointer<Int32>
    let shares: UnsafePointer<Float>

    public init(labels: UnsafePointer<Int32>, shares: UnsafePointer<Float>) {
      (self.labels, self.shares) = (labels, shares)
    }
  }

  /// Writes the mean loss and `gradient` [batch, classes], the loss's gradient by `logits` [batch, classes]. Labels are
  /// in 0..<classes.
  public func forwardBackward(
    logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, mixedWith others: OtherLabels? = nil,
    lossOut: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>
  ) {
    lossOut.pointee = forward(logits: logits, labels: labels, mixedWith: others, probabilities: gradient)
    let share = 1 / Float(batch)
    for sample in 0..<batch {
      let row = gradient + sample * classes
      if let others {
        row[Int(labels[sample])] -= others.shares[sample]
        row[Int(others.labels[sample])] -= 1 - others.shares[sample]
      } else {
        row[Int(labels[sample])] -= 1
      }
      for index in 0..<classes { row[index] *= share }
    }
  }

  /// Writes `probabilities` [batch, classes] and returns the mean loss.
  public func forward(
    logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>, mixedWith others: OtherLabels? = nil,
    probabilities: UnsafeMutablePointer<Float>
  ) -> Float {
    var loss = 0.0
    for sample in 0..<batch {
      let row = logits + sample * classes
      let logSum = Kernels.table.softmax(classes, row, probabilities + sample * classes)
      loss += Double(logSum)
      if let others {
        let share = Double(others.shares[sample])
        loss -= share * Double(row[Int(labels[sample])]) + (1 - share) * Double(row[Int(others.labels[sample])])
      } else {
        loss -= Double(row[Int(labels[sample])])
      }
    }
    return Float(loss / Double(batch))
  }

  /// Writes `probabilities` [batch, classes] of logits without labels.
  public func probabilities(logits: UnsafePointer<Float>, probabilities: UnsafeMutablePointer<Float>) {
    for sample in 0..<batch {
      _ = Kernels.table.softmax(classes, logits + sample * classes, probabilities + sample * classes)
    }
  }
}
