import Diagnostics

/// One call of scikit-learn's `train_test_split` over some of the clips.
struct TrainTestDraw {
  let clips: [ClipReference]
  let seed: UInt32
  /// Where the split is written.
  let span: SourceSpan
  /// Whether each side gets its share of every class.
  let isStratified: Bool

  /// The draws of test and validation set one after the other, as the study's authors made them.
  func split(test: SetSize, val: SetSize) throws -> Split {
    let (rest, tested) = try draw(test, named: "test", from: Array(clips.indices))
    let (train, validated) = try draw(val, named: "val", from: rest)
    return Split(train: train, val: validated, test: tested)
  }

  /// Draws `size` of the clips at `indices`. Throws a `DiagnosticFailure` (`data.split_too_small`, `data.class_too_small`)
  /// where one side would have too few.
  func draw(_ size: SetSize, named name: String, from indices: [Int]) throws -> (rest: [Int], drawn: [Int]) {
    let drawn = size.count(of: indices.count)
    let after = name == "val" ? " that the test set left" : ""
    return isStratified
      ? try stratified(drawn, size, named: name, after, from: indices)
      : try plain(drawn, size, named: name, after, from: indices)
  }

  private func plain(
    _ drawn: Int, _ size: SetSize, named name: String, _ after: String, from indices: [Int]
  ) throws -> (rest: [Int], drawn: [Int]) {
    guard drawn > 0, drawn < indices.count else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.split_too_small", .error, "the \(name) set leaves no clips for training",
          detail: "`\(name): \(size)` of the \(indices.count) clips\(after) is \(drawn). Make `\(name)` smaller.",
          at: span)
      ])
    }
    var random = LegacyRandomState(seed: seed)
    let order = random.permutation(of: indices)
    return (Array(order.dropFirst(drawn)), Array(order.prefix(drawn)))
  }

  private func stratified(
    _ drawn: Int, _ size: SetSize, named name: String, _ after: String, from indices: [Int]
  ) throws -> (rest: [Int], drawn: [Int]) {
    let labels = indices.map { clips[$0].label }
    let classes = indicesByClass(labels)
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
