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
  /// Fields of which exactly one is given, such as `min` and `max` of `keep`; all of them are optional by themselves.
  /// One that is merged over another replaces it.
  public let exclusive: [String]
  /// Fields of type `.dictionary` whose keys are learnable names of a formula, each with the field that holds that formula.
  public let learnable: [String: String]

  public init(
    _ fields: [Field], primary: String? = nil, exclusive: [String] = [], learnable: [String: String] = [:]
  ) {
    self.fields = fields
    self.primary = primary
    self.exclusive = exclusive
    self.learnable = learnable
  }

  /// The field `name`, or nil.
  public func field(_ name: String) -> Field? {
    fields.first { $0.name == name }
  }
}
