import Audio
import Diagnostics
import Spec

/// What is known of a signal before any clip has been read.
struct SignalFormat {
  /// Samples a second; nil where it is each file's own.
  var rate: Int?
  /// Whether there is one channel for certain.
  var isMono: Bool
}

/// One item of `audio`: a step from the decoded file to the waveform that features are computed from.
protocol AudioStep: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  init(_ step: Step)

  /// The format behind the step. Throws a `DiagnosticFailure` where the step cannot take `format`.
  func output(of format: SignalFormat) throws -> SignalFormat

  /// Changes the clip.
  func apply(to clip: inout Clip)
}
