/// How bad a finding is. Only errors stop a run.
public enum Severity: String, Sendable, Codable {
  case error
  case warning
}

/// A second place that explains a finding, such as the line that made a shape.
public struct DiagnosticNote: Sendable {
  public let message: String
  public let span: SourceSpan?

  public init(_ message: String, at span: SourceSpan? = nil) {
    self.message = message
    self.span = span
  }
}

/// One finding about what the user wrote: data, not text, so that it can be shown as text, JSON or SARIF.
public struct Diagnostic: Error, Sendable {
  /// Stable and documented, `area.finding`: `shape.mismatch`, `key.unknown`.
  public let id: String
  public let severity: Severity
  /// One line, without a full stop: what is wrong.
  public let summary: String
  /// What was expected, what was found and how to mend it, in whole sentences.
  public let detail: String?
  public let span: SourceSpan?
  public let notes: [DiagnosticNote]
  /// The text that most likely was meant, to stand in place of `span`.
  public let suggestion: String?

  public init(
    _ id: String, _ severity: Severity, _ summary: String, detail: String? = nil, at span: SourceSpan? = nil,
    notes: [DiagnosticNote] = [], suggestion: String? = nil
  ) {
    self.id = id
    self.severity = severity
    self.summary = summary
    self.detail = detail
    self.span = span
    self.notes = notes
    self.suggestion = suggestion
  }

  /// An error. (Swift cannot leave out an unlabelled argument before another one.)
  public init(
    _ id: String, _ summary: String, detail: String? = nil, at span: SourceSpan? = nil, notes: [DiagnosticNote] = [],
    suggestion: String? = nil
  ) {
    self.init(id, .error, summary, detail: detail, at: span, notes: notes, suggestion: suggestion)
  }
}

extension Diagnostic {
  /// The same finding with one note more.
  public func noting(_ message: String, at span: SourceSpan? = nil) -> Diagnostic {
    Diagnostic(
      id, severity, summary, detail: detail, at: self.span, notes: notes + [DiagnosticNote(message, at: span)],
      suggestion: suggestion)
  }
}

/// Several errors found by one phase; thrown where a phase cannot give its value.
public struct DiagnosticFailure: Error, Sendable {
  /// All findings of the phase, warnings among them; at least one is an error.
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}
