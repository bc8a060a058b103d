import Audio
import Diagnostics
import Spec

/// The type of a value within a feature's chain.
enum FeatureType: Hashable, Sendable {
  /// The waveform behind the audio chain.
  case waveform
  /// [rows, T]. `isPower`: no value is negative and none is a logarithm, so that one may be taken.
  case frames(rows: Int, FrameCount, isPower: Bool)
  /// [1, height, width]
  case image(height: Int, width: Int)
  /// [1, count]
  case vector(count: Int)

  /// The shape of the feature that ends here; nil for a waveform.
  var shape: FeatureShape? {
    switch self {
    case .waveform: nil
    case .frames(let rows, let count, _): FeatureShape(extents: [.known(rows), .frames(count)])
    case .image(let height, let width): FeatureShape(extents: [.known(1), .known(height), .known(width)])
    case .vector(let count): FeatureShape(extents: [.known(1), .known(count)])
    }
  }

  /// For messages: `the waveform`, `[27, T]`.
  var description: String { shape.map(\.description) ?? "the waveform" }
}

/// A value within a feature's chain.
enum FeatureValue {
  case waveform
  /// All other types; an image or a vector as its one channel.
  case matrix(FeatureMatrix)
}

/// One item of a feature: a step from the waveform towards the tensor that the model reads.
protocol FeatureStep: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  /// Reads the fields and checks that they fit each other and a value of the type `input`, from audio at `rate`. Throws a
  /// `DiagnosticFailure` at the step where they do not.
  init(_ step: Step, input: FeatureType, rate: Int) throws

  /// The type of what `apply` returns.
  var output: FeatureType { get }

  /// The fewest samples that a waveform must have.
  var minimumSamples: Int { get }

  /// With so many zeros behind a waveform, the step's last frame is silent, and each further hop of zeros appends a copy of it;
  /// nil where zeros change more than that. For a step that does not start from the waveform: how many more it needs, 0 if it
  /// treats each frame by itself.
  var silenceMargin: Int? { get }

  /// The value behind the step.
  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue
}

extension FeatureStep {
  var minimumSamples: Int { 1 }
}

/// A step that starts from the waveform.
protocol WaveformFeature: FeatureStep {
  /// Samples a frame.
  var frameLength: Int { get }
  /// Samples from one frame to the next.
  var hop: Int { get }

  func extract(from analysis: WaveformAnalysis) -> FeatureMatrix
}

extension WaveformFeature {
  var silenceMargin: Int? { frameLength / 2 + hop + 1 }

  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue {
    .matrix(extract(from: analysis))
  }

  /// Throws `feature.needs_waveform` where something stands before the step.
  static func requireWaveform(_ input: FeatureType, at step: Step) throws {
    guard input != .waveform else { return }
    throw DiagnosticFailure([
      Diagnostic(
        "feature.needs_waveform", .error, "\(kind.name) is computed from the waveform, found \(input.description)",
        detail: "Put it first in its feature, or beside others in `stack: {features: [...]}`.", at: step.span)
    ])
  }
}

/// A step that changes a matrix.
protocol MatrixStep: FeatureStep {
  func change(_ matrix: FeatureMatrix) -> FeatureMatrix
}

extension MatrixStep {
  var silenceMargin: Int? { 0 }

  func apply(_ input: FeatureValue, of analysis: WaveformAnalysis) -> FeatureValue {
    guard case .matrix(let matrix) = input else {
      preconditionFailure("\(Self.kind.name) was given the waveform although its input was checked")
    }
    return .matrix(change(matrix))
  }

  /// Throws `feature.needs_matrix` where no feature has been computed yet.
  static func requireMatrix(_ input: FeatureType, at step: Step) throws {
    guard input == .waveform else { return }
    throw DiagnosticFailure([
      Diagnostic(
        "feature.needs_matrix", .error, "\(kind.name) has nothing to work on: no feature has been computed yet",
        detail: "Put a step that starts from the waveform before it, such as mel_spectrogram.", at: step.span)
    ])
  }

  /// Throws `feature.needs_frames` where `input` has no time axis (any more), else gives its rows and frames.
  static func requireFrames(_ input: FeatureType, at step: Step) throws -> (rows: Int, count: FrameCount) {
    try requireMatrix(input, at: step)
    if case .frames(let rows, let count, _) = input { return (rows, count) }
    throw DiagnosticFailure([
      Diagnostic(
        "feature.needs_frames", .error, "\(kind.name) needs [rows, T], found \(input.description)",
        detail: "Put it before the step that removes the time axis.", at: step.span)
    ])
  }

  /// Throws `feature.needs_power` where the logarithm of `input` is not defined.
  static func requirePower(_ input: FeatureType, at step: Step) throws {
    try requireMatrix(input, at: step)
    if case .frames(_, _, isPower: true) = input { return }
    throw DiagnosticFailure([
      Diagnostic(
        "feature.needs_power", .error,
        "\(kind.name) needs a power spectrogram, found \(input.description) of other values",
        detail:
          "The logarithm is taken of values that are never negative. Put it straight behind mel_spectrogram or rms.",
        at: step.span)
    ])
  }
}
