import Spec

/// `batch_longest`: as long as the longest clip of the batch.
struct BatchLongest: LengthPolicy {
  static let kind = Kind(
    "batch_longest", summary: "Appends zeros to each clip up to the longest of its batch; nothing is cut.",
    formula: """
      n = the largest length in the batch. Features are computed on the padded waveforms, so that those of a clip
      depend on the batch that it is in.
      """,
    example: "length: {policy: batch_longest}", table: FieldTable([]))

  init(_ step: Step) {}

  func constant(rate: Int) -> Int? { nil }

  func length(of waveforms: [Int], rate: Int) -> Int { waveforms.max() ?? 0 }
}
