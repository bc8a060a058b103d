import Diagnostics

/// A function of one value `x`, as the formula of an activation: `x * sigmoid(b * x)`.
///
/// Its grammar is that of `${...}`; it has functions of its own, and every name but `x`, `pi` and `e` is a parameter
/// that is learnt.
public struct Formula: Sendable {
  public indirect enum Term: Sendable {
    case number(Double)
    /// `x` or a learnable parameter.
    case name(String)
    case negative(Term)
    case arithmetic(Operator, Term, Term)
    /// With as many arguments as the function takes.
    case call(FormulaFunctionName, [Term])
    /// `then if condition else otherwise`
    case choice(Condition, then: Term, otherwise: Term)
  }

  public indirect enum Condition: Sendable {
    case comparison(Comparison, Term, Term)
    case not(Condition)
    case and(Condition, Condition)
    case or(Condition, Condition)
  }

  public enum Operator: Sendable { case add, subtract, multiply, divide, power }
  public enum Comparison: Sendable { case equal, unequal, less, lessOrEqual, greater, greaterOrEqual }

  /// The name of the value that the formula is a function of.
  public static let input = "x"
  /// Names that stand for numbers.
  public static let constants: [(name: String, value: Double)] = [("pi", Double.pi), ("e", 2.718281828459045)]
  /// More operations than this, or more learnable names, are refused: the derivative grows with both.
  public static let mostOperations = 200
  public static let mostParameters = 8

  public let root: Term
  /// The learnable names in the order in which they occur first, where they do.
  public let parameters: [Located<String>]

  /// Reads a formula. `span` is where its text stands; where the source shows it as it is, within quotes or not,
  /// mistakes are pointed at within it. Throws `DiagnosticFailure` with `formula.*` findings.
  public static func parse(_ text: String, at span: SourceSpan) throws -> Formula {
    try Formula(text, at: TextPlace(text, at: unquoted(text, span)))
  }

  private init(_ text: String, at place: TextPlace) throws {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw DiagnosticFailure(
        Diagnostic(
          "formula.syntax", "the formula is empty", detail: "Write a function of x, as in 'x * sigmoid(x)'.",
          at: place.span))
    }
    let term: Syntax.Term
    let names: [(name: String, range: Range<Int>)]
    do {
      var parser = try ExpressionParser(text, at: place, functions: FormulaFunctionName.allCases.map(\.rawValue))
      term = try parser.expression()
      names = parser.names
    } catch let failure as DiagnosticFailure {
      throw DiagnosticFailure(failure.diagnostics.map(\.aboutFormula))
    }
    var reader = FormulaReader(place: place)
    root = try reader.term(term)
    parameters = try reader.parameters(names)
  }
}

/// The place of the text itself, where the source has it in quotes.
private func unquoted(_ text: String, _ span: SourceSpan) -> SourceSpan {
  guard span.start.line == span.end.line else { return span }
  let source = span.file.scalars(in: span)
  guard source.count == text.unicodeScalars.count + 2, let first = source.dropFirst().first,
    let last = source.dropLast().last, source.dropFirst().dropLast().map(\.value) == Array(text.unicodeScalars)
  else { return span }
  return SourceSpan(file: span.file, start: first.span.start, end: last.span.end)
}

extension Diagnostic {
  /// A finding of the expression parser under the id that it has in formulas.
  fileprivate var aboutFormula: Diagnostic {
    let id = self.id.split(separator: ".").last.map { "formula.\($0)" } ?? self.id
    return Diagnostic(id, summary, detail: detail, at: span, notes: notes, suggestion: suggestion)
  }
}
