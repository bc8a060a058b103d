/// One key of a mapping: its type, its default and a sentence for people.
public struct Field: Sendable {
  public enum Default: Sendable {
    /// The field must be given.
    case required
    /// The field may be left out and then has this value.
    case value(FieldValue.Content)
  }

  public let name: String
  public let type: FieldType
  public let `default`: Default
  /// What the field does, with its unit, in one sentence.
  public let doc: String

  public init(_ name: String, _ type: FieldType, default: Default = .required, doc: String) {
    self.name = name
    self.type = type
    self.default = `default`
    self.doc = doc
  }
}

/// The fields of one mapping.
public struct FieldTable: Sendable {
  public let fields: [Field]
  /// The field that a bare value means: `linear: 128` is `linear: {out_features: 128}`.
  public let primary: String?

  public init(_ fields: [Field], primary: String? = nil) {
    self.fields = fields
    self.primary = primary
  }
}
