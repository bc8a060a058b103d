/// What a row of values is like over time.
public enum RowStatistic: Hashable, Sendable {
  case mean
  /// sqrt(Σ(x - mean)² / T): NumPy's `std`.
  case deviation
  case minimum
  case maximum
  case median
  /// m3 / m2^1.5 of the central moments (SciPy's `skew`); 0 where all values are the same.
  case skewness
  /// m4 / m2² - 3 (SciPy's `kurtosis`); 0 where all values are the same.
  case kurtosis
  /// The value below which so many per cent lie, interpolated linearly (NumPy's `percentile`).
  case percentile(Double)

  /// The statistic of `values`, which are not empty.
  public func callAsFunction(_ values: some Collection<Float>) -> Float {
    switch self {
    case .mean: Float(Self.average(values))
    case .deviation: Float(Self.moment(2, of: values).squareRoot())
    case .minimum: values.min() ?? 0
    case .maximum: values.max() ?? 0
    case .median: Self.quantile(0.5, of: values)
    case .percentile(let share): Self.quantile(share / 100, of: values)
    case .skewness: Self.ratio(of: values) { Self.moment(3, of: values) / ($0 * $0.squareRoot()) }
    case .kurtosis: Self.ratio(of: values) { Self.moment(4, of: values) / ($0 * $0) - 3 }
    }
  }

  private static func average(_ values: some Collection<Float>) -> Double {
    values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  private static func moment(_ order: Int, of values: some Collection<Float>) -> Double {
    let centre = average(values)
    return values.reduce(0) { sum, value in
      let distance = Double(value) - centre
      return sum + (0..<order).reduce(1) { product, _ in product * distance }
    } / Double(values.count)
  }

  private static func ratio(of values: some Collection<Float>, _ body: (Double) -> Double) -> Float {
    let variance = moment(2, of: values)
    // Rounding leaves such a variance where all values are the same.
    let limit = (1e-7 * average(values)) * (1e-7 * average(values))
    return variance > max(limit, .leastNormalMagnitude) ? Float(body(variance)) : 0
  }

  private static func quantile(_ share: Double, of values: some Collection<Float>) -> Float {
    let sorted = values.sorted()
    let position = share * Double(sorted.count - 1)
    let below = min(max(0, Int(position)), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    let weight = Float(position - Double(below))
    return sorted[below] + weight * (sorted[above] - sorted[below])
  }
}

extension FeatureMatrix {
  /// For each statistic in turn its value of every row.
  public func statistics(_ statistics: [RowStatistic]) -> [Float] {
    statistics.flatMap { statistic in (0..<rows).map { statistic(row($0)) } }
  }
}
