import Diagnostics

/// Takes from the syntax of expressions what has a meaning in formulas.
struct FormulaReader {
  let place: TextPlace
  private var operations = 0

  init(place: TextPlace) { self.place = place }

  mutating func term(_ term: Term) throws -> Formula.Term {
    switch term.kind {
    case .value(.integer(let value)): return try number(Double(value), term)
    case .value(.number(let value)): return try number(value, term)
    case .name(let name):
      if let constant = Formula.constants.first(where: { $0.name == name }) { return .number(constant.value) }
      return .name(name)
    case .negative(let operand):
      try count(term)
      return .negative(try self.term(operand))
    case .arithmetic(let operation, let a, let b):
      try count(term)
      guard let known = operation.inFormulas else {
        throw failure(
          "operator", "'\(operation.rawValue)' has no derivative", term,
          detail: "Formulas are made of + - * / ** and functions.")
      }
      let left = try self.term(a)
      return .arithmetic(known, left, try self.term(b))
    case .call(let name, let arguments): return try call(name, arguments, term)
    case .conditional(let test, let then, let otherwise):
      let value = try self.term(then)
      let condition = try condition(test)
      return .choice(condition, then: value, otherwise: try self.term(otherwise))
    case .comparison, .not, .and, .or:
      throw failure(
        "type", "a comparison is no number", term, detail: "Choose by it: 'x if x > 0 else 0'.")
    case .value, .list, .index:
      throw failure("type", "there are only numbers and names in a formula", term)
    }
  }

  private mutating func condition(_ term: Term) throws -> Formula.Condition {
    switch term.kind {
    case .comparison(let comparison, let a, let b):
      try count(term)
      let left = try self.term(a)
      return .comparison(comparison.inFormulas, left, try self.term(b))
    case .not(let operand): return .not(try condition(operand))
    case .and(let a, let b):
      let left = try condition(a)
      return .and(left, try condition(b))
    case .or(let a, let b):
      let left = try condition(a)
      return .or(left, try condition(b))
    default:
      throw failure("type", "'if' needs a comparison", term, detail: "Compare the value with something: 'x > 0'.")
    }
  }

  private mutating func call(_ name: String, _ arguments: [Term], _ term: Term) throws -> Formula.Term {
    guard let function = FormulaFunctionName(rawValue: name) else {
      throw failure("function", "there is no function '\(name)'", term)
    }
    let (words, counts) = function.arity
    guard counts.contains(arguments.count) else {
      throw failure("arguments", "\(name) takes \(words), found \(arguments.count)", term)
    }
    for _ in 0..<max(1, arguments.count - 1) { try count(term) }
    return .call(function, try arguments.map { try self.term($0) })
  }

  /// The learnable names among all; each name must be one that can be learnt, and `x` must be there.
  func parameters(_ names: [(name: String, range: Range<Int>)]) throws -> [Located<String>] {
    var result: [Located<String>] = []
    for (name, range) in names {
      let isKnown = name == Formula.input || Formula.constants.contains { $0.name == name }
      if isKnown || result.contains(where: { $0.value == name }) { continue }
      if FormulaFunctionName(rawValue: name) != nil {
        throw failure("name", "'\(name)' is a function", range, detail: "Write \(name)(...).")
      }
      if name.contains(".") {
        throw failure(
          "name", "'\(name)' cannot be the name of a parameter", range, detail: "Names have letters, digits and '_'.")
      }
      result.append(Located(name, at: place.span(range)))
      if result.count > Formula.mostParameters {
        throw failure("too_large", "the formula has more than \(Formula.mostParameters) learnable names", range)
      }
    }
    guard names.contains(where: { $0.name == Formula.input }) else {
      throw DiagnosticFailure(
        Diagnostic(
          "formula.no_input", "x does not occur in the formula",
          detail: "'\(Formula.input)' is the value that comes in; all other names are parameters that are learnt.",
          at: place.span))
    }
    return result
  }

  private func number(_ value: Double, _ term: Term) throws -> Formula.Term {
    guard abs(value) <= Double(Float.greatestFiniteMagnitude) else {
      throw failure("number", "the number does not fit into 32 bits", term, detail: "The largest is 3.4e38.")
    }
    return .number(value)
  }

  private mutating func count(_ term: Term) throws {
    operations += 1
    if operations > Formula.mostOperations {
      throw failure(
        "too_large", "the formula has more than \(Formula.mostOperations) operations", term,
        detail: "Put several layers behind each other instead.")
    }
  }

  private func failure(_ id: String, _ summary: String, _ term: Term, detail: String? = nil) -> DiagnosticFailure {
    failure(id, summary, term.range, detail: detail)
  }

  private func failure(
    _ id: String, _ summary: String, _ range: Range<Int>, detail: String? = nil
  ) -> DiagnosticFailure {
    DiagnosticFailure(Diagnostic("formula.\(id)", summary, detail: detail, at: place.span(range)))
  }
}

extension ArithmeticOperator {
  /// nil for what has no derivative.
  fileprivate var inFormulas: Formula.Operator? {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    case .floorDivide, .remainder: nil
    }
  }
}

extension ComparisonOperator {
  fileprivate var inFormulas: Formula.Comparison {
    switch self {
    case .equal: .equal
    case .unequal: .unequal
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    }
  }
}
