import Glibc

/// What a classifier's training makes smaller, as a function of its logits: cross entropy as
/// `torch.nn.CrossEntropyLoss`, or the focal loss of Lin, Goyal, Girshick, He, Dollár 2017.
///
/// With p = softmax(z), the class weights w (all 1 without), and N samples:
/// - cross entropy, with label smoothing e over C classes:
///   `sum over n of ((1 - e) * w[y_n] * -log p[n, y_n] + e / C * sum over c of w[c] * -log p[n, c]) / sum over n of w[y_n]`
/// - focal: `1 / N * sum over n of w[y_n] * (1 - p[n, y_n])^gamma * -log p[n, y_n]`
///
/// A sample of two labels, one with share s, counts as s samples of the one and 1 - s of the other, also in the divisor.
public struct ClassificationLoss: Hashable, Sendable {
  public enum Form: Hashable, Sendable {
    case crossEntropy(labelSmoothing: Double)
    case focal(gamma: Double)
  }

  public let form: Form
  /// One a class; nil where all are 1.
  public let weights: [Double]?

  public init(_ form: Form, weights: [Double]? = nil) {
    self.form = form
    self.weights = weights
  }

  /// Cross entropy without smoothing and weights.
  public static let crossEntropy = ClassificationLoss(.crossEntropy(labelSmoothing: 0))

  /// Writes `gradient` [batch, classes], the loss's gradient by `logits` [batch, classes], and returns the loss. Labels are in
  /// 0..<classes.
  public func forwardBackward(
    batch: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    mixedWith others: SoftmaxCrossEntropy.OtherLabels? = nil, gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    let softmax = SoftmaxCrossEntropy(batch: batch, classes: classes)
    guard self != .crossEntropy else {
      var loss: Float = 0
      softmax.forwardBackward(
        logits: logits, labels: labels, mixedWith: others, lossOut: &loss, gradient: gradient)
      return loss
    }
    return weighted(softmax, logits, labels, others, probabilities: gradient, differentiate: true)
  }

  /// Writes `probabilities` [batch, classes] and returns the loss.
  public func forward(
    batch: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
    probabilities: UnsafeMutablePointer<Float>
  ) -> Float {
    let softmax = SoftmaxCrossEntropy(batch: batch, classes: classes)
    guard self != .crossEntropy else {
      return softmax.forward(logits: logits, labels: labels, probabilities: probabilities)
    }
    return weighted(softmax, logits, labels, nil, probabilities: probabilities, differentiate: false)
  }

  /// The loss; `probabilities` are left there, or the gradient in their place. In double precision: a batch has few logits.
  private func weighted(
    _ softmax: SoftmaxCrossEntropy, _ logits: UnsafePointer<Float>, _ labels: UnsafePointer<Int32>,
    _ others: SoftmaxCrossEntropy.OtherLabels?, probabilities: UnsafeMutablePointer<Float>, differentiate: Bool
  ) -> Float {
    let classes = softmax.classes
    let divisor = divisor(softmax.batch, labels, others)
    var loss = 0.0
    var row = [Double](repeating: 0, count: classes)
    for sample in 0..<softmax.batch {
      let values = logits + sample * classes
      let out = probabilities + sample * classes
      let logSum = Double(Kernels.table.softmax(classes, values, out))
      for index in 0..<classes { row[index] = 0 }
      let targets = SoftmaxCrossEntropy.targets(of: sample, labels, others)
      for (label, share) in targets where share > 0 {
        loss += share * term(label, classes, values, logSum, share: share, gradient: &row)
      }
      if differentiate { for index in 0..<classes { out[index] = Float(row[index] / divisor) } }
    }
    return Float(loss / divisor)
  }

  /// What the mean divides by.
  private func divisor(
    _ batch: Int, _ labels: UnsafePointer<Int32>, _ others: SoftmaxCrossEntropy.OtherLabels?
  ) -> Double {
    guard case .crossEntropy = form, let weights else { return Double(batch) }
    return (0..<batch).reduce(0) { sum, sample in
      SoftmaxCrossEntropy.targets(of: sample, labels, others).reduce(sum) { $0 + $1.share * weights[$1.label] }
    }
  }

  /// The loss of one sample as one of class `label`; adds `share` times its gradient.
  private func term(
    _ label: Int, _ classes: Int, _ logits: UnsafePointer<Float>, _ logSum: Double, share: Double,
    gradient: inout [Double]
  ) -> Double {
    func logProbability(_ index: Int) -> Double { min(0, Double(logits[index]) - logSum) }
    func weight(_ index: Int) -> Double { weights?[index] ?? 1 }
    switch form {
    case .crossEntropy(let smoothing):
      // -sum of a[c] log p[c] has the gradient p[k] sum of a - a[k].
      var (loss, sum) = (0.0, 0.0)
      for index in 0..<classes {
        let own = index == label ? (1 - smoothing) * weight(label) : 0
        let share = own + smoothing / Double(classes) * weight(index)
        if share > 0 { loss -= share * logProbability(index) }
        sum += share
      }
      for index in 0..<classes {
        let own = index == label ? (1 - smoothing) * weight(label) : 0
        let part = own + smoothing / Double(classes) * weight(index)
        gradient[index] += share * (exp(logProbability(index)) * sum - part)
      }
      return loss
    case .focal(let gamma):
      let log = logProbability(label)
      let probability = exp(log)
      let rest = -expm1(log)
      let factor = pow(rest, gamma)
      // By log p: w (gamma p (1 - p)^(gamma - 1) log p - (1 - p)^gamma); both terms vanish where p is 1 and gamma above 0.
      let steep = rest > 0 && gamma > 0 ? gamma * probability * factor / rest * log : 0
      let slope = share * weight(label) * (steep - factor)
      for index in 0..<classes {
        gradient[index] += slope * ((index == label ? 1 : 0) - exp(logProbability(index)))
      }
      return -weight(label) * factor * log
    }
  }
}

extension SoftmaxCrossEntropy {
  /// The classes that a sample is of, with their shares.
  static func targets(
    of sample: Int, _ labels: UnsafePointer<Int32>, _ others: OtherLabels?
  ) -> [(label: Int, share: Double)] {
    guard let others else { return [(Int(labels[sample]), 1)] }
    let share = Double(others.shares[sample])
    return [(Int(labels[sample]), share), (Int(others.labels[sample]), 1 - share)]
  }
}
