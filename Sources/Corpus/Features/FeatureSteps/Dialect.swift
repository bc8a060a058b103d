import Spec

/// Whose defaults and definitions a step follows where libraries differ.
enum Dialect: String, CaseIterable, Sendable {
  case librosa
  case torchaudio

  /// The field, with `standard` as its default.
  static func field(standard: Dialect, _ differences: String) -> Field {
    Field(
      "dialect", .choice(allCases.map(\.rawValue)), default: .value(.string(standard.rawValue)),
      doc: "Whose defaults the other fields have. \(differences)")
  }

  init(_ values: FieldValues) { self = Dialect(rawValue: values.string("dialect")) ?? .librosa }

  /// `top_db` of a step whose field may be `auto`, which is 80 in librosa and no limit in torchaudio.
  func topDecibels(_ values: FieldValues) -> Double? {
    if case .string = values["top_db"].content { return self == .librosa ? 80 : nil }
    return values.optionalNumber("top_db")
  }

  static let topDecibelsField = Field(
    "top_db", .optional(.either([.choice(["auto"]), .number(min: 0)])), default: .value(.string("auto")),
    doc:
      "The range in decibels below the largest value, or ~ for no limit; auto is 80 in librosa, no limit in torchaudio."
  )
}
