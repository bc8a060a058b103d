import Planning
import TensorRuntime

/// How the values of one tensor are spread: counts in bins of equal width from the least to the greatest. Values that are no numbers are
/// left out.
package struct TensorHistogram: Sendable, Equatable {
  package let name: String
  package let minimum: Double
  package let maximum: Double
  package let sum: Double
  package let squareSum: Double
  /// The upper ends of the bins.
  package let limits: [Double]
  package let counts: [Double]

  static let bins = 64

  /// nil where there is no finite value.
  package init?(_ name: String, _ values: some Sequence<Float>) {
    var (low, high) = (Float.infinity, -Float.infinity)
    var (sum, squareSum) = (0.0, 0.0)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
      sum += Double(value)
      squareSum += Double(value) * Double(value)
    }
    guard low <= high else { return nil }
    // All values alike are one bin of a width that can be seen.
    let isFlat = low == high
    let width = isFlat ? 1 : (Double(high) - Double(low)) / Double(Self.bins)
    let start = isFlat ? Double(low) - 0.5 : Double(low)
    var counts = [Double](repeating: 0, count: isFlat ? 1 : Self.bins)
    for value in values where value.isFinite {
      counts[min(counts.count - 1, max(0, Int((Double(value) - start) / width)))] += 1
    }
    self.name = name
    (minimum, maximum, self.sum, self.squareSum) = (Double(low), Double(high), sum, squareSum)
    limits = counts.indices.map { start + width * Double($0 + 1) }
    self.counts = counts
  }

  /// One for each parameter of a model, of the values of `buffer`, which has the layout of its parameters.
  static func of(_ parameters: ModelParameters, _ buffer: AlignedBuffer, prefix: String) -> [TensorHistogram] {
    parameters.slots.compactMap { slot in
      TensorHistogram(
        prefix + slot.name, UnsafeBufferPointer(start: buffer.pointer + slot.offset, count: slot.count))
    }
  }
}
