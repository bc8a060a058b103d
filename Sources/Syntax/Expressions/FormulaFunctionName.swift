/// The functions of formulas.
public enum FormulaFunctionName: String, CaseIterable, Sendable {
  case abs, cos, erf, exp, expm1, log, log1p
  /// The greatest of two or more values.
  case max
  /// The least.
  case min
  /// max(x, 0)
  case relu
  /// 1 / (1 + exp(-x))
  case sigmoid
  /// -1, 0 or 1.
  case sign
  case sin
  /// log(1 + exp(x))
  case softplus
  case sqrt, tanh

  /// How many values the function takes, in words and as a range.
  var arity: (words: String, counts: ClosedRange<Int>) {
    switch self {
    case .max, .min: ("two or more values", 2...Int.max)
    default: ("one value", 1...1)
    }
  }
}
