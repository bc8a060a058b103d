import Diagnostics
import Spec
import TensorRuntime

/// A decoded use of one of `LossCatalog.kinds`.
public struct LossSettings: Sendable {
  private enum Weights {
    case equal
    case balanced
    case byClass([(name: Located<String>, weight: Double)])
  }

  private let form: ClassificationLoss.Form
  private let weights: Weights

  /// - Parameter step: a use of a kind of the catalog.
  public init(_ step: Step) {
    switch step.kind.value {
    case "cross_entropy":
      form = .crossEntropy(labelSmoothing: step.values.number("label_smoothing"))
      weights = LossSettings.weights(step.values["class_weights"])
    case "focal":
      form = .focal(gamma: step.values.number("gamma"))
      weights = LossSettings.weights(step.values["alpha"])
    default: preconditionFailure("'\(step.kind.value)' is not in the catalog of losses")
    }
  }

  private static func weights(_ value: FieldValue) -> Weights {
    switch value.content {
    case .dictionary(let entries):
      .byClass(
        entries.map { entry in
          switch entry.value.content {
          case .integer(let weight): (entry.key, Double(weight))
          case .number(let weight): (entry.key, weight)
          default: preconditionFailure("a weight is a number")
          }
        })
    case .string: .balanced
    default: .equal
    }
  }

  /// The loss of a training.
  ///
  /// - Parameters:
  ///   - classes: the names of the classes in index order.
  ///   - labels: the class index of each training clip, which balanced weights go by: scikit-learn's
  ///     `compute_class_weight("balanced")`. A class without clips has weight 1.
  public func loss(classes: [String], labels: [Int]) -> ClassificationLoss {
    switch weights {
    case .equal: return ClassificationLoss(form)
    case .byClass(let entries):
      let byName = Dictionary(entries.map { ($0.name.value, $0.weight) }, uniquingKeysWith: { first, _ in first })
      return ClassificationLoss(form, weights: classes.map { byName[$0] ?? 1 })
    case .balanced:
      var counts = [Int](repeating: 0, count: classes.count)
      for label in labels { counts[label] += 1 }
      let present = counts.count { $0 > 0 }
      return ClassificationLoss(
        form, weights: counts.map { $0 == 0 ? 1 : Double(labels.count) / Double(present * $0) })
    }
  }

  /// `loss.class` for weights of classes that the corpus does not have.
  static func diagnostics(for step: Step, classes: [String]) -> [Diagnostic] {
    guard case .byClass(let entries) = LossSettings(step).weights else { return [] }
    return entries.filter { !classes.contains($0.name.value) }.map { entry in
      Diagnostic(
        "loss.class", .error, "the corpus has no class '\(entry.name.value)'",
        detail: "Its classes are \(classes.map { "'\($0)'" }.joined(separator: ", ")).", at: entry.name.span,
        suggestion: nearest(entry.name.value, in: classes))
    }
  }
}
