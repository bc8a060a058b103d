import Audio
import Diagnostics
import Spec

/// `delta`: how rows change over time.
struct DeltaStep: MatrixStep {
  static let kind = Kind(
    "delta", summary: "The derivative of each row over time (Savitzky-Golay), as in librosa.",
    formula: """
      y[r, t]: the derivative of the polynomial of degree `order` that fits x[r, t - width / 2 ... t + width / 2] by least squares; for order 1
      sum of k x[r, t + k] / sum of k^2. [rows, T] -> [rows, T].
      """,
    example: "[mfcc: {n_mfcc: 13}, stack: {features: [identity, delta, delta: {order: 2}]}]",
    table: FieldTable([
      Field("width", .integer(min: 3, max: 9999), default: .value(.integer(9)), doc: "Frames a window, an odd number."),
      Field(
        "order", .integer(min: 1, max: 20), default: .value(.integer(1)),
        doc: "1 for the first derivative, 2 for the second. Below width."),
      Field(
        "mode", .choice(Delta.Edge.allCases.map(\.rawValue)), default: .value(.string("interp")),
        doc: """
          What stands beyond the ends: nothing, so that frames there have the derivative of the outermost whole window (interp), the end \
          frame, the mirrored frames, zeros, or the other end.
          """),
    ]))

  private let delta: Delta
  private let count: FrameCount
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    let (rows, count) = try Self.requireFrames(input, at: step)
    let (width, order) = (step.values.integer("width"), step.values.integer("order"))
    guard width % 2 == 1, order < width else {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.delta_window", .error,
          width % 2 == 0
            ? "width is \(width), an even number" : "order is \(order), but there are \(width) frames a window",
          detail: width % 2 == 0
            ? "A window has its frame in the middle. Use \(width - 1) or \(width + 1)."
            : "A polynomial of degree \(order) needs more frames than that. Raise width or lower order.", at: step.span)
      ])
    }
    delta = Delta(width: width, order: order, edge: Delta.Edge(rawValue: step.values.string("mode")) ?? .interp)
    self.count = count
    output = .frames(rows: rows, count, isPower: false)
  }

  /// So many samples that there are as many frames as the window needs.
  var minimumSamples: Int { (delta.minimumFrames - 1) * count.hop + (count.isOdd ? 1 : 0) + 1 }

  /// Behind a whole window of silent frames the derivative is zero, whatever follows.
  var silenceMargin: Int? {
    switch delta.edge {
    case .interp, .nearest, .mirror: delta.width * count.hop
    case .constant, .wrap: nil
    }
  }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix { delta(matrix) }
}
