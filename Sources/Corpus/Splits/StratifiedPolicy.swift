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
    table: FieldTable([SplitFields.test, SplitFields.val, SplitFields.seed, SplitFields.speakersShared]))

  private let settings: SizedDraw

  init(_ step: Step) throws { settings = try SizedDraw(step) }

  func split(_ clips: [ClipReference]) throws -> Split {
    try TrainTestDraw(clips: clips, seed: settings.seed, span: settings.span, isStratified: true)
      .split(test: settings.test, val: settings.val)
  }
}
