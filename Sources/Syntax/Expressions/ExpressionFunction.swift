/// The functions of expressions.
enum ExpressionFunction: String, CaseIterable, Sendable {
  /// The least of two or more numbers, or of a list of them.
  case min
  /// The greatest.
  case max
  /// The nearest whole number above.
  case ceil
  /// The nearest whole number below.
  case floor
  /// The nearest whole number; halves go to the even one, as in Python.
  case round
  case abs
  case sqrt
  /// How many items a list or characters a text has.
  case len
  /// The whole part of a number: fractions are cut off towards zero.
  case int

  /// The function's value.
  func callAsFunction(_ arguments: [ExpressionValue]) throws(OperationProblem) -> ExpressionValue {
    if self == .min || self == .max { return try extreme(arguments) }
    guard arguments.count == 1, let argument = arguments.first else {
      throw OperationProblem("arguments", "\(rawValue) takes one value, found \(arguments.count)")
    }
    if self == .len { return .integer(try length(argument)) }
    guard let number = argument.asNumber else {
      throw OperationProblem("type", "\(rawValue) needs a number, found \(argument.described)")
    }
    switch self {
    case .sqrt:
      guard number >= 0 else { throw OperationProblem("domain", "a root of a negative number has no value") }
      return .number(number.squareRoot())
    case .abs:
      guard case .integer(let whole) = argument else { return .number(Swift.abs(number)) }
      guard whole != .min else { throw .overflow }
      return .integer(Swift.abs(whole))
    default:
      if case .integer = argument { return argument }
      let rule: FloatingPointRoundingRule =
        switch self {
        case .ceil: .up
        case .floor: .down
        case .round: .toNearestOrEven
        default: .towardZero
        }
      guard let whole = Int(exactly: number.rounded(rule)) else { throw .overflow }
      return .integer(whole)
    }
  }

  private func length(_ value: ExpressionValue) throws(OperationProblem) -> Int {
    switch value {
    case .list(let items): return items.count
    case .string(let text): return text.unicodeScalars.count
    default: throw OperationProblem("type", "len needs a list or a text, found \(value.described)")
    }
  }

  private func extreme(_ arguments: [ExpressionValue]) throws(OperationProblem) -> ExpressionValue {
    let values: [ExpressionValue]
    if arguments.count == 1, case .list(let items) = arguments[0] {
      values = items
    } else {
      values = arguments.count > 1 ? arguments : []
    }
    guard var best = values.first else {
      throw OperationProblem("arguments", "\(rawValue) takes two or more numbers, or a list of them")
    }
    for value in values {
      guard value.asNumber != nil else {
        throw OperationProblem("type", "\(rawValue) needs numbers, found \(value.described)")
      }
      if try compare(self == .min ? .less : .greater, value, best) { best = value }
    }
    return best
  }
}
