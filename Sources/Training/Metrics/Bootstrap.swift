import Foundation
import TensorRuntime

/// Draws test sets again from a test set, to see how far its figures would spread over other clips
/// (B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979; the cluster bootstrap as in
/// A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).
///
/// A draw takes as many units as there are, with replacement. Units are clips, or speakers with all their clips: clips of one speaker are alike, so
/// that drawing clips alone would promise too narrow an interval. All classifiers see the same draws, so differences are paired.
public struct Bootstrap: Sendable {
  /// The figures that are drawn, by the names of `ClassificationMetrics`.
  public static let figureNames = ["accuracy", "uar", "f1_weighted", "f1_macro", "precision_weighted"]

  public let draws: Int
  /// How many units there are: speakers, or clips.
  public let units: Int
  private let truth: [Int]
  private let classes: Int
  private let seed: UInt64
  /// How often each clip is in each draw: [draws, clips].
  private let weights: [UInt16]

  /// - Parameters:
  ///   - truth: the class of each clip, in 0..<`classes`.
  ///   - groups: the unit of each clip as any number; nil takes each clip by itself.
  ///   - draws: how many sets to draw.
  ///   - seed: the same one gives the same draws.
  public init(truth: [Int], classes: Int, groups: [Int]? = nil, draws: Int = 2000, seed: UInt64 = 0) {
    precondition(draws > 0 && classes > 0, "there is something to draw")
    precondition(groups.map { $0.count == truth.count } ?? true, "every clip has a unit")
    self.truth = truth
    self.classes = classes
    self.draws = draws
    self.seed = seed
    var numbers: [Int: Int] = [:]
    let unit = (groups ?? Array(truth.indices)).map { group -> Int in
      let number = numbers[group] ?? numbers.count
      numbers[group] = number
      return number
    }
    units = numbers.count
    var cursor = RandomCursor(RandomStream(RandomKey(seed: seed).child("bootstrap")))
    var weights = [UInt16](repeating: 0, count: draws * truth.count)
    var drawn = [UInt16](repeating: 0, count: units)
    for draw in 0..<draws where units > 0 {
      for index in 0..<units { drawn[index] = 0 }
      for _ in 0..<units { drawn[cursor.below(units)] &+= 1 }
      for clip in truth.indices { weights[draw * truth.count + clip] = drawn[unit[clip]] }
    }
    self.weights = weights
  }

  /// The figures of each draw, a list for each of `figureNames`: the mean over the runs of one experiment.
  ///
  /// - Parameters:
  ///   - runs: the predictions of each run, as many as there are clips.
  ///   - name: experiments of other names draw other seeds.
  /// Where there are several runs, each draw takes as many with replacement, so that the spread over seeds counts, too.
  public func samples(_ runs: [[Int]], name: String = "") -> [[Double]] {
    precondition(runs.allSatisfy { $0.count == truth.count }, "every clip has a prediction")
    let count = Self.figureNames.count
    var perRun: [[Double]] = runs.map(figures)
    if perRun.count == 1 { return (0..<count).map { figure in strided(perRun[0], figure, count) } }
    var cursor = RandomCursor(RandomStream(RandomKey(seed: seed).child("runs").child(name)))
    var means = [Double](repeating: 0, count: draws * count)
    for draw in 0..<draws {
      for _ in runs.indices {
        let chosen = cursor.below(runs.count)
        for figure in 0..<count { means[draw * count + figure] += perRun[chosen][draw * count + figure] }
      }
    }
    perRun = [means.map { $0 / Double(runs.count) }]
    return (0..<count).map { figure in strided(perRun[0], figure, count) }
  }

  private func strided(_ values: [Double], _ first: Int, _ step: Int) -> [Double] {
    stride(from: first, to: values.count, by: step).map { values[$0] }
  }

  /// [draws, figures] of one run.
  private func figures(_ predictions: [Int]) -> [Double] {
    let cells = zip(truth, predictions).map { $0 * classes + $1 }
    var counts = [Int](repeating: 0, count: classes * classes)
    var result: [Double] = []
    result.reserveCapacity(draws * Self.figureNames.count)
    for draw in 0..<draws {
      for index in counts.indices { counts[index] = 0 }
      let start = draw * truth.count
      for clip in cells.indices { counts[cells[clip]] += Int(weights[start + clip]) }
      appendFigures(of: counts, to: &result)
    }
    return result
  }

  /// What `ClassificationMetrics` computes, without its lists: this runs many thousand times.
  private func appendFigures(of counts: [Int], to result: inout [Double]) {
    var (total, correct, present, occurring) = (0, 0, 0, 0)
    var (recalls, f1Weighted, f1Sum, precisionWeighted) = (0.0, 0.0, 0.0, 0.0)
    for label in 0..<classes {
      var (support, predicted) = (0, 0)
      for other in 0..<classes {
        support += counts[label * classes + other]
        predicted += counts[other * classes + label]
      }
      let hits = counts[label * classes + label]
      total += support
      correct += hits
      if support > 0 {
        present += 1
        recalls += Double(hits) / Double(support)
      }
      guard support + predicted > 0 else { continue }
      occurring += 1
      let f1 = Double(2 * hits) / Double(support + predicted)
      f1Sum += f1
      f1Weighted += f1 * Double(support)
      if predicted > 0 { precisionWeighted += Double(hits) / Double(predicted) * Double(support) }
    }
    result.append(Double(correct) / Double(total))
    result.append(recalls / Double(present))
    result.append(f1Weighted / Double(total))
    result.append(f1Sum / Double(occurring))
    result.append(precisionWeighted / Double(total))
  }

  /// The value below which the share `share` of `values` lies, linear between neighbours (definition 7 of R. J. Hyndman and Y. Fan, "Sample
  /// quantiles in statistical packages", The American Statistician 50, 1996; NumPy's default). NaN for no values, or where one is NaN.
  public static func quantile(_ values: [Double], _ share: Double) -> Double {
    if values.isEmpty || values.contains(where: \.isNaN) { return .nan }
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let below = min(sorted.count - 1, max(0, Int(place)))
    let above = min(sorted.count - 1, below + 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }

  /// The percentile interval that holds the share `level` of `values`.
  public static func interval(_ values: [Double], level: Double = 0.95) -> Interval {
    Interval(lower: quantile(values, (1 - level) / 2), upper: quantile(values, (1 + level) / 2))
  }
}

/// From `lower` to `upper`, both included.
public struct Interval: Hashable, Sendable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
