import Spec
import TensorRuntime

extension Field {
  /// `init`: how a weight and its bias start.
  static var initialisation: Field {
    Field(
      "init", .choice(WeightInitialisation.allCases.map(\.rawValue)),
      default: .value(.string(WeightInitialisation.pytorch.rawValue)),
      doc:
        "How the weight starts, as torch.nn.init has it, kaiming with the gain of relu; the bias then starts at zero, "
        + "but for pytorch, where both are uniform in ±1/sqrt(fan in).")
  }
}

extension FieldValues {
  /// The value of `Field.initialisation`.
  var initialisation: WeightInitialisation { WeightInitialisation(rawValue: string("init")) ?? .pytorch }
}
