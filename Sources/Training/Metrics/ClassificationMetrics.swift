import Diagnostics

/// The figures of a confusion matrix, as scikit-learn and torchmetrics define them with `zero_division=0`.
///
/// With TP, FP and FN of a class: precision TP / (TP + FP), recall TP / (TP + FN), F1 2 TP / (2 TP + FP + FN), each 0 where its
/// divisor is 0. Classes that are absent count as follows:
/// - *weighted* means weigh each class by its clips, so an absent class weighs nothing
///   (`average="weighted"` of both libraries);
/// - *macro* means are over the classes that occur in truth or in predictions (`average="macro"` of both libraries);
/// - *UAR*, the unweighted average recall, is over the classes that occur in truth (`balanced_accuracy_score`). It differs from
///   `recallMacro` only where a class is predicted of which there is no clip: a recall that is not defined is no zero.
/// `mcc` is Matthews' correlation coefficient for several classes (Gorodkin 2004; `matthews_corrcoef`), 0 where truth or predictions are all one
/// class. `kappa` is Cohen's (`cohen_kappa_score`), NaN where both are.
///
/// Without any clip every figure is NaN, which JSON records as `null`.
public struct ClassificationMetrics: Sendable {
  /// The figures of one class.
  public struct PerClass: Hashable, Sendable {
    /// How many clips are of the class.
    public let support: Int
    /// How many clips were taken for it.
    public let predicted: Int
    public let precision: Double
    public let recall: Double
    public let f1: Double
  }

  public let confusion: ConfusionMatrix
  /// In index order.
  public let perClass: [PerClass]
  /// The share of clips that are right (micro average).
  public let accuracy: Double
  /// Unweighted average recall.
  public let uar: Double
  public let precisionMacro: Double
  public let recallMacro: Double
  public let f1Macro: Double
  public let precisionWeighted: Double
  public let recallWeighted: Double
  public let f1Weighted: Double
  /// Matthews' correlation coefficient.
  public let mcc: Double
  /// Cohen's kappa: how far the agreement is above that of chance.
  public let kappa: Double

  public init(_ confusion: ConfusionMatrix) {
    self.confusion = confusion
    let perClass = (0..<confusion.classes).map { label in
      let hits = confusion[truth: label, prediction: label]
      let support = confusion.support(label)
      let predicted = confusion.predicted(label)
      return PerClass(
        support: support, predicted: predicted, precision: Self.ratio(hits, predicted),
        recall: Self.ratio(hits, support), f1: Self.ratio(2 * hits, support + predicted))
    }
    self.perClass = perClass
    let total = Double(confusion.total)
    let occurring = perClass.filter { $0.support + $0.predicted > 0 }
    let present = perClass.filter { $0.support > 0 }
    func weighted(_ figure: (PerClass) -> Double) -> Double {
      perClass.reduce(0) { $0 + figure($1) * Double($1.support) } / total
    }
    accuracy = Double(confusion.correct) / total
    uar = Self.mean(present.map(\.recall))
    precisionMacro = Self.mean(occurring.map(\.precision))
    recallMacro = Self.mean(occurring.map(\.recall))
    f1Macro = Self.mean(occurring.map(\.f1))
    precisionWeighted = weighted(\.precision)
    recallWeighted = weighted(\.recall)
    f1Weighted = weighted(\.f1)
    let byChance = perClass.reduce(0) { $0 + Double($1.support) * Double($1.predicted) }
    let covariance = Double(confusion.correct) * total - byChance
    let ofTruth = total * total - perClass.reduce(0) { $0 + Double($1.support) * Double($1.support) }
    let ofPredictions = total * total - perClass.reduce(0) { $0 + Double($1.predicted) * Double($1.predicted) }
    if total == 0 {
      mcc = .nan
    } else {
      mcc = ofTruth * ofPredictions == 0 ? 0 : covariance / (ofTruth * ofPredictions).squareRoot()
    }
    kappa = 1 - Double(confusion.total - confusion.correct) / (total - byChance / total)
  }

  /// The single figures by the names that specs and records use, in the order in which records list them.
  public var figures: [(name: String, value: Double)] {
    [
      ("accuracy", accuracy), ("uar", uar), ("f1_weighted", f1Weighted), ("precision_weighted", precisionWeighted),
      ("recall_weighted", recallWeighted), ("f1_macro", f1Macro), ("precision_macro", precisionMacro),
      ("recall_macro", recallMacro), ("mcc", mcc), ("kappa", kappa),
    ]
  }

  /// The names of `figures`: what a spec may ask for.
  public static let figureNames = ClassificationMetrics(ConfusionMatrix(classes: 1)).figures.map(\.name)

  /// The figure `name`, or nil for a name that is not one of `figureNames`.
  public func figure(_ name: String) -> Double? {
    figures.first { $0.name == name }?.value
  }

  /// The record of `summary.json`: every figure, the classes with theirs, the confusion matrix (a row a true class) and
  /// the ten most frequent confusions.
  ///
  /// - Parameter classNames: in index order, as many as the matrix has classes.
  public func json(classNames: [String]) -> JSON {
    precondition(classNames.count == confusion.classes, "every class has a name")
    var members = figures.map { (key: $0.name, value: JSON.number($0.value)) }
    members.append(("clips", .integer(confusion.total)))
    members.append(
      (
        "per_class",
        .array(
          zip(classNames, perClass).map { name, figures in
            [
              "class": .string(name), "support": .integer(figures.support), "predicted": .integer(figures.predicted),
              "precision": .number(figures.precision), "recall": .number(figures.recall), "f1": .number(figures.f1),
            ]
          })
      ))
    members.append(("classes", .array(classNames.map(JSON.string))))
    members.append(("confusion", .array(confusion.rows.map { .array($0.map(JSON.integer)) })))
    members.append(
      (
        "most_confused",
        .array(
          confusion.mostConfused(10).map { pair in
            [
              "truth": .string(classNames[pair.truth]), "prediction": .string(classNames[pair.prediction]),
              "count": .integer(pair.count), "share": .number(pair.share),
            ]
          })
      ))
    return .object(members)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
