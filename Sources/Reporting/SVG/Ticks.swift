import Foundation

/// The marks of an axis: multiples of 1, 2 or 5 times a power of ten, and how they are written.
package struct Ticks {
  package let values: [Double]
  /// As many as `values`.
  package let labels: [String]
  /// What every label is to be multiplied by, as `×10⁻³`; nil where they stand for themselves.
  package let factor: String?

  /// Marks within `lower`...`upper`.
  ///
  /// - Parameters:
  ///   - count: no more than about so many, and seldom less than a third of it.
  ///   - wholeNumbers: no marks between whole numbers.
  ///   - percent: label 0.25 as `25%`.
  package init(from lower: Double, to upper: Double, count: Int, wholeNumbers: Bool = false, percent: Bool = false) {
    var step = Self.step(for: upper - lower, count: count)
    if wholeNumbers { step = max(1, step) }
    // A little slack, for bounds that are themselves multiples but for rounding.
    let first = (lower / step - 1e-9).rounded(.up)
    let last = (upper / step + 1e-9).rounded(.down)
    // Where neighbouring numbers are further apart than marks would be, there are none.
    let isExact = abs(first) < 1e15 && abs(last) < 1e15 && last >= first
    let values = isExact ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    self.values = values
    if percent {
      let decimals = Self.decimals(of: step * 100)
      labels = values.map { Self.fixed($0 * 100, decimals) + "%" }
      factor = nil
      return
    }
    let largest = values.map(abs).max() ?? 0
    let exponent = largest > 0 ? Int(log10(largest).rounded(.down)) : 0
    if largest > 0, exponent < -2 || exponent > 4 {
      let scale = pow(10, Double(exponent))
      let decimals = Self.decimals(of: step / scale)
      labels = values.map { Self.fixed($0 / scale, decimals) }
      factor = "×10" + Self.superscript(exponent)
    } else {
      let decimals = Self.decimals(of: step)
      labels = values.map { Self.fixed($0, decimals) }
      factor = nil
    }
  }

  /// The smallest of 1, 2 and 5 times a power of ten that parts `span` into no more than `count`.
  private static func step(for span: Double, count: Int) -> Double {
    let raw = span / Double(count)
    guard raw > 0, raw.isFinite else { return 1 }
    let power = pow(10, log10(raw).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= raw * (1 - 1e-9) { return factor * power }
    return 10 * power
  }

  private static func decimals(of step: Double) -> Int {
    step > 0 ? min(12, max(0, -Int((log10(step) + 1e-9).rounded(.down)))) : 0
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    // No `-0`.
    String(format: "%.\(decimals)f", value == 0 ? 0 : value)
  }

  /// `10⁻³`
  static func power(_ exponent: Int) -> String { exponent == 0 ? "1" : "10" + superscript(exponent) }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (number < 0 ? "⁻" : "") + String(String(abs(number)).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}
