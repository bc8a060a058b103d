/// What a field accepts. One table of fields decodes, documents and generates the schema.
public indirect enum FieldType: Sendable {
  /// A whole number, optionally bounded (both bounds included).
  case integer(min: Int? = nil, max: Int? = nil)
  /// A real number, optionally bounded (both bounds included unless `exclusiveMin`). `1e-4` is a number.
  case number(min: Double? = nil, max: Double? = nil, exclusiveMin: Bool = false)
  /// `true` or `false`, nothing else.
  case boolean
  /// Any text.
  case string
  /// One of the given words.
  case choice([String])
  /// A list whose items all have one type.
  case list(FieldType, min: Int? = nil, max: Int? = nil)
  /// One whole number, or one per spatial axis: `3` or `[3, 5]`. Decodes to a list of one or more integers.
  case sizes(min: Int? = nil, max: Int? = nil)
  /// Either of several types; the first that fits is taken.
  case either([FieldType])
  /// `~` is accepted beside the type and decodes to `.none`.
  case optional(FieldType)
  /// One step of a vocabulary: `relu`, `linear: 128` or `conv1d: {…}`.
  case step(VocabularyPart)
  /// A list of steps.
  case steps(VocabularyPart)
  /// A mapping with its own fields.
  case group(FieldTable)
  /// A mapping of which the key `tag` names the kind: `{policy: fixed, seconds: 3}`. A bare word is the kind without fields.
  case variant(tag: String, VocabularyPart)
  /// A mapping from free names to one type, in the written order.
  case dictionary(FieldType)
  /// A path or text that may hold `${env.NAME}`; the only type that reads the environment, and it keeps the text as written.
  case environmentText
  /// A function of `x` such as `x * sigmoid(b * x)`: checked when it is decoded, kept as text.
  case formula
  /// Any scalar or list, of the type that it is written in: what a parameter can hold.
  case value
}
