import Spec

/// `random`: first the test set, then the validation set out of the rest, without a look at classes or speakers. The
/// sets are those of scikit-learn's `train_test_split` called twice with the same seed.
struct RandomPolicy: SplitPolicy {
  static let kind = Kind(
    "random",
    summary: "Draws test and validation clips at random, whatever their class; speakers are not kept apart.",
    formula: """
      n_test = ceil(test * n) of all clips, then n_val = ceil(val * (n - n_test)) of the rest (a whole number is a number
      of clips). The draws are those of scikit-learn's train_test_split with random_state = seed.
      """,
    example: "split: {policy: random, test: 0.3, val: 0.05, seed: 42}",
    table: FieldTable([SplitFields.test, SplitFields.val, SplitFields.seed, SplitFields.speakersShared]))

  private let settings: SizedDraw

  init(_ step: Step) throws { settings = try SizedDraw(step) }

  func split(_ clips: [ClipReference]) throws -> Split {
    try TrainTestDraw(clips: clips, seed: settings.seed, span: settings.span, isStratified: false)
      .split(test: settings.test, val: settings.val)
  }
}
