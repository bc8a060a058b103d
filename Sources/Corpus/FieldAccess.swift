import Diagnostics
import Spec

extension FieldValue {
  /// Where the value was written; nil for a default, which no message can point at.
  var writtenSpan: SourceSpan? {
    if case .written(let span) = origin { return span }
    return nil
  }
}
