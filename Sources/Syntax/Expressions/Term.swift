/// An expression's syntax tree, with the scalars that each part covers.
struct Term: Sendable {
  indirect enum Kind: Sendable {
    case value(ExpressionValue)
    case name(String)
    case list([Term])
    /// A function that the parser was given, by name.
    case call(String, [Term])
    case index(Term, Term)
    case negative(Term)
    case not(Term)
    case and(Term, Term)
    case or(Term, Term)
    case arithmetic(ArithmeticOperator, Term, Term)
    case comparison(ComparisonOperator, Term, Term)
    /// `then if condition else otherwise`
    case conditional(Term, then: Term, otherwise: Term)
  }

  let kind: Kind
  let range: Range<Int>
}

enum ArithmeticOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"

  /// The operators of sums; they bind looser than those of products.
  static let ofSums: [ArithmeticOperator] = [.add, .subtract]
  /// The operators of products.
  static let ofProducts: [ArithmeticOperator] = [.multiply, .divide, .floorDivide, .remainder]
}

enum ComparisonOperator: String, CaseIterable, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}
