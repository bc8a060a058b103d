extension DiagnosticFailure {
  /// A failure with a single finding.
  public init(_ diagnostic: Diagnostic) {
    self.init([diagnostic])
  }
}

extension Collection where Element == Diagnostic {
  /// How many findings are errors.
  public var errorCount: Int { reduce(0) { $0 + ($1.severity == .error ? 1 : 0) } }

  /// How many findings are warnings.
  public var warningCount: Int { count - errorCount }
}
