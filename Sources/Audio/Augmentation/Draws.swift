import CKernels
import Foundation

/// Random numbers for one augmentation of one clip: whatever generator stands behind it, the same one gives the same draws.
public struct Draws {
  private var generator: any RandomNumberGenerator

  public init(_ generator: any RandomNumberGenerator) { self.generator = generator }

  /// Uniform in [0, 1), with 53 bits.
  public mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// Uniform between the bounds.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Uniform in 0 ... `largest`.
  public mutating func integer(upTo largest: Int) -> Int {
    min(largest, Int(uniform() * (Double(largest) + 1)))
  }

  /// Whether something of probability `p` happens.
  public mutating func happens(_ p: Double) -> Bool { uniform() < p }

  /// `count` standard normal values (Box, Muller 1958), never beyond 5.8.
  public mutating func normals(_ count: Int) -> [Float] {
    let pairs = (count + 1) / 2
    let bits = (0..<pairs).map { _ in generator.next() }
    return [Float](unsafeUninitializedCapacity: 2 * pairs) { out, filled in
      augment_normals(out.baseAddress, bits, pairs)
      filled = count
    }
  }

  /// A value of the Beta(α, α) distribution: x / (x + y) of two gamma-distributed values.
  public mutating func beta(_ alpha: Double) -> Double {
    let (x, y) = (gamma(alpha), gamma(alpha))
    // Both can underflow for a tiny α, whose distribution is a coin's.
    return x + y > 0 ? x / (x + y) : (happens(0.5) ? 1 : 0)
  }

  /// A gamma-distributed value of the given shape and scale 1 (Marsaglia, Tsang 2000, "A simple method for generating gamma
  /// variables").
  private mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(1 - uniform(), 1 / shape) }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(normals(1)[0])
      let v = pow(1 + c * x, 3)
      if v > 0, log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
    }
  }
}
