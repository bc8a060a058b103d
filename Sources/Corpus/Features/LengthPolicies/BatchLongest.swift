import Spec

/// `batch_longest`: as long as the longest clip of the batch.
struct BatchLongest: LengthPolicy {
  static let kind = Kind(
    "batch_longest", summary: "Appends zeros to each clip up to the longest of its batch; nothing is cut.",
    formula: """
      n = the largest length in the batch. Without masks features are computed on the padded waveforms, so that those of a clip
      depend on the batch that it is in. With masks they are computed on each clip alone and then padded, and layers leave
      the padding out of normalisation, pooling, attention and recurrence: a clip's logits do not depend on its batch.
      """,
    example: "length: {policy: batch_longest, masks: true, group_by_length: 8}",
    table: FieldTable([
      Field(
        "masks", .boolean, default: .value(.boolean(false)),
        doc: "Whether features and layers leave the padding of a clip out. The report's models do not."),
      Field(
        "group_by_length", .optional(.integer(min: 2, max: 100_000)), default: .value(.none),
        doc: "Out of how many batches' clips, drawn at random, those of similar length share a batch; ~ does not sort."),
    ]))

  let masks: Bool
  let batchesOfSimilarLength: Int?

  init(_ step: Step) {
    masks = step.values.boolean("masks")
    batchesOfSimilarLength = step.values.optionalInteger("group_by_length")
  }

  func constant(rate: Int) -> Int? { nil }

  func length(of waveforms: [Int], rate: Int) -> Int { waveforms.max() ?? 0 }

  func fit(_ waveform: consuming [Float], to count: Int) -> [Float] {
    waveform + [Float](repeating: 0, count: max(0, count - waveform.count))
  }
}
