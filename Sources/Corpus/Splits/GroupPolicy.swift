import Diagnostics
import Spec

/// `group`: no speaker (or whatever `by` names) is heard in two sets.
struct GroupPolicy: SplitPolicy {
  static let kind = Kind(
    "group",
    summary: "Deals whole speakers to the sets, each with the corpus's share of every class as nearly as that goes.",
    formula: """
      n_test = ceil(test * n), n_val = ceil(val * (n - n_test)), as for `stratified`. The speakers are put in random order and
      fill test, validation and training set in turn; then speakers move or change places as long as that lowers
      sum over sets s and classes c of (a_sc - t_sc)^2 / t_s (a: clips there, t: clips wanted). No speaker is in two sets.
      """,
    example: "split: {policy: group, test: 0.3, val: 0.05, seed: 42}",
    table: FieldTable([
      Field(
        "by", .string, default: .value(.string("speaker")),
        doc:
          "What is kept apart: speaker, sentence, gender, corpus, or any field of the pattern or column of the table."),
      SplitFields.test, SplitFields.val, SplitFields.seed, SplitFields.speakersShared,
    ]))

  private let settings: SizedDraw
  private let by: Located<String>

  init(_ step: Step) throws {
    settings = try SizedDraw(step)
    by = Located(step.values.string("by"), at: step.values["by"].writtenSpan ?? step.span)
  }

  var keptApart: String? { by.value }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] { checkAttribute(by, in: corpus) }

  func split(_ clips: [ClipReference]) throws -> Split {
    let test = settings.test.count(of: clips.count)
    let val = settings.val.count(of: max(0, clips.count - test))
    let dealt = try deal(
      clips, Array(clips.indices), by: by, sizes: [("test", test), ("val", val)], seed: settings.seed,
      span: settings.span)
    return Split(train: dealt[2], val: dealt[1], test: dealt[0])
  }
}

/// Deals the clips at `indices` by groups to the sets `sizes` and, last, to the training set. The clips of a set keep their order.
///
/// Throws a `DiagnosticFailure` where there are fewer groups than sets (`data.split_groups`) or no clips are left
/// for training (`data.split_too_small`).
func deal(
  _ clips: [ClipReference], _ indices: [Int], by attribute: Located<String>, sizes: [(name: String, count: Int)],
  seed: UInt32, span: SourceSpan
) throws -> [[Int]] {
  let groups = try ClipGroups(clips, at: indices, by: attribute)
  let drawn = sizes.reduce(0) { $0 + $1.count }
  guard drawn < indices.count else {
    throw DiagnosticFailure([
      Diagnostic(
        "data.split_too_small", .error,
        "the \(sizes.map(\.name).joined(separator: " and ")) set leaves no clips to train",
        detail: "There are \(indices.count) clips, and \(drawn) are asked for.", at: span)
    ])
  }
  guard groups.names.count > sizes.count else {
    throw DiagnosticFailure([
      Diagnostic(
        "data.split_groups", .error,
        "the clips have \(groups.names.count) different values of '\(attribute.value)', and \(sizes.count + 1) sets need one each",
        detail:
          "Found \(groups.names.prefix(5).joined(separator: ", ")). Use a larger corpus, or divide it by another field.",
        at: span)
    ])
  }
  let sets = GroupDraw(
    classCounts: groups.classCounts, sizes: sizes.map(\.count) + [indices.count - drawn], seed: seed
  ).sets()
  var dealt = Array(repeating: [Int](), count: sizes.count + 1)
  for (group, set) in sets.enumerated() { dealt[set] += groups.members[group] }
  return dealt.map { positions in positions.sorted().map { indices[$0] } }
}
