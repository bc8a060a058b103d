import Diagnostics

/// What expansion knows of a tree beside the tree itself, by dotted path, for the decoder.
struct ExpansionRecord {
  /// The names of steps within their list and the uses of blocks that they came out of.
  struct StepRecord {
    let label: String
    let expandedFrom: [Located<String>]
    /// Where the value of the name was written, if the name is an expression.
    let namedAt: SourceSpan?
  }

  var steps: [String: StepRecord] = [:]
  /// Paths of values that could not be worked out: reported, and not to be looked at any more.
  var failed: Set<String> = []
}

/// `path` continued by `key`.
func below(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
