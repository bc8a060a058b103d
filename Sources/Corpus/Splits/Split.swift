/// Which clips train, which choose the checkpoint and which are tested: three lists of indices into the clips, without
/// common members, each in the order of the draw.
public struct Split: Sendable, Equatable {
  public let train: [Int]
  public let val: [Int]
  public let test: [Int]

  public init(train: [Int], val: [Int], test: [Int]) {
    self.train = train
    self.val = val
    self.test = test
  }
}

/// How many speakers are heard in more than one set: what makes a result look better than it is on new voices.
public struct SpeakerOverlap: Sendable, Equatable {
  /// Speakers of the training set.
  public let trainSpeakers: Int
  /// Speakers of the validation set, and how many of them also train.
  public let valSpeakers: Int
  public let valShared: Int
  /// Speakers of the test set, and how many of them also train.
  public let testSpeakers: Int
  public let testShared: Int

  public init(trainSpeakers: Int, valSpeakers: Int, valShared: Int, testSpeakers: Int, testShared: Int) {
    self.trainSpeakers = trainSpeakers
    self.valSpeakers = valSpeakers
    self.valShared = valShared
    self.testSpeakers = testSpeakers
    self.testShared = testShared
  }
}

/// Counts the speakers that `split` puts into several sets; nil where the corpus does not tell speakers.
public func speakersShared(_ split: Split, clips: [ClipReference]) -> SpeakerOverlap? {
  SetOverlap(of: "speaker", split, clips: clips).map { overlap in
    SpeakerOverlap(
      trainSpeakers: overlap.train, valSpeakers: overlap.val, valShared: overlap.valShared.count,
      testSpeakers: overlap.test, testShared: overlap.testShared.count)
  }
}
