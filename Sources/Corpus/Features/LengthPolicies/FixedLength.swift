import Spec

/// `fixed`: one length for every clip.
struct FixedLength: LengthPolicy {
  static let kind = Kind(
    "fixed", summary: "Gives every clip the same length: zeros appended, or the end cut.",
    formula: "n = round(seconds rate)", example: "length: {policy: fixed, seconds: 3}",
    table: FieldTable([
      Field(
        "seconds", .number(min: 0, max: 3600, exclusiveMin: true),
        doc: "The length of every clip in seconds, measured behind the audio chain.")
    ]))

  private let seconds: Double

  init(_ step: Step) { seconds = step.values.number("seconds") }

  func constant(rate: Int) -> Int? { max(1, Int((seconds * Double(rate)).rounded())) }

  func length(of waveforms: [Int], rate: Int) -> Int { constant(rate: rate) ?? 1 }
}
