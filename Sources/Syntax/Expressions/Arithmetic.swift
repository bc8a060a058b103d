import Foundation

/// Why an operation has no value; the evaluator adds the place.
struct OperationProblem: Error {
  let id: String
  let summary: String
  var detail: String?

  init(_ id: String, _ summary: String, detail: String? = nil) {
    self.id = "expression.\(id)"
    self.summary = summary
    self.detail = detail
  }

  static let overflow = OperationProblem("overflow", "the result is too large")
  static let division = OperationProblem("division", "division by zero")
}

/// Arithmetic as Python has it: whole numbers stay whole (but for `/`), `//` and `%` round towards minus infinity.
/// Whatever has no finite value, or no 64-bit one, is a problem rather than a trap.
func arithmetic(
  _ operation: ArithmeticOperator, _ a: ExpressionValue, _ b: ExpressionValue
) throws(OperationProblem) -> ExpressionValue {
  if case .integer(let x) = a, case .integer(let y) = b, let whole = try whole(operation, x, y) {
    return .integer(whole)
  }
  guard let x = a.asNumber, let y = b.asNumber else {
    let odd = a.asNumber == nil ? a : b
    throw OperationProblem("type", "'\(operation.rawValue)' needs numbers, found \(odd.described)")
  }
  let result: Double
  switch operation {
  case .add: result = x + y
  case .subtract: result = x - y
  case .multiply: result = x * y
  case .divide, .floorDivide, .remainder:
    guard y != 0 else { throw .division }
    switch operation {
    case .divide: result = x / y
    case .floorDivide: result = (x / y).rounded(.down)
    default:
      let rest = fmod(x, y)
      result = rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
    }
  case .power:
    if x == 0, y < 0 { throw .division }
    result = pow(x, y)
    if result.isNaN { throw OperationProblem("domain", "a root of a negative number has no value") }
  }
  guard result.isFinite else { throw .overflow }
  return .number(result)
}

/// The whole result of two whole numbers, or nil where it is none: `/` and negative powers.
private func whole(_ operation: ArithmeticOperator, _ x: Int, _ y: Int) throws(OperationProblem) -> Int? {
  let (result, overflow): (Int, Bool)
  switch operation {
  case .add: (result, overflow) = x.addingReportingOverflow(y)
  case .subtract: (result, overflow) = x.subtractingReportingOverflow(y)
  case .multiply: (result, overflow) = x.multipliedReportingOverflow(by: y)
  case .divide: return nil
  case .floorDivide, .remainder:
    guard y != 0 else { throw .division }
    let (quotient, outOfRange) = x.dividedReportingOverflow(by: y)
    // Only Int.min / -1 is out of range; its remainder is 0.
    if outOfRange { if operation == .remainder { return 0 } else { throw .overflow } }
    let rest = x - quotient * y
    let isBelow = rest != 0 && (rest < 0) != (y < 0)
    return operation == .floorDivide ? (isBelow ? quotient - 1 : quotient) : (isBelow ? rest + y : rest)
  case .power:
    return y < 0 ? nil : try wholePower(x, y)
  }
  if overflow { throw .overflow }
  return result
}

/// By repeated squaring: at most 64 steps, however large the exponent is.
private func wholePower(_ base: Int, _ exponent: Int) throws(OperationProblem) -> Int {
  var result = 1
  var factor = base
  var rest = exponent
  while true {
    if rest & 1 == 1 {
      let (product, overflow) = result.multipliedReportingOverflow(by: factor)
      if overflow { throw .overflow }
      result = product
    }
    rest >>= 1
    if rest == 0 { return result }
    let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
    if overflow { throw .overflow }
    factor = square
  }
}

/// Equality holds between values of different types only where both are numbers; order between numbers and between
/// texts.
func compare(
  _ comparison: ComparisonOperator, _ a: ExpressionValue, _ b: ExpressionValue
) throws(OperationProblem) -> Bool {
  switch comparison {
  case .equal: return a.equals(b)
  case .unequal: return !a.equals(b)
  case .less, .lessOrEqual, .greater, .greaterOrEqual: break
  }
  func ordered<T: Comparable>(_ x: T, _ y: T) -> Bool {
    switch comparison {
    case .less: x < y
    case .lessOrEqual: x <= y
    case .greater: x > y
    default: x >= y
    }
  }
  if case .integer(let x) = a, case .integer(let y) = b { return ordered(x, y) }
  if let x = a.asNumber, let y = b.asNumber { return ordered(x, y) }
  if case .string(let x) = a, case .string(let y) = b { return ordered(x, y) }
  throw OperationProblem(
    "type", "'\(comparison.rawValue)' cannot order \(a.described) and \(b.described)",
    detail: "Two numbers or two texts can be put in order.")
}

extension ExpressionValue {
  /// The value of a number, whole or not; nil for all else.
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// Equality as expressions see it: `1 == 1.0`.
  func equals(_ other: ExpressionValue) -> Bool {
    switch (self, other) {
    case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.equals($1) }
    default: self == other
    }
  }
}
