import CKernels

/// Mean and deviation of the groups of a feature's values, taken up clip by clip. The order of the clips is the order of the sums, and
/// so decides their last bits.
struct FeatureMoments {
  /// Values a group.
  private(set) var count = 0.0
  private(set) var mean: [Double]
  /// Sums of squared distances from the mean.
  private(set) var squares: [Double]

  /// Nothing yet, for `groups` groups.
  init(groups: Int) {
    mean = Array(repeating: 0, count: groups)
    squares = mean
  }

  /// Those of one clip's values: groups of `width` neighbours.
  init(of values: [Float], groups: Int, width: Int) {
    self.init(groups: groups)
    count = Double(width)
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for group in 0..<groups { audio_moments(base + group * width, width, &mean[group], &squares[group]) }
    }
  }

  /// Takes up those of another clip (Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample
  /// variances", equation 2.1).
  mutating func add(_ other: FeatureMoments) {
    let sum = count + other.count
    guard sum > 0 else { return }
    for group in mean.indices {
      let difference = other.mean[group] - mean[group]
      mean[group] += difference * other.count / sum
      squares[group] += other.squares[group] + difference * difference * count * other.count / sum
    }
    count = sum
  }
}
