import Audio
import Diagnostics
import Spec

/// `resize`: an image of fixed size.
struct Resize: MatrixStep {
  static let kind = Kind(
    "resize", summary: "Resizes a spectrogram to an image of one channel, as scikit-image's resize does.",
    formula: """
      Gaussian smoothing where an axis shrinks by a factor f > 1 (sigma (f - 1) / 2, cut at 4 sigma), then bilinear interpolation
      at (o + 1/2) f - 1/2; mirrored at the edges. [rows, T] -> [1, height, width].
      """,
    example: "- resize: {height: 64, width: 64}",
    table: FieldTable([
      Field("height", .integer(min: 1, max: 4096), doc: "Rows of the image."),
      Field("width", .integer(min: 1, max: 4096), doc: "Columns of the image."),
    ]))

  private let resize: ImageResize
  let output: FeatureType

  init(_ step: Step, input: FeatureType, rate: Int) throws {
    try Self.requireMatrix(input, at: step)
    if case .vector = input {
      throw DiagnosticFailure([
        Diagnostic(
          "feature.needs_frames", .error, "resize needs [rows, T] or an image, found \(input.description)",
          detail: "Leave mean_over_time out, or put resize before it.", at: step.span)
      ])
    }
    resize = ImageResize(height: step.values.integer("height"), width: step.values.integer("width"))
    output = .image(height: resize.height, width: resize.width)
  }

  /// What it makes of a frame depends on how many there are.
  var silenceMargin: Int? { nil }

  func change(_ matrix: FeatureMatrix) -> FeatureMatrix { resize(matrix) }
}
