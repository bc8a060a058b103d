import Audio
import Spec

/// `mean_over_time`: one value for each row.
struct MeanOverTime: MatrixStep {
  static let kind = Kind(
    "mean_over_time", summary: "The mean of each row over the frames, as a sequence of one channel.",
    formula: "y[r] = sum over t of x[r, t] / T. [rows, T] -> [1, rows].", example: "- mean_over_time",
    table: FieldTable([]))

  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    let (rows, _) = try Self.requireFrames(input, at: step)
    output = .vector(count: rows)
  }

  /// What it makes of a frame depends on how many there are.
  var silenceMargin: Int? { nil }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    FeatureMatrix(rows: 1, frames: matrix.rows, values: matrix.meanOverTime)
  }
}
