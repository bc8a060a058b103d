import Audio
import Diagnostics
import Spec

/// An item of `augment` that changes a clip's waveform before features are computed.
protocol WaveformAugmentation: Sendable {
  /// Name, fields and documentation.
  static var kind: Kind { get }

  /// Reads the fields. Throws a `DiagnosticFailure` (`augment.range`) where a range is upside down.
  init(_ step: Step) throws

  /// The waveform changed by values drawn from `draws`; it may have another length.
  func apply(to samples: [Float], using draws: inout Draws) -> [Float]
}

/// Fields that several kinds share.
enum AugmentationFields {
  static let probability = Field(
    "p", .number(min: 0, max: 1), default: .value(.number(1)),
    doc: "The probability that a clip is changed, drawn anew each epoch.")

  static let before = Field(
    "before", .optional(.string), default: .value(.none),
    doc: "The step of `audio` that comes behind the change, such as z_score; ~ is the end of `audio`.")

  /// A number, or the two ends of a range that one is drawn from, evenly.
  static func range(min: Double? = nil, max: Double? = nil, exclusiveMin: Bool = false) -> FieldType {
    let number = FieldType.number(min: min, max: max, exclusiveMin: exclusiveMin)
    return .either([number, .list(number, min: 2, max: 2)])
  }
}

extension FieldValues {
  /// The value of a field of type `AugmentationFields.range`.
  ///
  /// - Throws: a `DiagnosticFailure` (`augment.range`) where it is upside down.
  func range(_ name: String) throws -> ClosedRange<Double> {
    let value = self[name]
    guard case .list = value.content else {
      let number = number(name)
      return number...number
    }
    let ends = numbers(name)
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw DiagnosticFailure([
        Diagnostic(
          "augment.range", .error, "the range of '\(name)' ends below its beginning",
          detail: "Expected the smaller number first, found \(ends). Exchange them.", at: value.span)
      ])
    }
    return ends[0]...ends[1]
  }

  /// The same of an optional field; nil for `~`.
  func optionalRange(_ name: String) throws -> ClosedRange<Double>? {
    if case .none = self[name].content { return nil }
    return try range(name)
  }
}
