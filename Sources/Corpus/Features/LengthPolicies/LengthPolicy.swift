import Spec

/// How many samples the waveforms of a batch get: longer ones lose their end, shorter ones are filled with zeros.
protocol LengthPolicy: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  init(_ step: Step)

  /// The length at `rate` where it is the same for every batch, else nil.
  func constant(rate: Int) -> Int?

  /// The length for a batch of waveforms of the given lengths at `rate`.
  func length(of waveforms: [Int], rate: Int) -> Int
}
