import Corpus
import Diagnostics
import Spec

/// What `doctor` has to say of a corpus: the inspection of its clips, its tables, and findings about the corpus as a whole.
public struct InspectionReport: Sendable {
  /// The corpus's name.
  let name: String
  let inspection: CorpusInspection
  let tables: InspectionTables
  /// Findings that are not about one clip: of the scan, and of the split that a run would draw.
  public let diagnostics: [Diagnostic]

  /// - Parameter diagnostics: findings about the corpus as a whole.
  public init(_ inspection: CorpusInspection, corpus: CorpusSpec, diagnostics: [Diagnostic]) {
    name = corpus.name
    self.inspection = inspection
    self.diagnostics = diagnostics
    tables = InspectionTables(inspection, corpus: corpus)
  }

  /// How many findings would stop a run.
  public var errors: Int {
    inspection.findings.count { $0.severity == .error } + diagnostics.errorCount
  }

  var warnings: Int { inspection.findings.count + diagnostics.count - errors }

  /// The quantiles that durations are told by.
  static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]
}
