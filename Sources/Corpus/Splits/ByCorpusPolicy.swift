import Diagnostics
import Spec

/// `by_corpus`: trains on some of several joined corpora and tests on others.
struct ByCorpusPolicy: SplitPolicy {
  static let kind = Kind(
    "by_corpus",
    summary: "Trains on some of the joined corpora and tests on others; validation is a share of the training corpora.",
    formula: """
      test: all clips of the corpora `test`. val: ceil(val * n) of the n clips of the corpora `train`, dealt by speakers as
      `group` deals them where all tell speakers, else drawn by scikit-learn's train_test_split with stratify. Clips of other
      corpora are left out.
      """,
    example: "split: {policy: by_corpus, train: [crema-d], test: [ravdess], val: 0.1}",
    table: FieldTable([
      Field("train", .list(.string, min: 1), doc: "Names of the corpora that train."),
      Field("test", .list(.string, min: 1), doc: "Names of the corpora that are tested."),
      SplitFields.val, SplitFields.seed,
    ]))

  private let train: [Located<String>]
  private let test: [Located<String>]
  private let val: SetSize
  private let seed: UInt32
  private let span: SourceSpan

  init(_ step: Step) throws {
    var reading = StepReading()
    func names(_ field: String) -> [Located<String>] {
      step.values.list(field).compactMap { item in
        if case .string(let name) = item.content { Located(name, at: item.writtenSpan ?? step.span) } else { nil }
      }
    }
    let train = names("train")
    let test = names("test")
    self.train = train
    self.test = test
    seed = SplitFields.seed(of: step)
    span = step.span
    let val = reading.read { try SetSize("val", of: step) }
    let both = test.filter { name in train.contains { $0.value == name.value } }
    for name in both {
      _ = reading.read {
        throw DiagnosticFailure([
          Diagnostic(
            "split.value_twice", .error, "the corpus '\(name.value)' both trains and is tested",
            detail: "To test new speakers of the same corpus, use policy group.", at: name.span)
        ])
      }
    }
    guard let val, both.isEmpty else { throw reading.failure }
    self.val = val
  }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] {
    let known = corpus.parts.isEmpty ? [corpus.name] : corpus.parts.map(\.name)
    return (train + test).filter { !known.contains($0.value) }.map { name in
      Diagnostic(
        "split.corpus_unknown", .error, "the spec has no corpus '\(name.value)'",
        detail: "Its corpora are \(known.joined(separator: ", ")); join several as corpus: [a, b].", at: name.span,
        suggestion: nearest(name.value, in: known))
    }
  }

  func split(_ clips: [ClipReference]) throws -> Split {
    func members(_ names: [Located<String>]) -> [Int] {
      clips.indices.filter { index in names.contains { $0.value == clips[index].corpus } }
    }
    let tested = members(test)
    let others = members(train)
    var problems: [Diagnostic] = []
    if tested.isEmpty { problems.append(emptySet("test", detail: "Its corpora have no clips.", at: span)) }
    if others.isEmpty { problems.append(emptySet("train", detail: "Its corpora have no clips.", at: span)) }
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
    if others.allSatisfy({ clips[$0].speaker != nil }) {
      let dealt = try deal(
        clips, others, by: Located("speaker", at: span), sizes: [("val", val.count(of: others.count))], seed: seed,
        span: span)
      return Split(train: dealt[1], val: dealt[0], test: tested)
    }
    let draw = TrainTestDraw(clips: clips, seed: seed, span: span, isStratified: true)
    let (rest, validated) = try draw.draw(val, named: "val", from: others)
    return Split(train: rest, val: validated, test: tested)
  }
}
