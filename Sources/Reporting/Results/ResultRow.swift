import Foundation
import Training

/// One experiment of a comparison: runs whose specs differ in the seed alone.
public struct ResultRow: Sendable {
  /// A figure over the runs.
  public struct Figure: Sendable {
    public let name: String
    public let mean: Double
    /// Of a sample (divided by n - 1); nil for one run.
    public let deviation: Double?
    /// Percentile bootstrap over clips or speakers, and over the runs where there are several; nil where their test sets differ.
    public var interval: Interval?
  }

  /// How the row stands against the baseline.
  public struct Test: Sendable {
    /// The row minus the baseline.
    public let accuracyDifference: Double
    /// Intervals of the paired differences, by figure name.
    public let differences: [(name: String, value: Double, interval: Interval)]
    /// Of one run of each, of the same seed where there is one.
    public let mcNemar: McNemarTest
    /// The seeds of these two runs.
    public let seeds: (row: Int, baseline: Int)
    /// The mid-p-value, adjusted for the number of rows that are tested.
    public var adjusted: Double

    /// Whether the difference could be chance: the interval of the accuracy's difference holds 0, or McNemar's test finds none at 5%.
    public var isWithinNoise: Bool {
      adjusted >= 0.05 || (differences.first { $0.name == "accuracy" }?.interval.contains(0) ?? true)
    }
  }

  public enum Standing: Sendable {
    case baseline
    case tested(Test)
    /// The test sets differ, so that nothing can be tested.
    case otherClips
  }

  /// By seed.
  public let runs: [RunRecord]
  /// What the experiment is called: its model, and what sets it apart from the others.
  public internal(set) var title = ""
  /// The name of its model.
  public internal(set) var model = ""
  /// A value for each of the comparison's factors.
  public internal(set) var settings: [String] = []
  public internal(set) var figures: [Figure] = []
  public internal(set) var standing = Standing.otherClips
  /// What its spec says otherwise than the baseline's, a line each.
  public internal(set) var specDifferences: [String] = []

  /// The names of figures in tables, in their order.
  public static let figureNames = ["accuracy", "uar", "f1_weighted", "f1_macro", "precision_weighted"]

  init(_ runs: [RunRecord]) {
    self.runs = runs.sorted { ($0.seed, $0.path) < ($1.seed, $1.path) }
    figures = Self.figureNames.map { name in
      let values = runs.map { $0.test.figure(name) ?? .nan }
      return Figure(name: name, mean: mean(values), deviation: deviation(values), interval: nil)
    }
  }

  /// The first run: all of them have its spec but for the seed.
  public var first: RunRecord { runs[0] }

  public func figure(_ name: String) -> Figure? { figures.first { $0.name == name } }

  var accuracy: Double { figures[0].mean }

  /// The sum of the runs' confusion matrices.
  public var confusion: ConfusionMatrix {
    ConfusionMatrix(
      classes: first.classNames.count, truth: runs.flatMap(\.predictions.truth),
      predictions: runs.flatMap(\.predictions.predictions))
  }
}

/// NaN for no values.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The standard deviation of a sample; nil for fewer than two values.
func deviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let middle = mean(values)
  return (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)).squareRoot()
}
