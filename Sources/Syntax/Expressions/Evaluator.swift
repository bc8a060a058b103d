import Diagnostics

/// Computes a term. The depth of recursion is bounded by the number of words that an expression may have.
struct Evaluator {
  /// Values in a list and the lists within it, and lists within each other: names can stand for lists, so that a few
  /// short expressions could otherwise make a huge one.
  static let mostValues = 10_000
  static let deepestList = 32

  let place: TextPlace
  let values: [String: ExpressionValue]

  func value(of term: Term) throws -> ExpressionValue {
    switch term.kind {
    case .value(let value):
      return value
    case .name(let name):
      // The expression has looked all names up; see `Expression.evaluate`.
      return values[name] ?? .null
    case .list(let terms):
      let list = ExpressionValue.list(try terms.map(value))
      var room = Self.mostValues
      guard list.fits(in: &room, depth: Self.deepestList) else {
        throw failure(OperationProblem("too_large", "the list has too many values or too many levels"), term)
      }
      return list
    case .call(let name, let arguments):
      guard let function = ExpressionFunction(rawValue: name) else {
        throw failure(OperationProblem("function", "there is no function '\(name)'"), term)
      }
      let values = try arguments.map(value)
      return try checked(term) { () throws(OperationProblem) in try function(values) }
    case .index(let list, let position):
      return try item(of: list, at: position)
    case .negative(let operand):
      let value = try value(of: operand)
      guard value.asNumber != nil else {
        throw failure(OperationProblem("type", "'-' needs a number, found \(value.described)"), operand)
      }
      if case .number(let number) = value { return .number(-number) }
      return try checked(term) { () throws(OperationProblem) in try arithmetic(.subtract, .integer(0), value) }
    case .not(let operand):
      return .boolean(!(try condition(operand, of: "not")))
    case .and(let a, let b):
      return .boolean(try condition(a, of: "and") && condition(b, of: "and"))
    case .or(let a, let b):
      return .boolean(try condition(a, of: "or") || condition(b, of: "or"))
    case .arithmetic(let operation, let a, let b):
      let (x, y) = (try value(of: a), try value(of: b))
      return try checked(term) { () throws(OperationProblem) in try arithmetic(operation, x, y) }
    case .comparison(let comparison, let a, let b):
      let (x, y) = (try value(of: a), try value(of: b))
      return .boolean(try checked(term) { () throws(OperationProblem) in try compare(comparison, x, y) })
    case .conditional(let test, let then, let otherwise):
      return try value(of: condition(test, of: "if") ? then : otherwise)
    }
  }

  private func condition(_ term: Term, of word: String) throws -> Bool {
    let value = try value(of: term)
    guard case .boolean(let truth) = value else {
      throw failure(
        OperationProblem(
          "type", "'\(word)' needs true or false, found \(value.described)",
          detail: "Compare it with something: x > 0, x == 'a'."),
        term)
    }
    return truth
  }

  private func item(of list: Term, at position: Term) throws -> ExpressionValue {
    let value = try value(of: list)
    guard case .list(let items) = value else {
      throw failure(OperationProblem("type", "only a list has items, found \(value.described)"), list)
    }
    let place = try self.value(of: position)
    guard case .integer(let number) = place else {
      throw failure(OperationProblem("type", "an item's place is a whole number, found \(place.described)"), position)
    }
    // From the end below zero, as in Python.
    let index = number < 0 ? number + items.count : number
    guard items.indices.contains(index) else {
      throw failure(
        OperationProblem(
          "index", "the list has \(items.count) \(items.count == 1 ? "item" : "items"), and none at \(number)",
          detail: "The first item is at 0."), position)
    }
    return items[index]
  }

  private func checked<T>(_ term: Term, _ body: () throws(OperationProblem) -> T) throws -> T {
    do {
      return try body()
    } catch {
      throw failure(error, term)
    }
  }

  private func failure(_ problem: OperationProblem, _ term: Term) -> DiagnosticFailure {
    DiagnosticFailure(Diagnostic(problem.id, problem.summary, detail: problem.detail, at: place.span(term.range)))
  }
}

extension ExpressionValue {
  /// Whether the value has no more values and levels than there is room for.
  fileprivate func fits(in room: inout Int, depth: Int) -> Bool {
    room -= 1
    guard room >= 0 else { return false }
    guard case .list(let items) = self else { return true }
    guard depth > 0 else { return false }
    for item in items {
      guard item.fits(in: &room, depth: depth - 1) else { return false }
    }
    return true
  }
}
