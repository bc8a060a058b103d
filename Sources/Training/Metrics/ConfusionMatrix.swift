/// Counts of pairs of true and predicted class: row `i`, column `j` holds the clips of class `i` that were taken for class `j`.
public struct ConfusionMatrix: Hashable, Sendable {
  /// How many classes there are, whether or not they occur.
  public let classes: Int
  /// Row by row, `classes * classes` counts.
  private var counts: [Int]

  /// An empty matrix over classes 0..<`classes`.
  public init(classes: Int) {
    precondition(classes > 0, "there is at least one class")
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// The matrix of paired lists: clip `i` is of class `truth[i]` and was taken for class `predictions[i]`.
  public init(classes: Int, truth: [Int], predictions: [Int]) {
    precondition(truth.count == predictions.count, "every clip has a prediction")
    self.init(classes: classes)
    for (label, prediction) in zip(truth, predictions) { add(truth: label, prediction: prediction) }
  }

  /// Counts one clip.
  public mutating func add(truth: Int, prediction: Int) {
    precondition((0..<classes).contains(truth) && (0..<classes).contains(prediction), "classes are in range")
    counts[truth * classes + prediction] += 1
  }

  public subscript(truth truth: Int, prediction prediction: Int) -> Int { counts[truth * classes + prediction] }

  /// The counts, one list a true class.
  public var rows: [[Int]] {
    (0..<classes).map { Array(counts[($0 * classes)..<(($0 + 1) * classes)]) }
  }

  /// How many clips were counted.
  public var total: Int { counts.reduce(0, +) }

  /// How many clips are on the diagonal.
  public var correct: Int { (0..<classes).reduce(0) { $0 + counts[$1 * classes + $1] } }

  /// How many clips are of the class.
  public func support(_ label: Int) -> Int { (0..<classes).reduce(0) { $0 + self[truth: label, prediction: $1] } }

  /// How many clips were taken for the class.
  public func predicted(_ label: Int) -> Int { (0..<classes).reduce(0) { $0 + self[truth: $1, prediction: label] } }

  /// Each row divided by its sum: what share of a class was taken for which. Rows of absent classes are zeros.
  public var rowShares: [[Double]] {
    rows.map { row in
      let sum = row.reduce(0, +)
      return row.map { sum == 0 ? 0 : Double($0) / Double(sum) }
    }
  }

  /// A pair of classes that is confused, in one direction.
  public struct Confusion: Hashable, Sendable {
    public let truth: Int
    public let prediction: Int
    public let count: Int
    /// `count` over the clips of class `truth`.
    public let share: Double
  }

  /// The pairs off the diagonal that occur, by count, then by share, then by class; at most `limit`.
  public func mostConfused(_ limit: Int) -> [Confusion] {
    var found: [Confusion] = []
    for truth in 0..<classes {
      let support = support(truth)
      for prediction in 0..<classes where prediction != truth {
        let count = self[truth: truth, prediction: prediction]
        if count > 0 {
          found.append(
            Confusion(
              truth: truth, prediction: prediction, count: count, share: Double(count) / Double(support)))
        }
      }
    }
    found.sort {
      ($1.count, $1.share, $0.truth, $0.prediction) < ($0.count, $0.share, $1.truth, $1.prediction)
    }
    return Array(found.prefix(limit))
  }
}
