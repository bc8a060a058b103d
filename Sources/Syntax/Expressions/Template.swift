import Diagnostics

/// A scalar with `${...}` in it. One that is nothing but a single `${...}` takes the type of its value; any other
/// becomes text. `$${` stands for `${`.
public struct Template: Sendable {
  enum Part: Sendable {
    case text(String)
    /// With the text between the braces.
    case expression(Expression, source: String)
  }

  private let parts: [Part]
  private let node: Node

  /// The template that a node holds; nil where it is no scalar, or has neither `${` nor `$${`. Throws
  /// `DiagnosticFailure` with every expression that cannot be read.
  public static func parse(_ node: Node) throws -> Template? {
    guard let text = node.scalar?.text, text.unicodeScalars.contains("$"),
      let parts = try templateParts(text, at: node.span)
    else { return nil }
    return Template(parts: parts, node: node)
  }

  /// The same for a key; see `text`.
  public static func parse(key: Located<String>) throws -> Template? {
    try parse(Node(string: key.value, at: key.span))
  }

  /// Every use of a name, in order.
  public var names: [Located<String>] {
    parts.flatMap { part -> [Located<String>] in
      if case .expression(let expression, _) = part { expression.names } else { [] }
    }
  }

  /// Whether a name starts with `env.`.
  public var usesEnvironment: Bool { names.contains { $0.value.hasPrefix("env.") } }

  /// The value as a node at the template's place: typed where the template is one `${...}`, else a quoted scalar.
  ///
  /// With `keepingEnvironment` the result is a template again, to be evaluated where the environment may be read: each
  /// `${...}` with an `env.` name stays as written, everything else is replaced, and literal `${` stay `$${`.
  /// Throws what `Expression.evaluate` does for all expressions at once.
  public func evaluate(
    known: [String] = [], keepingEnvironment: Bool = false, _ lookup: (String) throws -> ExpressionValue?
  ) throws -> Node {
    if parts.count == 1, case .expression(let expression, _) = parts[0],
      !(keepingEnvironment && expression.usesEnvironment)
    {
      var value = try expression.evaluate(known: known, lookup)
      if keepingEnvironment, case .string(let text) = value { value = .string(Template.escaped(text)) }
      return value.node(at: node.span).replacing(node.replaced)
    }
    let text = try text(known: known, keepingEnvironment: keepingEnvironment, lookup)
    return Node(string: text, at: node.span).replacing(node.replaced)
  }

  /// The value as text, also where the template is one `${...}`: what keys need.
  public func text(
    known: [String] = [], keepingEnvironment: Bool = false, _ lookup: (String) throws -> ExpressionValue?
  ) throws -> String {
    var result = ""
    var findings: [Diagnostic] = []
    for part in parts {
      switch part {
      case .text(let text):
        result += keepingEnvironment ? Template.escaped(text) : text
      case .expression(let expression, let source) where keepingEnvironment && expression.usesEnvironment:
        result += "${\(source)}"
      case .expression(let expression, _):
        do {
          let text = try formatted(expression.evaluate(known: known, lookup))
          result += keepingEnvironment ? Template.escaped(text) : text
        } catch let failure as DiagnosticFailure {
          findings += failure.diagnostics
        }
      }
      // Parameters can be made of parameters, so that a few short texts could otherwise make a huge one.
      guard result.utf8.count <= SyntaxLimits.standard.scalarBytes else {
        findings.append(
          Diagnostic(
            "limit.scalar", "the text is longer than \(SyntaxLimits.standard.scalarBytes) bytes", at: node.span))
        break
      }
    }
    guard findings.isEmpty else { throw DiagnosticFailure(findings) }
    return result
  }

  /// The text with every `${` written as `$${`, so that reading it as a template gives it back.
  public static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "{", previous == "$" {
        result.append(contentsOf: "${".unicodeScalars)
      } else {
        result.append(scalar)
      }
      previous = scalar
    }
    return String(result)
  }

  private func formatted(_ value: ExpressionValue) throws -> String {
    switch value {
    case .integer(let value): return String(value)
    case .number(let value): return shortest(value)
    case .string(let value): return value
    case .boolean(let value): return value ? "true" : "false"
    case .list, .null:
      throw DiagnosticFailure(
        Diagnostic(
          "expression.type", "\(value.described) cannot stand inside a text",
          detail: "A scalar that is nothing but one '${...}' may be of any type.", at: node.span))
    }
  }
}
