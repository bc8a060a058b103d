import Diagnostics
import Spec

/// `stratified`: first the test set, then the validation set out of the rest, each with the corpus's share of every
/// class. The sets are those of scikit-learn's `train_test_split(stratify: labels)` called twice with the same seed.
struct StratifiedPolicy: SplitPolicy {
  static let kind = Kind(
    "stratified",
    summary:
      "Draws test and validation clips at random with the same share of every class; speakers are not kept apart.",
    formula: """
      n_test = ceil(test * n) of all clips, then n_val = ceil(val * (n - n_test)) of the rest (a whole number is a number
      of clips). The draws are those of scikit-learn's train_test_split with stratify and random_state = seed.
      """,
    example: "split: {policy: stratified, test: 0.3, val: 0.05, seed: 42}",
    table: FieldTable([
      Field("test", sizeType, doc: "Share of all clips that is tested, below 1; or a number of clips."),
      Field(
        "val", sizeType, doc: "Share of the other clips that chooses the checkpoint, below 1; or a number of clips."),
      Field(
        "seed", .integer(min: 0, max: Int(UInt32.max)), default: .value(.integer(42)),
        doc: "Seed of the draw: scikit-learn's random_state."),
      Field(
        SplitCatalog.sharingField, .boolean, default: .value(.boolean(false)),
        doc: "Says that speakers are meant to stand on both sides of the split, so that nobody need be warned."),
    ]))

  private static let sizeType = FieldType.either([.integer(min: 1), .number(min: 0, max: 1, exclusiveMin: true)])

  private let test: SetSize
  private let val: SetSize
  private let seed: UInt32
  private let span: SourceSpan

  init(_ step: Step) throws {
    var problems: [Diagnostic] = []
    func size(_ name: String) -> SetSize {
      let size = SetSize(step.values[name].content)
      if case .share(let share) = size, !(share > 0 && share < 1) {
        problems.append(
          Diagnostic(
            "split.size", .error, "`\(name)` leaves nothing for the other sets",
            detail:
              "A share lies above 0 and below 1, such as 0.3; a whole number is a number of clips. Found \(share).",
            at: step.values[name].writtenSpan ?? step.span))
      }
      return size
    }
    test = size("test")
    val = size("val")
    // The table keeps the seed within 32 bits.
    seed = UInt32(truncatingIfNeeded: step.values.integer("seed"))
    span = step.span
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
  }

  func split(_ clips: [ClipReference]) throws -> Split {
    let (rest, tested) = try draw(test, named: "test", from: Array(clips.indices), clips)
    let (train, validated) = try draw(val, named: "val", from: rest, clips)
    return Split(train: train, val: validated, test: tested)
  }

  /// One call of `train_test_split` over the clips at `indices`.
  private func draw(
    _ size: SetSize, named name: String, from indices: [Int], _ clips: [ClipReference]
  ) throws -> (rest: [Int], drawn: [Int]) {
    let labels = indices.map { clips[$0].label }
    let classes = indicesByClass(labels)
    let drawn = size.count(of: labels.count)
    let after = name == "val" ? " that the test set left" : ""
    var problems: [Diagnostic] = []
    for (label, members) in classes where members.count < 2 {
      problems.append(
        Diagnostic(
          "data.class_too_small", .error, "class \(label) has 1 clip\(after), too few to divide",
          detail:
            "Stratified sets need two clips or more of every class. Add clips, or leave the class out of the corpus.",
          at: span))
    }
    if drawn < classes.count {
      problems.append(
        Diagnostic(
          "data.split_too_small", .error, "the \(name) set is smaller than the number of classes",
          detail: """
            `\(name): \(size)` of the \(labels.count) clips\(after) is \(drawn), but there are \(classes.count) classes and \
            each needs one. Make `\(name)` larger, or use a larger corpus.
            """, at: span))
    }
    if labels.count - drawn < classes.count {
      problems.append(
        Diagnostic(
          "data.split_too_small", .error, "the \(name) set leaves fewer clips than there are classes",
          detail: """
            `\(name): \(size)` of the \(labels.count) clips\(after) is \(drawn), which leaves \
            \(max(0, labels.count - drawn)); there are \(classes.count) classes and each needs one. Make `\(name)` smaller, or \
            use a larger corpus.
            """, at: span))
    }
    if !problems.isEmpty { throw DiagnosticFailure(problems) }
    let (train, test) = stratifiedShuffle(labels: labels, testCount: drawn, seed: seed)
    return (train.map { indices[$0] }, test.map { indices[$0] })
  }
}

/// The size of a set, as a share of the clips or as their number.
private enum SetSize: CustomStringConvertible {
  case share(Double)
  case clips(Int)

  init(_ content: FieldValue.Content) {
    switch content {
    case .integer(let count): self = .clips(count)
    case .number(let share): self = .share(share)
    default: preconditionFailure("a set's size is decoded as a number")
    }
  }

  /// Shares are rounded up, as scikit-learn does.
  func count(of total: Int) -> Int {
    switch self {
    case .share(let share): Int((share * Double(total)).rounded(.up))
    case .clips(let count): count
    }
  }

  var description: String {
    switch self {
    case .share(let share): "\(share)"
    case .clips(let count): "\(count)"
    }
  }
}
