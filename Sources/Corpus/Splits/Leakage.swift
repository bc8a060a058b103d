import Diagnostics

/// What stands in more than one set of a split although its clips are not the same: speakers, or sentences.
public struct SetOverlap: Sendable, Equatable {
  /// How many values there are in each set.
  public let train: Int
  public let val: Int
  public let test: Int
  /// Values of the validation set that are in the training set, too; sorted.
  public let valShared: [String]
  /// Values of the test set that are in the training set, too; sorted.
  public let testShared: [String]
  /// Values of the test set that are in the validation set, too; sorted.
  public let valTestShared: [String]

  /// What `split` shares of an attribute such as `speaker`; nil where no clip tells it.
  public init?(of attribute: String, _ split: Split, clips: [ClipReference]) {
    func values(_ indices: [Int]) -> Set<String> { Set(indices.compactMap { clips[$0].attribute(attribute) }) }
    let train = values(split.train)
    let val = values(split.val)
    let test = values(split.test)
    guard !(train.isEmpty && val.isEmpty && test.isEmpty) else { return nil }
    self.train = train.count
    self.val = val.count
    self.test = test.count
    valShared = val.intersection(train).sorted()
    testShared = test.intersection(train).sorted()
    valTestShared = test.intersection(val).sorted()
  }

  /// As a member of `leakage` in `split --json`.
  public var json: JSON {
    [
      "train": .integer(train), "val": .integer(val), "test": .integer(test), "val_shared": .integer(valShared.count),
      "test_shared": .integer(testShared.count), "val_test_shared": .integer(valTestShared.count),
      "shared": .array(Set(valShared + testShared + valTestShared).sorted().map(JSON.string)),
    ]
  }

  /// For people: "91 train, 80 val (80 also train), 91 test (91 also train)".
  public var text: String {
    func also(_ count: Int) -> String { count == 0 ? "none of them trains" : "\(count) also train" }
    return "\(train) in train, \(val) in val (\(also(valShared.count))), \(test) in test (\(also(testShared.count)))"
  }
}

extension Split {
  /// What can be said against the split of `clips`: a set without clips of a class, and clips that are in no set.
  public func warnings(_ clips: [ClipReference], classNames: [String]) -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    for (name, indices) in [("training", train), ("validation", val), ("test", test)] {
      let present = Set(indices.map { clips[$0].classIndex })
      let absent = classNames.indices.filter { !present.contains($0) }.map { classNames[$0] }
      guard !absent.isEmpty, !indices.isEmpty else { continue }
      warnings.append(
        Diagnostic(
          "split.class_absent", .warning, "the \(name) set has no clips of \(absent.joined(separator: ", "))",
          detail: "Its figures say nothing about what it does not hold."))
    }
    let used = train.count + val.count + test.count
    if used < clips.count {
      warnings.append(
        Diagnostic(
          "split.left_out", .warning, "\(clips.count - used) of the \(clips.count) clips are in no set",
          detail: "The split names other clips only."))
    }
    return warnings
  }
}
