import Diagnostics
import Syntax

extension Findings {
  /// The file at `path`; what is wrong with it as a file is reported at the place that names it.
  func read(_ path: String, namedAt span: SourceSpan) -> SourceFile? {
    do {
      return try readSource(path: path)
    } catch let failure as DiagnosticFailure {
      for found in failure.diagnostics {
        let place = found.span.map { [DiagnosticNote("in this file", at: $0)] } ?? []
        add(
          Diagnostic(
            found.id, found.severity, found.summary, detail: found.detail, at: span, notes: found.notes + place))
      }
    } catch {
      add(Diagnostic("file.unreadable", "cannot read \(path): \(error)", at: span))
    }
    return nil
  }
}
