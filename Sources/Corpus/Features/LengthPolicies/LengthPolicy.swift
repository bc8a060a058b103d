import Spec

/// How many samples the waveforms of a batch get, and what longer and shorter ones lose and gain.
protocol LengthPolicy: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  init(_ step: Step)

  /// The length at `rate` where it is the same for every batch, else nil.
  func constant(rate: Int) -> Int?

  /// The length for a batch of waveforms of the given lengths at `rate`.
  func length(of waveforms: [Int], rate: Int) -> Int

  /// The waveform with `count` samples.
  func fit(_ waveform: consuming [Float], to count: Int) -> [Float]

  /// Whether clips keep their own length, and models are told where each ends.
  var masks: Bool { get }

  /// Out of how many batches' clips those of similar length are put into one batch; nil leaves the drawn order.
  var batchesOfSimilarLength: Int? { get }
}

extension LengthPolicy {
  var masks: Bool { false }
  var batchesOfSimilarLength: Int? { nil }
}
