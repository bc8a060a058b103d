import Diagnostics

/// One use of a kind: `conv1d: {out_channels: 128, kernel_size: 3}`, decoded and complete.
public struct Step: Sendable {
  /// The kind's name and where it was written.
  public let kind: Located<String>
  public let values: FieldValues
  /// The step's name within its list, unique there and stable: `conv1d`, `relu_2`, `conv_block_1.conv1d`.
  /// It names parameters in checkpoints and rows in tables.
  public let label: String
  /// The whole step.
  public let span: SourceSpan
  /// The uses of blocks that this step came out of, outermost first.
  public let expandedFrom: [Located<String>]

  public init(
    kind: Located<String>, values: FieldValues, label: String, at span: SourceSpan, expandedFrom: [Located<String>] = []
  ) {
    self.kind = kind
    self.values = values
    self.label = label
    self.span = span
    self.expandedFrom = expandedFrom
  }
}
