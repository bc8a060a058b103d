import Foundation

/// McNemar's test of two classifiers on the same clips: whether one is right more often where just one of them is
/// (Q. McNemar, "Note on the sampling error of the difference between correlated proportions", Psychometrika 12, 1947).
///
/// Under the null hypothesis the `n` clips that just one of them has right fall to either side like a fair coin. It takes clips as
/// independent of each other.
public struct McNemarTest: Hashable, Sendable {
  /// Clips that the first has right and the second wrong.
  public let onlyFirst: Int
  /// Clips that the second has right and the first wrong.
  public let onlySecond: Int

  public init(onlyFirst: Int, onlySecond: Int) {
    precondition(onlyFirst >= 0 && onlySecond >= 0, "counts are not negative")
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// Counts from predictions of both on the clips of classes `truth`.
  public init(truth: [Int], first: [Int], second: [Int]) {
    precondition(truth.count == first.count && truth.count == second.count, "both have a prediction for every clip")
    var counts = (0, 0)
    for index in truth.indices {
      let (a, b) = (first[index] == truth[index], second[index] == truth[index])
      if a && !b { counts.0 += 1 }
      if b && !a { counts.1 += 1 }
    }
    self.init(onlyFirst: counts.0, onlySecond: counts.1)
  }

  /// The two-sided p-value of the exact binomial test: twice the smaller tail, at most 1. Conservative.
  public var exact: Double { min(1, 2 * tail.cumulative) }

  /// The two-sided mid-p-value, which counts the observed outcome half: close to its nominal level where the exact test is too careful
  /// (M. W. Fagerland, S. Lydersen, P. Laake, "The McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13:91, 2013).
  public var midP: Double { min(1, 2 * tail.cumulative - tail.point) }

  /// P(X <= k) and P(X = k) of X ~ Binomial(n, 1/2) with k the smaller count.
  private var tail: (cumulative: Double, point: Double) {
    let (n, k) = (onlyFirst + onlySecond, min(onlyFirst, onlySecond))
    func log(ways count: Int) -> Double {
      lgamma(Double(n) + 1) - lgamma(Double(count) + 1) - lgamma(Double(n - count) + 1) - Double(n) * M_LN2
    }
    // The largest term is the last: with it out of the sum nothing vanishes that counts.
    let last = log(ways: k)
    var sum = 0.0
    for count in stride(from: k, through: 0, by: -1) {
      let term = exp(log(ways: count) - last)
      sum += term
      if term < 1e-18 * sum { break }
    }
    return (min(1, exp(last) * sum), exp(last))
  }
}

/// Adjusts the p-values of several tests so that the chance of any false alarm stays at the level of one
/// (S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979).
public func holmAdjusted(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var adjusted = values
  var largest = 0.0
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, values[index] * Double(values.count - rank)))
    adjusted[index] = largest
  }
  return adjusted
}
