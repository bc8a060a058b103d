import Audio
import CKernels
import Diagnostics
import Spec

/// `standardize`: mean 0 and deviation 1 over the training set.
///
/// Its values come from the training clips, so that it is no part of what can be computed clip by clip: a feature ends with it, and it
/// is applied when a batch is made.
struct Standardize: FeatureStep {
  static let kind = Kind(
    "standardize",
    summary:
      "Shifts and scales a feature to mean 0 and deviation 1 over the training clips, as scikit-learn's StandardScaler does.",
    formula: """
      y = (x - mean) / scale, scale = sqrt(sum (x - mean)^2 / n), or 1 where all x are the same. Mean and scale are fitted on the split's
      training clips alone, each of its own length, and kept with the run. It is the last step of a feature. The shape stays.
      """,
    example: "- standardize: {over: frames}",
    table: FieldTable(
      [
        Field(
          "over", .choice(Over.allCases.map(\.rawValue)), default: .value(.string(Over.frames.rawValue)),
          doc:
            "What shares a mean: `frames`, all frames of a row (of an image: its columns; of a vector: nothing); `clips`, nothing within a clip; `all`, every value."
        ),
        Field("with_mean", .boolean, default: .value(.boolean(true)), doc: "Whether to subtract the mean."),
        Field("with_std", .boolean, default: .value(.boolean(true)), doc: "Whether to divide by the deviation."),
      ], primary: "over"))

  /// What the clips' values of one mean have in common.
  enum Over: String, CaseIterable { case frames, clips, all }

  let over: Over
  let withMean: Bool
  let withDeviation: Bool
  let output: FeatureType
  /// The step as canonical text.
  let text: [String]

  /// The last step of a feature whose other steps give `input`.
  ///
  /// Throws `feature.standardize_open` where each value has a mean of its own but the number of values depends on the batch.
  init(_ step: Step, of input: FeatureType, hasFixedLength: Bool) throws {
    over = Over(rawValue: step.values.string("over")) ?? .frames
    withMean = step.values.boolean("with_mean")
    withDeviation = step.values.boolean("with_std")
    output = input
    text = ChainText.lines(step, at: "standardize")
    if case .frames = input, over == .clips, !hasFixedLength {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.standardize_open",
          "standardize over clips needs a fixed number of frames, found \(input.description)",
          detail:
            "Each value would have its own mean. Use `over: frames` or `length: {policy: fixed, ...}`, or resize before it.",
          at: step.span)
      ])
    }
  }

  /// Throws `feature.standardize_last`: asked for in any place but the last of a feature.
  init(_ step: Step, input: FeatureType, rate: Int) throws {
    throw DiagnosticFailure([
      Diagnostic(
        "feature.standardize_last", "standardize must be the last step of a feature",
        detail: """
          Its mean and deviation come from the training clips, after all that is computed of a clip alone. Move it to the end of the \
          feature, out of stacks and chains.
          """, at: step.span)
    ])
  }

  /// Its values are changed when a batch is made.
  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue { input }

  var silenceMargin: Int? { 0 }

  /// How values of the shape `sizes` fall into groups of one mean: `count` groups of `width` neighbours.
  func groups(of sizes: [Int]) -> (count: Int, width: Int) {
    let count = sizes.reduce(1, *)
    switch over {
    case .all: return (1, count)
    case .clips: return (count, 1)
    case .frames:
      if case .vector = output { return (count, 1) }
      let width = max(1, sizes.last ?? 1)
      return (count / width, width)
    }
  }
}

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
