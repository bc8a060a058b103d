import Diagnostics
import Spec

/// `leave_one_speaker_out`: one speaker is tested, the others train; the field's LOSO protocol, one speaker a run.
struct LeaveOneSpeakerOutPolicy: SplitPolicy {
  static let kind = Kind(
    "leave_one_speaker_out",
    summary:
      "Tests one speaker; of the others, some choose the checkpoint and the rest train. No speaker is in two sets.",
    formula: """
      test: all clips of `speaker`. val: ceil(val * n) of the n others, dealt by speakers as `group` deals them. For the whole
      protocol sweep over the speakers: sweep: {grid: {speaker: ["03", "08", ...]}}.
      """,
    example: "split: {policy: leave_one_speaker_out, speaker: \"03\", val: 0.1}",
    table: FieldTable([
      Field("speaker", .string, doc: "The speaker who is tested, as the corpus names them."), SplitFields.val,
      SplitFields.seed,
    ]))

  private let speaker: Located<String>
  private let val: SetSize
  private let seed: UInt32
  private let span: SourceSpan

  init(_ step: Step) throws {
    speaker = Located(step.values.string("speaker"), at: step.values["speaker"].writtenSpan ?? step.span)
    val = try SetSize("val", of: step)
    seed = SplitFields.seed(of: step)
    span = step.span
  }

  var keptApart: String? { "speaker" }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] { checkAttribute(Located("speaker", at: span), in: corpus) }

  func split(_ clips: [ClipReference]) throws -> Split {
    let field = Located("speaker", at: span)
    if let unknown = unknownAttribute(field, clips) { throw DiagnosticFailure([unknown]) }
    let test = clips.indices.filter { clips[$0].speaker == speaker.value }
    guard !test.isEmpty else {
      let known = indicesByClass(clips.compactMap(\.speaker)).map(\.label)
      throw DiagnosticFailure([
        Diagnostic(
          "data.speaker_unknown", .error, "nobody in the corpus is called '\(speaker.value)'",
          detail: "The \(known.count) speakers are \(shortened(known)).", at: speaker.span,
          suggestion: nearest(speaker.value, in: known))
      ])
    }
    let others = clips.indices.filter { clips[$0].speaker != speaker.value }
    let dealt = try deal(
      clips, others, by: field, sizes: [("val", val.count(of: others.count))], seed: seed, span: span)
    return Split(train: dealt[1], val: dealt[0], test: test)
  }
}

/// At most ten names.
func shortened(_ names: [String]) -> String {
  names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
}
