/// Quantiles as NumPy's: linear between the neighbouring order statistics.
public enum Quantiles {
  /// The quantile at `share` of `sorted`, which rises; nil where it is empty.
  public static func value(_ share: Double, _ sorted: [Double]) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    let place = share * Double(last)
    let lower = min(last, max(0, Int(place)))
    let upper = min(last, lower + 1)
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (place - Double(lower))
  }
}
