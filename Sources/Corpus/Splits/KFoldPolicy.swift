import Diagnostics
import Spec

/// `k_fold`: one fold of a cross-validation, drawn as scikit-learn draws it.
struct KFoldPolicy: SplitPolicy {
  static let kind = Kind(
    "k_fold",
    summary: "Tests one of k folds; of the other clips, some choose the checkpoint and the rest train.",
    formula: """
      The folds are scikit-learn's, with shuffle and random_state = seed: StratifiedKFold; with stratified: false KFold; with
      group StratifiedGroupKFold, and GroupKFold with stratified: false. Validation is ceil(val * n) of the n clips outside the
      fold: dealt by groups as policy `group` deals them where `group` is given, else drawn by train_test_split. For the
      whole cross-validation sweep over a param: sweep: {grid: {fold: [1, 2, 3, 4, 5]}} with fold: "${fold}".
      """,
    example: "split: {policy: k_fold, folds: 5, fold: 1, group: speaker, val: 0.1}",
    table: FieldTable([
      Field("folds", .integer(min: 2, max: 1000), default: .value(.integer(5)), doc: "How many folds there are."),
      Field("fold", .integer(min: 1, max: 1000), default: .value(.integer(1)), doc: "The fold that is tested, from 1."),
      Field(
        "group", .optional(.string), default: .value(.none),
        doc: "What is kept apart: speaker, sentence, or any field of the corpus; ~ to draw single clips."),
      Field(
        "stratified", .boolean, default: .value(.boolean(true)),
        doc: "Whether each fold gets the corpus's share of every class."),
      SplitFields.val, SplitFields.seed, SplitFields.speakersShared,
    ]))

  private let folds: Int
  private let fold: Int
  private let group: Located<String>?
  private let isStratified: Bool
  private let val: SetSize
  private let seed: UInt32
  private let span: SourceSpan

  init(_ step: Step) throws {
    var reading = StepReading()
    let values = step.values
    folds = values.integer("folds")
    fold = values.integer("fold")
    group = values.optionalString("group").map { Located($0, at: values["group"].writtenSpan ?? step.span) }
    isStratified = values.boolean("stratified")
    seed = SplitFields.seed(of: step)
    span = step.span
    let val = reading.read { try SetSize("val", of: step) }
    if fold > folds {
      _ = reading.read {
        throw DiagnosticFailure([
          Diagnostic(
            "split.fold", .error, "there is no fold \(values.integer("fold")) of \(values.integer("folds"))",
            detail: "Folds count from 1.", at: values["fold"].writtenSpan ?? step.span)
        ])
      }
    }
    guard let val, fold <= folds else { throw reading.failure }
    self.val = val
  }

  var keptApart: String? { group?.value }

  func check(_ corpus: CorpusSpec) -> [Diagnostic] { group.map { checkAttribute($0, in: corpus) } ?? [] }

  func split(_ clips: [ClipReference]) throws -> Split {
    let foldOf = try group.map { try groupFolds(clips, by: $0) } ?? clipFolds(clips)
    let test = clips.indices.filter { foldOf[$0] == fold - 1 }
    let others = clips.indices.filter { foldOf[$0] != fold - 1 }
    guard let group else {
      let draw = TrainTestDraw(clips: clips, seed: seed, span: span, isStratified: isStratified)
      let (train, validated) = try draw.draw(val, named: "val", from: others)
      return Split(train: train, val: validated, test: test)
    }
    let dealt = try deal(
      clips, others, by: group, sizes: [("val", val.count(of: others.count))], seed: seed, span: span)
    return Split(train: dealt[1], val: dealt[0], test: test)
  }

  private func clipFolds(_ clips: [ClipReference]) throws -> [Int] {
    guard isStratified else {
      if clips.count < folds { throw tooFew("clips", clips.count) }
      return Folds.plain(count: clips.count, folds: folds, seed: seed)
    }
    let labels = clips.map(\.label)
    try checkClasses(labels)
    return Folds.stratified(labels: labels, folds: folds, seed: seed)
  }

  private func groupFolds(_ clips: [ClipReference], by attribute: Located<String>) throws -> [Int] {
    let groups = try ClipGroups(clips, at: Array(clips.indices), by: attribute)
    if groups.names.count < folds { throw tooFew("values of '\(attribute.value)'", groups.names.count) }
    if isStratified { try checkClasses(clips.map(\.label)) }
    let foldOfGroup =
      isStratified
      ? Folds.stratifiedGrouped(classCounts: groups.classCounts, folds: folds, seed: seed)
      : Folds.grouped(groups: groups.names.count, folds: folds, seed: seed)
    return zip(groups.members, foldOfGroup).reduce(into: Array(repeating: 0, count: clips.count)) { result, group in
      for index in group.0 { result[index] = group.1 }
    }
  }

  /// As scikit-learn, which refuses only where no class is large enough, except that a small class is an error here, too.
  private func checkClasses(_ labels: [String]) throws {
    let small = indicesByClass(labels).filter { $0.indices.count < folds }
    guard !small.isEmpty else { return }
    throw DiagnosticFailure(
      small.map { label, members in
        Diagnostic(
          "data.class_too_small", .error, "class \(label) has \(members.count) clips, fewer than the \(folds) folds",
          detail: "Use fewer folds, leave the class out of the corpus, or say stratified: false.", at: span)
      })
  }

  private func tooFew(_ what: String, _ count: Int) -> DiagnosticFailure {
    DiagnosticFailure([
      Diagnostic(
        "data.split_groups", .error, "\(folds) folds cannot be made of \(count) \(what)", detail: "Use fewer folds.",
        at: span)
    ])
  }
}
