/// The sets of kinds that a spec can name. Each is filled by the module that implements it.
public enum VocabularyPart: String, Sendable, Hashable, CaseIterable {
  /// `conv1d`, `relu`: items of a node's `layers`.
  case layer
  /// `concat`, `add`: how a node joins several others. The primary field of its table is the list of their names.
  case combinator
  /// `resample`, `mono`, `z_score`: items of `audio`.
  case audioStep = "audio step"
  /// `mfcc`, `stack`, `resize`: items of a feature.
  case featureStep = "feature step"
  /// `noise`, `spec_augment`, `mixup`: items of `augment`.
  case augmentation
  /// `fixed`, `batch_longest`.
  case lengthPolicy = "length policy"
  /// `stratified`.
  case splitPolicy = "split policy"
  case optimizer
  case schedule
  case loss
  /// `ema`, `swa`: which mean of the weights is tested.
  case weightAverage = "weight average"
  /// `tensorboard`, `wandb`: items of `track`.
  case tracker
}

/// Everything the language needs to know of one kind: its name, what it does and its fields.
public struct Kind: Sendable {
  public let name: String
  /// One sentence.
  public let summary: String
  /// The formula and the shapes, as plain text; may span lines.
  public let formula: String
  /// A spec fragment that uses it.
  public let example: String
  public let table: FieldTable

  public init(_ name: String, summary: String, formula: String = "", example: String = "", table: FieldTable) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.example = example
    self.table = table
  }
}

/// All kinds by part: what `resolve` accepts and completes, and what schema, docs and suggestions are made from.
public struct Vocabulary: Sendable {
  public let kinds: [VocabularyPart: [Kind]]

  public init(_ kinds: [VocabularyPart: [Kind]]) {
    self.kinds = kinds
  }

  /// The kind `name` of `part`, or nil.
  public func kind(_ name: String, of part: VocabularyPart) -> Kind? {
    kinds[part]?.first { $0.name == name }
  }
  /// The names of all kinds of `part`.
  public func names(of part: VocabularyPart) -> [String] {
    (kinds[part] ?? []).map(\.name)
  }
}
