/// A function of one value `x` and named parameters: what users write as an activation.
public indirect enum FormulaExpression: Hashable, Sendable {
  /// `x`
  case input
  /// A learnable parameter.
  case parameter(String)
  case constant(Double)
  case unary(FormulaFunction, FormulaExpression)
  case binary(FormulaOperator, FormulaExpression, FormulaExpression)
  /// `then` where the comparison of the first two holds, else `otherwise`; a comparison with NaN does not hold.
  case select(
    FormulaComparison, FormulaExpression, FormulaExpression, then: FormulaExpression, otherwise: FormulaExpression)

  /// The parameters, in the order in which they occur first.
  public var parameters: [String] {
    var names: [String] = []
    collect(into: &names)
    return names
  }

  private func collect(into names: inout [String]) {
    switch self {
    case .input, .constant: break
    case .parameter(let name): if !names.contains(name) { names.append(name) }
    case .unary(_, let a): a.collect(into: &names)
    case .binary(_, let a, let b):
      a.collect(into: &names)
      b.collect(into: &names)
    case .select(_, let a, let b, let then, let otherwise):
      for part in [then, a, b, otherwise] { part.collect(into: &names) }
    }
  }
}

/// Functions of one value.
public enum FormulaFunction: Hashable, Sendable, CaseIterable {
  case negate, abs, sqrt, exp, expm1, log, log1p, tanh
  /// `1 / (1 + exp(-x))`
  case sigmoid
  /// `log(1 + exp(x))`
  case softplus
  case erf, sin, cos
  /// `max(x, 0)`
  case relu
  /// -1, 0 or 1.
  case sign
}

/// Functions of two values.
public enum FormulaOperator: Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, minimum, maximum

  /// Whether the operands may change places.
  var isCommutative: Bool {
    switch self {
    case .add, .multiply: true
    case .subtract, .divide, .power, .minimum, .maximum: false
    }
  }
}

/// How two values are compared. The others follow by changing places of operands or of branches.
public enum FormulaComparison: Hashable, Sendable, CaseIterable {
  case less, lessOrEqual, equal
}
