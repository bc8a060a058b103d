import Glibc

/// Nodes are simplified as they are made, by rules that look one or two levels down. They keep values up to rounding;
/// only where a part is not finite can the simplified form be finite instead (`0 * x` is 0).
extension FormulaGraph {
  mutating func unary(_ function: FormulaFunction, _ a: Index) -> Index {
    if let value = number(a), let folded = finite(function.value(value)) { return constant(folded) }
    switch (function, nodes[a]) {
    case (.negate, .unary(.negate, let inner)): return inner
    case (.negate, .binary(.subtract, let left, let right)): return difference(right, left)
    case (.abs, .unary(.negate, let inner)): return unary(.abs, inner)
    case (.abs, .unary(.abs, _)), (.relu, .unary(.relu, _)): return a
    case (.log, .unary(.exp, let inner)): return inner
    // The forms that neither overflow nor lose digits.
    case (.log, .binary(.add, let left, let right)):
      guard let rest = other(than: 1, left, right) else { break }
      if case .unary(.exp, let inner) = nodes[rest] { return unary(.softplus, inner) }
      return unary(.log1p, rest)
    case (.log1p, .unary(.exp, let inner)): return unary(.softplus, inner)
    default: break
    }
    return intern(.unary(function, a))
  }

  mutating func binary(_ operation: FormulaOperator, _ a: Index, _ b: Index) -> Index {
    if let x = number(a), let y = number(b), let folded = finite(operation.value(x, y)) { return constant(folded) }
    // Numbers stand on the right, so that one rule serves both orders.
    if operation.isCommutative, number(a) != nil || (number(b) == nil && a > b) {
      return simplified(operation, b, a)
    }
    return simplified(operation, a, b)
  }

  private mutating func simplified(_ operation: FormulaOperator, _ a: Index, _ b: Index) -> Index {
    let found: Index? =
      switch operation {
      case .add: simplifiedSum(a, b)
      case .subtract: simplifiedDifference(a, b)
      case .multiply: simplifiedProduct(a, b)
      case .divide: simplifiedQuotient(a, b)
      case .power: simplifiedPower(a, b)
      case .minimum: a == b ? a : nil
      case .maximum: simplifiedMaximum(a, b)
      }
    return found ?? intern(.binary(operation, a, b))
  }

  private mutating func simplifiedSum(_ a: Index, _ b: Index) -> Index? {
    if number(b) == 0 { return a }
    if case .unary(.negate, let inner) = nodes[b] { return difference(a, inner) }
    if case .unary(.negate, let inner) = nodes[a] { return difference(b, inner) }
    if number(b) == -1, case .unary(.exp, let inner) = nodes[a] { return unary(.expm1, inner) }
    return nil
  }

  private mutating func simplifiedDifference(_ a: Index, _ b: Index) -> Index? {
    if number(b) == 0 { return a }
    if number(a) == 0 { return unary(.negate, b) }
    if a == b { return constant(0) }
    if case .unary(.negate, let inner) = nodes[b] { return sum(a, inner) }
    if number(b) == 1, case .unary(.exp, let inner) = nodes[a] { return unary(.expm1, inner) }
    return nil
  }

  private mutating func simplifiedProduct(_ a: Index, _ b: Index) -> Index? {
    if let factor = number(b) {
      if factor == 0 { return b }
      if factor == 1 { return a }
      if factor == -1 { return unary(.negate, a) }
      if case .binary(.multiply, let inner, let other) = nodes[a], let second = number(other),
        let product = finite(factor * second)
      {
        return self.product(inner, constant(product))
      }
      if case .unary(.negate, let inner) = nodes[a] { return product(inner, constant(-factor)) }
    }
    switch (nodes[a], nodes[b]) {
    case (.unary(.negate, let left), .unary(.negate, let right)): return product(left, right)
    case (.unary(.negate, let left), _): return unary(.negate, product(left, b))
    case (_, .unary(.negate, let right)): return unary(.negate, product(a, right))
    // What a branch sets to zero stays zero, whatever the other factor is there.
    case (.select(let comparison, let x, let y, let then, let otherwise), _)
    where number(then) == 0 || number(otherwise) == 0:
      return select(comparison, x, y, product(then, b), product(otherwise, b))
    case (_, .select(let comparison, let x, let y, let then, let otherwise))
    where number(then) == 0 || number(otherwise) == 0:
      return select(comparison, x, y, product(a, then), product(a, otherwise))
    default: return nil
    }
  }

  private mutating func simplifiedQuotient(_ a: Index, _ b: Index) -> Index? {
    if number(a) == 0 { return a }
    if let divisor = number(b), let factor = finite(1 / divisor) { return product(a, constant(factor)) }
    if case .unary(.negate, let inner) = nodes[b] { return unary(.negate, quotient(a, inner)) }
    // 1 / (1 + exp(u)) has a gradient also where exp(u) is too large.
    if case .binary(.add, let left, let right) = nodes[b], let rest = other(than: 1, left, right),
      case .unary(.exp, let inner) = nodes[rest]
    {
      let negative = unary(.negate, inner)
      return product(a, unary(.sigmoid, negative))
    }
    return nil
  }

  private mutating func simplifiedPower(_ a: Index, _ b: Index) -> Index? {
    guard let exponent = number(b) else { return nil }
    if exponent == 0.5 { return unary(.sqrt, a) }
    if exponent == -0.5 { return quotient(constant(1), unary(.sqrt, a)) }
    if exponent == 0 { return constant(1) }
    if exponent < 0, exponent == exponent.rounded() {
      return quotient(constant(1), binary(.power, a, constant(-exponent)))
    }
    guard exponent == exponent.rounded(), exponent <= Self.largestProductPower else { return nil }
    // By squares, which other powers of the same base share.
    var (result, square, rest): (Index?, Index, Int) = (nil, a, Int(exponent))
    while rest > 0 {
      if rest & 1 == 1 { result = result.map { product($0, square) } ?? square }
      rest >>= 1
      if rest > 0 { square = product(square, square) }
    }
    return result
  }

  /// Whole powers up to this one are products.
  private static let largestProductPower = 64.0

  private mutating func simplifiedMaximum(_ a: Index, _ b: Index) -> Index? {
    if a == b { return a }
    if number(b) == 0 { return unary(.relu, a) }
    if number(a) == 0 { return unary(.relu, b) }
    return nil
  }

  mutating func select(
    _ comparison: FormulaComparison, _ a: Index, _ b: Index, _ then: Index, _ otherwise: Index
  ) -> Index {
    if then == otherwise { return then }
    if let x = number(a), let y = number(b) { return comparison.holds(x, y) ? then : otherwise }
    return intern(.select(comparison, a, b, then, otherwise))
  }

  /// Of two operands the one beside a number.
  private func other(than value: Double, _ a: Index, _ b: Index) -> Index? {
    number(b) == value ? a : number(a) == value ? b : nil
  }
}

/// nil where a constant has no value, which then is computed as PyTorch would: to infinity or NaN.
private func finite(_ value: Double) -> Double? {
  abs(value) <= Double(Float.greatestFiniteMagnitude) ? value : nil
}

extension FormulaFunction {
  /// The value for a number.
  func value(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .abs: Swift.abs(x)
    case .sqrt: x.squareRoot()
    case .exp: Glibc.exp(x)
    case .expm1: Glibc.expm1(x)
    case .log: Glibc.log(x)
    case .log1p: Glibc.log1p(x)
    case .tanh: Glibc.tanh(x)
    case .sigmoid: 1 / (1 + Glibc.exp(-x))
    case .softplus: Swift.max(x, 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    case .erf: Glibc.erf(x)
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .relu: Swift.max(x, 0)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    }
  }
}

extension FormulaOperator {
  /// The value for two numbers.
  func value(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: pow(a, b)
    case .minimum: Swift.min(a, b)
    case .maximum: Swift.max(a, b)
    }
  }
}

extension FormulaComparison {
  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .equal: a == b
    }
  }
}
