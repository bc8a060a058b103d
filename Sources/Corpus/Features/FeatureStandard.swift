/// What `standardize` does to the values of one feature, fitted on the training clips of a run.
public struct FeatureStandard: Sendable, Equatable {
  /// The feature's name.
  public let feature: String
  /// `frames`, `clips` or `all`.
  public let over: String
  /// Subtracted, a value a group.
  public let mean: [Float]
  /// Divided by afterwards, a value a group.
  public let scale: [Float]

  public init(feature: String, over: String, mean: [Float], scale: [Float]) {
    (self.feature, self.over, self.mean, self.scale) = (feature, over, mean, scale)
  }

  /// The standard that `moments` give.
  init(_ moments: FeatureMoments, of step: Standardize, feature: String) {
    let count = moments.count
    let scale = zip(moments.mean, moments.squares).map { mean, squares in
      let variance = count > 0 ? squares / count : 0
      // What rounding alone can make of equal values, as scikit-learn has it.
      let bound = count * variance * .ulpOfOne + (count * mean * .ulpOfOne) * (count * mean * .ulpOfOne)
      return variance <= bound ? Float(1) : Float(variance.squareRoot())
    }
    self.init(
      feature: feature, over: step.over.rawValue,
      mean: step.withMean ? moments.mean.map { Float($0) } : moments.mean.map { _ in 0 },
      scale: step.withDeviation ? scale : scale.map { _ in 1 })
  }

  /// Standardizes the values of one clip.
  func apply(to values: UnsafeMutableBufferPointer<Float>) {
    let width = values.count / max(1, mean.count)
    for group in mean.indices {
      let (mean, scale) = (mean[group], scale[group])
      for index in group * width..<(group + 1) * width { values[index] = (values[index] - mean) / scale }
    }
  }
}
