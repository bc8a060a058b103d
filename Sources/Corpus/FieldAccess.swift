import Diagnostics
import Spec

extension FieldValue {
  /// Where the value was written; nil for a default.
  var span: SourceSpan? {
    if case .written(let span) = origin { return span }
    return nil
  }
}
