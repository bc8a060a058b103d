import Audio
import Diagnostics
import Spec

/// `spec_augment`: masks over rows and frames of features.
struct SpecAugmentStep: Sendable {
  static let kind = Kind(
    "spec_augment",
    summary: "Blanks out bands of rows and stretches of frames of features (SpecAugment, Park et al. 2019).",
    formula: """
      Of [rows, T] and of an image [1, rows, T]: freq_masks times f ~ 0 ... min(freq_mask, rows) rows from f0 ~ 0 ... rows - f, and
      time_masks times t ~ 0 ... min(time_mask, time_share T) frames from t0 ~ 0 ... T - t.
      """,
    example: "augment: [spec_augment: {freq_mask: 8, time_mask: 20, freq_masks: 2, time_masks: 2}]",
    table: FieldTable([
      Field("freq_mask", .integer(min: 0), doc: "The most rows that a band has (F); 0 leaves bands out."),
      Field("time_mask", .integer(min: 0), doc: "The most frames that a stretch has (T); 0 leaves stretches out."),
      Field("freq_masks", .integer(min: 0, max: 1000), default: .value(.integer(1)), doc: "How many bands."),
      Field("time_masks", .integer(min: 0, max: 1000), default: .value(.integer(1)), doc: "How many stretches."),
      Field(
        "time_share", .number(min: 0, max: 1), default: .value(.number(1)),
        doc: "The largest share of the frames that one stretch may have."),
      Field(
        "fill", .choice(SpectrogramMasks.Fill.allCases.map(\.rawValue)),
        default: .value(.string(SpectrogramMasks.Fill.zero.rawValue)),
        doc: "What stands in masked places: zero, or the mean of the clip's feature."),
      Field(
        "features", .list(.string), default: .value(.list([])),
        doc: "Names of the features that are masked; all that have rows and frames where it is empty."),
      AugmentationFields.probability,
    ]))

  private let masks: SpectrogramMasks
  private let names: Set<String>

  /// Throws a `DiagnosticFailure` (`augment.no_frames`) where a named feature, or every one that the model reads, has no frames.
  init(_ step: Step, features: [FeaturePipeline.Feature], used: Set<String>) throws {
    let values = step.values
    masks = SpectrogramMasks(
      rows: (values.integer("freq_mask"), values.integer("freq_masks")),
      columns: (values.integer("time_mask"), values.integer("time_masks")),
      columnShare: values.number("time_share"),
      fill: SpectrogramMasks.Fill(rawValue: values.string("fill")) ?? .zero)
    let suitable = features.filter { $0.shape.hasFrames }.map(\.name)
    let listed = values.strings("features")
    for (name, item) in zip(listed, values.list("features")) where !suitable.contains(name) {
      let known = features.contains { $0.name == name }
      throw DiagnosticFailure([
        Diagnostic(
          "augment.no_frames", .error,
          known ? "the feature '\(name)' has no frames to mask" : "there is no feature '\(name)' to mask",
          detail: "Expected [rows, T] or an image. Such features are: \(suitable.joined(separator: ", ")).",
          at: item.span,
          suggestion: known ? nil : nearest(name, in: suitable))
      ])
    }
    names = Set(listed.isEmpty ? suitable : listed)
    if names.isDisjoint(with: used) {
      throw DiagnosticFailure([
        Diagnostic(
          "augment.no_frames", .error, "spec_augment has nothing to mask",
          detail: "No feature that the model reads has rows and frames. Leave the step out.", at: step.span)
      ])
    }
  }

  /// Masks one clip's values of the feature `name`. Each feature is masked in places of its own.
  func apply(to values: UnsafeMutableBufferPointer<Float>, of name: String, shape: [Int], using draws: inout Draws) {
    guard names.contains(name), let width = shape.last, shape.count > 1 else { return }
    masks.apply(to: values, height: shape.dropLast().reduce(1, *), width: width, using: &draws)
  }
}

extension FeatureShape {
  /// Whether it has rows over time: a spectrogram, or an image of one.
  fileprivate var hasFrames: Bool {
    if extents.count == 3 { return true }
    guard case .frames? = extents.last else { return false }
    return extents.count == 2
  }
}
