import Audio
import Diagnostics
import Spec

/// `statistics`: what each row is like over time.
struct Statistics: MatrixStep {
  private static let words: [(name: String, statistic: RowStatistic)] = [
    ("mean", .mean), ("std", .deviation), ("min", .minimum), ("max", .maximum), ("median", .median),
    ("skewness", .skewness), ("kurtosis", .kurtosis),
  ]

  static let kind = Kind(
    "statistics", summary: "Statistics of each row over the frames, as a sequence of one channel.",
    formula: """
      y = [mean of row 1, mean of row 2, ..., std of row 1, ...]: the statistics in the order of `of`, then the percentiles. std divides by T;
      skewness and kurtosis (0 for a Gaussian) are SciPy's, 0 where a row is flat; percentiles interpolate linearly, as NumPy's.
      [rows, T] -> [1, rows n].
      """,
    example: "[mfcc: {n_mfcc: 13}, statistics: {of: [mean, std, skewness], percentiles: [5, 95]}]",
    table: FieldTable(
      [
        Field(
          "of", .list(.choice(words.map(\.name))),
          default: .value(.list([FieldValue(standard: .string("mean")), FieldValue(standard: .string("std"))])),
          doc: "The statistics, in the order in which they stand in the result."),
        Field(
          "percentiles", .list(.number(min: 0, max: 100)), default: .value(.list([])),
          doc: "Percentiles to add behind them: 50 is the median."),
      ], primary: "of"))

  private let statistics: [RowStatistic]
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    let (rows, _) = try Self.requireFrames(input, at: step)
    let named = step.values.strings("of").compactMap { name in Self.words.first { $0.name == name }?.statistic }
    statistics = named + step.values.numbers("percentiles").map { .percentile($0) }
    guard !statistics.isEmpty else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.empty", .error, "statistics names none", detail: "Name at least one, such as mean.", at: step.span)
      ])
    }
    output = .vector(count: rows * statistics.count)
  }

  /// What it makes of a frame depends on how many there are.
  var silenceMargin: Int? { nil }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix {
    FeatureMatrix(rows: 1, frames: matrix.rows * statistics.count, values: matrix.statistics(statistics))
  }
}
