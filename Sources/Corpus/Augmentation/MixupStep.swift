import Audio
import Spec

/// How the clips of a batch were mixed.
public struct Mixture: Sendable {
  /// For each clip the position in the batch of the one that it was mixed with.
  public let partners: [Int]
  /// The share of the clip itself, λ; that of the partner is 1 - λ.
  public let share: Float
}

/// `mixup`: clips mixed with others of their batch.
struct MixupStep: Sendable {
  static let kind = Kind(
    "mixup",
    summary: "Mixes the features and the classes of each clip with those of another of its batch (Zhang et al. 2018).",
    formula: """
      x = lambda x_a + (1 - lambda) x_b, loss = lambda CE(z, y_a) + (1 - lambda) CE(z, y_b); lambda ~ Beta(alpha, alpha), one a batch; b is
      a permutation of the batch.
      """,
    example: "augment: [mixup: {alpha: 0.2}]",
    table: FieldTable(
      [
        Field(
          "alpha", .number(min: 0, max: 1000, exclusiveMin: true), default: .value(.number(0.2)),
          doc: "Shape of the distribution: near 0 hardly mixes, 1 draws every share equally often."),
        Field(
          "p", .number(min: 0, max: 1), default: .value(.number(1)),
          doc: "The probability that a batch is mixed, drawn anew each time."),
      ], primary: "alpha"))

  private let alpha: Double

  init(_ step: Step) { alpha = step.values.number("alpha") }

  /// The batch mixed, and how.
  func apply(to batch: FeatureBatch, clips: Int, using draws: inout Draws) -> (FeatureBatch, Mixture) {
    let share = Float(draws.beta(alpha))
    var partners = Array(0..<clips)
    for last in stride(from: clips - 1, to: 0, by: -1) { partners.swapAt(last, draws.integer(upTo: last)) }
    let values = zip(batch.shapes, batch.values).map { shape, values in
      Self.mixed(values, size: shape.reduce(1, *), partners: partners, share: share)
    }
    // What is mixed is as long as the longer one.
    let lengths = batch.lengths.map { own in zip(own, partners).map { max($0, own[$1]) } }
    return (
      FeatureBatch(shapes: batch.shapes, values: values, lengths: lengths), Mixture(partners: partners, share: share)
    )
  }

  private static func mixed(_ values: [Float], size: Int, partners: [Int], share: Float) -> [Float] {
    [Float](unsafeUninitializedCapacity: values.count) { out, filled in
      values.withUnsafeBufferPointer { values in
        for (clip, partner) in partners.enumerated() {
          let (own, other) = (clip * size, partner * size)
          for index in 0..<size {
            out[own + index] = share * values[own + index] + (1 - share) * values[other + index]
          }
        }
      }
      filled = values.count
    }
  }
}
