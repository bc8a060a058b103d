import Diagnostics

/// What stands between `${` and `}`: arithmetic over names, and nothing that could reach outside the spec.
public struct Expression: Sendable {
  /// Every use of a name, in order; `env.NAME` is one name.
  public let names: [Located<String>]
  private let term: Term
  private let place: TextPlace

  /// Reads the text between the braces. `span` is where that text stands; where it is as wide as the text, mistakes
  /// are pointed at within it. Throws `DiagnosticFailure` with one `expression.*` finding.
  public static func parse(_ text: String, at span: SourceSpan) throws -> Expression {
    try Expression(text, at: TextPlace(text, at: span))
  }

  init(_ text: String, at place: TextPlace) throws {
    var parser = try ExpressionParser(text, at: place)
    term = try parser.expression()
    names = parser.names.map { Located($0.name, at: place.span($0.range)) }
    self.place = place
  }

  /// Whether a name starts with `env.`.
  public var usesEnvironment: Bool { names.contains { $0.value.hasPrefix("env.") } }

  /// The value. `lookup` is asked once for each name, also where a condition passes it by; nil says that there is no
  /// such name, and `known` are the names that may have been meant. Throws what `lookup` throws, and
  /// `DiagnosticFailure` with `expression.*` findings: all unknown names at once.
  public func evaluate(
    known: [String] = [], _ lookup: (String) throws -> ExpressionValue?
  ) throws -> ExpressionValue {
    var values: [String: ExpressionValue] = [:]
    var unknown: [Diagnostic] = []
    for name in names where values[name.value] == nil {
      if let value = try lookup(name.value) {
        values[name.value] = value
      } else {
        unknown.append(finding(aboutUnknown: name, known: known))
      }
    }
    guard unknown.isEmpty else { throw DiagnosticFailure(unknown) }
    return try Evaluator(place: place, values: values).value(of: term)
  }

  private func finding(aboutUnknown name: Located<String>, known: [String]) -> Diagnostic {
    if name.value.hasPrefix("env.") {
      return Diagnostic(
        "expression.environment", "environment variables are not allowed here",
        detail: "Only a field that names a folder takes '${env.NAME}', so that a spec means the same everywhere.",
        at: name.span)
    }
    let isFunction = ExpressionFunction(rawValue: name.value) != nil
    let list = known.isEmpty ? "No name is known here." : "Known here: \(known.prefix(20).joined(separator: ", "))."
    return Diagnostic(
      "expression.unknown", "there is no parameter '\(name.value)'",
      detail: isFunction ? "'\(name.value)' is a function: write \(name.value)(...)." : list, at: name.span,
      suggestion: nearest(name.value, in: known))
  }
}
